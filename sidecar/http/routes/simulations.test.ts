import { afterEach, describe, expect, it } from "vitest";
import { aJob, type FakeProcess, ORDERS, startFake } from "../fake-process.ts";
import { byId } from "./simulations.ts";

let running: FakeProcess | undefined;
afterEach(async () => {
  await running?.close();
});

async function ask(body: unknown, key = ORDERS): Promise<{ status: number; detail: string }> {
  const response = await fetch(`${running?.url}/api/v1/jobs/${encodeURIComponent(key)}/simulations`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const { detail } = (await response.json()) as { detail: string };
  return { status: response.status, detail };
}

describe("POST …/simulations", () => {
  it.each<[string, unknown, string, number, string]>([
    [
      "a job of which too little is known",
      { loadFactor: 2 },
      ORDERS,
      409,
      "not assessed: arrival rate of source",
    ],
    ["a job that does not run", { loadFactor: 2 }, "prod/default/off", 409, "it is FAILED"],
    ["an unknown job", { loadFactor: 2 }, "prod/default/nix", 404, "there is no job"],
    ["too many minutes", { loadFactor: 2, minutes: 1_441 }, ORDERS, 400, "minutes"],
    [
      "minutes that fall",
      {
        load: [
          { minute: 1, rate: 1 },
          { minute: 0, rate: 1 },
        ],
      },
      ORDERS,
      400,
      "ascending",
    ],
    ["what nobody knows", { speed: 2 }, ORDERS, 400, "speed"],
  ])("refuses %s", async (_, body, key, status, text) => {
    running = await startFake();
    running.state.jobs.push(aJob("prod/default/off", { state: "FAILED" }));
    const refusal = await ask(body, key);
    expect(refusal.status).toBe(status);
    expect(refusal.detail).toContain(text);
  });
});

describe("a vertex", () => {
  const vertices = [
    { id: "1a", name: "Source: clicks" },
    { id: "2b", name: "session" },
    { id: "3c", name: "session-report" },
  ] as unknown as Parameters<typeof byId>[0]["vertices"];

  it.each([
    ["by its id", "2b", "2b"],
    ["by its name, although another holds it", "session", "2b"],
    ["by a part of its name", "CLICKS", "1a"],
  ])("is found %s", (_, text, id) => {
    expect(byId({ vertices }, { [text]: 3 })).toEqual({ [id]: 3 });
  });

  it("that is meant twice is refused", () => {
    expect(() => byId({ vertices }, { session: 3, "2b": 4 })).toThrow("both mean session");
  });

  it.each([
    ["nobody", "nix", "no vertex is called"],
    ["two", "sess", "2 vertices are called"],
  ])("that %s is called is refused", (_, text, expected) => {
    expect(() => byId({ vertices }, { [text]: 3 })).toThrow(expected);
  });
});

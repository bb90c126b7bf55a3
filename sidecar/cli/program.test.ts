import { afterEach, describe, expect, it } from "vitest";
import { aDecision, aJob, type FakeProcess, ORDERS, startFake } from "../http/fake-process.ts";
import { EXIT } from "./exit.ts";
import { main } from "./program.ts";
import { cliReference } from "./reference.ts";

let fake: FakeProcess;
afterEach(() => fake?.close());

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  args: readonly string[],
  env: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Ran> {
  let out = "";
  let err = "";
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    env: { OUTRIDER_SERVER: fake?.url, ...env },
    signal: signal ?? new AbortController().signal,
  });
  return { code, out, err };
}

async function start(): Promise<void> {
  fake = await startFake();
  fake.store.recordDecision("d1", aDecision({ ["a".repeat(32)]: 2 }));
  fake.tell("first");
  fake.tell("second");
}

describe("every command, with -o json", () => {
  it.each([
    [["jobs"], { items: [{ key: ORDERS, verdict: "on-target" }], next: null }],
    [["explain", "orders"], { job: ORDERS, decision: { record: { id: "d1" } } }],
    [["decisions"], { items: [{ record: { id: "d1" } }], next: null }],
    [["decisions", "--job", "orders"], { items: [{ record: { id: "d1" } }] }],
    [["decision", "d1"], { record: { id: "d1" }, approval: null }],
    [["approve", "d1"], { approval: { verdict: "approved", by: "local" } }],
    [["reject", "d1", "--reason", "no"], { approval: { verdict: "rejected", reason: "no" } }],
    [["pause", "orders", "--for", "2h", "--reason", "release"], { job: ORDERS, reason: "release" }],
    [["resume", "orders"], { job: ORDERS, resumed: false }],
    [["mode", "orders", "act"], { mode: "act", own: "act" }],
    [["mode", "orders", "configured"], { mode: "observe", own: null }],
    [["events"], { items: [{ seq: 1 }, { seq: 2 }], next: null }],
    [["events", "--limit", "1"], { items: [{ seq: 2 }] }],
    [["openapi"], { openapi: "3.1.0" }],
  ])("%j prints one document and answers 0", async (args, expected) => {
    await start();
    const { code, out, err } = await run([...args, "-o", "json"]);

    expect([code, err]).toEqual([EXIT.yes, ""]);
    expect(JSON.parse(out)).toMatchObject(expected);
    const text = await run(["resume", "orders"]);
    expect(text.code).toBe(0);
  });

  it("takes -o before the command too", async () => {
    await start();
    expect(JSON.parse((await run(["-o", "json", "jobs"])).out).items).toHaveLength(1);
  });
});

describe("text", () => {
  it("has one line for each job, with its sentence", async () => {
    await start();
    const { out } = await run(["jobs"]);

    expect(out.split("\n")[0]).toMatch(/^JOB +STATE +MODE +LAG +PARALLELISM +VERDICT$/);
    expect(out).toContain("not assessed");
    expect(out).toContain("carries 100 records/s at 60 % of its capacity");
  });

  it("explains with guards and what would have to change", async () => {
    await start();
    const { out } = await run(["explain", "orders"]);

    expect(out).toContain("guard pass  cooldown: 3 min to go");
    expect(out).toContain("the mode has to be approve or act; now it is observe");
  });

  it("does not let a sentence move the cursor", async () => {
    await start();
    fake.state.jobs = [aJob(ORDERS, { sentence: "\u001b[2Jgone" })];
    expect((await run(["jobs"])).out).not.toContain("\u001b");
  });
});

describe("exit codes", () => {
  it("is 2 with one sentence when the server does not answer", async () => {
    await start();
    const { code, out, err } = await run(["jobs", "--server", "http://127.0.0.1:1", "-o", "json"]);

    expect([code, out]).toEqual([EXIT.usage, ""]);
    expect(err).toMatch(/^outrider: cannot ask Outrider at http:\/\/127\.0\.0\.1:1: .+\n$/);
  });

  it.each([
    [["jbos"], /Did you mean jobs/],
    [["jobs", "--nope"], /unknown option/],
    [["jobs", "-o", "xml"], /Allowed choices are json, text/],
    [["events", "--limit", "0"], /--limit: 0 is not a whole number from 1 to 100000/],
    [["events", "--limit", "-1", "--follow"], /--limit: -1 is not a whole number from 0 to 100000/],
    [["pause", "orders", "--for", "2h"], /--reason/],
    [["mode", "orders", "fly"], /expected observe, approve, act or configured/],
    [["explain", "ordres"], /there is no job ordres; known: prod\/default\/orders/],
    [["decision", "d9"], /there is no decision d9/],
    [["pause", "orders", "--for", "soon", "--reason", "x"], /expected 30m, 2h or 1d/],
    [["jobs", "--server", "nowhere"], /is not an address/],
    [["run", "--port", "x"], /is not a whole number/],
  ])("is 2 for %j", async (args, message) => {
    await start();
    const { code, out, err } = await run(args);

    expect([code, out]).toEqual([EXIT.usage, ""]);
    expect(err).toMatch(message);
  });

  it("is 2 for an ambiguous name, and lists the keys", async () => {
    await start();
    fake.state.jobs = [aJob(), aJob("prod/other/orders")];
    const { code, err } = await run(["explain", "orders"]);

    expect([code, err]).toEqual([
      EXIT.usage,
      expect.stringContaining("prod/default/orders, prod/other/orders"),
    ]);
    expect((await run(["explain", "default/orders"])).code).toBe(EXIT.yes);
  });

  it("is 1 when the decision is no longer on the table", async () => {
    await start();
    fake.store.recordDecision("d2", aDecision({ ["a".repeat(32)]: 3 }));
    const { code, err } = await run(["approve", "d1"]);

    expect([code, err]).toEqual([EXIT.no, expect.stringContaining("on the table now is d2")]);
  });

  it("is 0 for --help and --version, and 2 for no command at all", async () => {
    await start();
    expect(await run(["--version"])).toMatchObject({ code: 0, out: "0.1.0\n" });
    expect(await run(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("Examples:") });
    expect(await run([])).toMatchObject({ code: 2, out: "" });
  });

  it("is 70 for a defect of ours, with a stack only when asked for", async () => {
    await start();
    const broken = { env: { OUTRIDER_SERVER: fake.url }, signal: new AbortController().signal };
    let err = "";
    const io = {
      ...broken,
      out: () => {
        throw new TypeError("boom");
      },
      err: (text: string) => {
        err += text;
      },
    };

    expect(await main(["jobs"], io)).toBe(EXIT.defect);
    expect(err).toContain("a defect of ours: boom");
    expect(err).not.toContain("    at ");
  });
});

describe("tokens", () => {
  it("come from the environment or the flag", async () => {
    fake = await startFake({ tokens: [{ name: "v", role: "viewer", value: "secret" }] });

    expect(await run(["jobs"])).toMatchObject({ code: 2, err: expect.stringContaining("send a token") });
    expect((await run(["jobs"], { OUTRIDER_TOKEN: "secret" })).code).toBe(0);
    expect((await run(["jobs", "--token", "secret"])).code).toBe(0);
    expect(await run(["resume", "orders", "--token", "secret"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("this needs operator"),
    });
  });
});

it("follows events as one document per line until it is ended", async () => {
  await start();
  const stop = new AbortController();
  const running = run(["events", "--follow", "-o", "json"], {}, stop.signal);
  setTimeout(() => fake.tell("third"), 200);
  setTimeout(() => stop.abort(), 500);
  const { code, out } = await running;

  const seqs = out
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { seq: number }).seq);
  expect([code, seqs]).toEqual([0, [1, 2, 3]]);
});

it("has every command in the reference", () => {
  const text = cliReference();
  for (const name of [
    "run",
    "doctor",
    "demo",
    "simulator",
    "jobs",
    "explain",
    "pause",
    "events",
    "openapi",
  ]) {
    expect(text).toContain(`## outrider ${name}\n`);
  }
});

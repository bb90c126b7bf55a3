import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTerminal, JOB_STATES, jobKey, parseJobKey } from "./job.ts";
import { isPaused } from "./pause.ts";

describe("a job key", () => {
  it("is the three parts with slashes between", () => {
    expect(jobKey({ cluster: "prod", namespace: "default", name: "orders" })).toBe("prod/default/orders");
  });

  it("escapes slashes and per cents, so that it has three parts whatever the job is called", () => {
    expect(jobKey({ cluster: "c", namespace: "n", name: "a/b 100%" })).toBe("c/n/a%2Fb 100%25");
  });

  it("comes back as the same job", () => {
    const odd = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom("%2F", "%252F", "/", "%", "%25", "a/%2F"),
    );
    fc.assert(
      fc.property(fc.record({ cluster: odd, namespace: odd, name: odd }), (job) => {
        expect(parseJobKey(jobKey(job))).toEqual(job);
      }),
    );
  });

  it.each(["", "orders", "prod/orders", "prod//orders", "a/b/c/d"])("is not made of %j", (text) => {
    expect(parseJobKey(text)).toBeUndefined();
  });
});

it("a job ends for good when it failed, was cancelled or finished", () => {
  expect(JOB_STATES.filter(isTerminal)).toEqual(["FAILED", "CANCELED", "FINISHED"]);
});

describe("a pause", () => {
  const pause = { job: "j", owner: "ann", reason: "migration", from: 100, until: 200 };
  it.each([
    ["has not begun", 99, false],
    ["begins with its first millisecond", 100, true],
    ["holds", 199, true],
    ["is over at its end", 200, false],
  ])("%s", (_, now, holds) => {
    expect(isPaused(pause, now)).toBe(holds);
  });

  it("is not there by default", () => {
    expect(isPaused(undefined, 150)).toBe(false);
  });
});

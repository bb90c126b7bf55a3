import { describe, expect, it } from "vitest";
import type { BacktestRow } from "../whatif/backtest.ts";
import { backtestText } from "./backtest-text.ts";
import { main } from "./program.ts";

async function run(args: string): Promise<{ code: number; err: string }> {
  let err = "";
  const io = {
    out: () => {},
    err: (text: string) => {
      err += text;
    },
    env: {},
    signal: new AbortController().signal,
  };
  return { code: await main(["backtest", ...args.split(" ")], io), err };
}

describe("outrider backtest", () => {
  it.each([
    ["--world w.yaml", "say where the load is"],
    ["--load l.csv", "say what the job is like"],
    ["--load l.csv --world w.yaml --policy nix", "expected one of outrider, flink"],
    ["--load /none.csv --world w.yaml", "no such file"],
    ["--load l.csv --world w.yaml --price -1", "--price"],
    ["--load l.csv --world w.yaml --peak-to-mean 1", "--peak-to-mean"],
    ["--load l.csv --world w.yaml --lag-objective 1ms", "--lag-objective"],
    ["--world w.yaml --from graphite http://x", "expected prometheus URL"],
    ["--world w.yaml --from prometheus http://x", "--query is needed with --world"],
    ["--world w.yaml --from prometheus http://x --query up --last 22d", "--last"],
  ])("%s is refused", async (args, text) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });
});

const row = (policy: string, inObjective: number, slotHours: number): BacktestRow => ({
  ...{ policy, inObjective, slotHours },
  peakLagSeconds: 90,
  cost: null,
  rescales: 2,
  downSeconds: 8,
});

describe("the answer of a back-test", () => {
  const head = { load: "shop", minutes: 1_440, historyMinutes: 0, missingShare: 0, peakRate: 9, meanRate: 5 };

  it.each<[string, readonly BacktestRow[], string]>([
    ["no policy keeps it", [row("a", 0.99, 1)], "No policy keeps the lag objective"],
    ["one was asked about", [row("a", 1, 1)], "a keeps the lag objective in 100.00 % of the time"],
    ["one of several keeps it", [row("a", 1, 4), row("b", 0.9, 1)], "4.0; no other policy keeps it."],
    [
      "the cheaper is named first",
      [row("a", 1, 4), row("b", 0.996, 2)],
      "slot-hours: 2.0 (a 2.00 times that).",
    ],
  ])("where %s", (_, rows, text) => {
    expect(backtestText({ ...head, rows }).split("\n")[0]).toContain(text);
  });

  it("never rounds up to all of the time, and says what is missing", () => {
    const text = backtestText({ ...head, missingShare: 0.0213, rows: [row("a", 0.99999, 1)] });
    expect(text).toContain("in 99.99 % of the time");
    expect(text).toContain("2.13 % of that time is missing");
  });
});

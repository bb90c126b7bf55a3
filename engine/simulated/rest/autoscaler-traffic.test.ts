import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flinkSamples } from "../../../test/support/flink-samples.ts";
import { differences } from "../../../test/support/reply-skeleton.ts";
import { JOB, simulatedFlink } from "../../../test/support/simulated-flink.ts";

/** What the Java autoscaler asked a real Flink, where such a recording is at hand. */
const SAMPLES = flinkSamples();

const CUT_AT = 6_000;

interface Call {
  readonly m: string;
  readonly p: string;
  readonly req: string;
  readonly s: number;
  readonly res: string;
}

const callsOf = (version: string): Call[] => {
  return readFileSync(join(SAMPLES ?? "", "autoscaler-traffic", `traffic-flink-${version}.jsonl`), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Call);
};

describe.skipIf(SAMPLES === undefined).each(["1.20", "2.3"])("the Java autoscaler on Flink %s", (version) => {
  it("gets the same answers, call by call", () => {
    const flink = simulatedFlink({ cluster: { flinkVersion: version === "1.20" ? "1.20.5" : "2.3.0" } });
    for (const seconds of [100, 103]) {
      flink.at(seconds);
      flink.ask("GET /jobmanager/metrics");
    }
    const calls = callsOf(version);
    expect(calls.length).toBeGreaterThan(50);
    for (const { m, p, req, s, res } of calls) {
      const path = p.replace(/\/jobs\/[0-9a-f]{32}/, `/jobs/${JOB}`);
      const reply = flink.ask(`${m} ${path}`, m === "GET" ? "" : req);
      expect([path, reply.status]).toEqual([path, s]);
      // Long replies were cut when they were recorded.
      if (res.length < CUT_AT) expect([path, differences(reply.body, JSON.parse(res))]).toEqual([path, []]);
    }
  });
});

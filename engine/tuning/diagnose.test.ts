import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JOB_STATES, SEVERITIES } from "../../model/index.ts";
import { diagnose } from "./diagnose.ts";
import { causeLine } from "./parse.ts";
import { Recorded } from "./recorded.ts";
import { findingsReference } from "./reference.ts";
import { type ClusterReport, type JobReport, read, unread } from "./report.ts";
import { RULES } from "./rules/index.ts";

const why = unread("nobody answered");

/** Rules that apply only where another part was read, and have nothing to ask for in an unread job. */
const ONLY_OF_FAILED_JOBS = ["job-failed"];
const NEEDS_THE_LIST_ONLY = ["duplicate-job-name"];

const unreadJob = (state: JobReport["state"], name: string): JobReport => ({
  key: `flink/default/${name}`,
  flinkJobId: "0".repeat(32),
  name,
  state,
  startTime: 1,
  endTime: undefined,
  details: why,
  checkpointing: why,
  checkpoints: why,
  exceptions: why,
  restarts: why,
  restartStrategy: why,
  vertices: why,
});

const clusterOf = (jobs: ClusterReport["jobs"]): ClusterReport => ({
  at: 1,
  capabilities: why,
  config: why,
  slots: why,
  taskManagers: why,
  jobs,
});

describe("what was not read", () => {
  test("gives no finding, and every rule says that it was not assessed", () => {
    const { findings, notAssessed } = diagnose(clusterOf(why));
    expect(findings).toEqual([]);
    expect(notAssessed.map((n) => n.what)).toEqual(expect.arrayContaining(RULES.map((r) => r.code)));
  });

  test("is never held to be healthy, whatever the job", () => {
    const alive = JOB_STATES.filter((s) => !["FAILED", "CANCELED", "FINISHED"].includes(s));
    fc.assert(
      fc.property(fc.constantFrom(...alive), fc.string({ minLength: 1 }), (state, name) => {
        const { findings, notAssessed } = diagnose(clusterOf(read([unreadJob(state, name)])));
        expect(findings).toEqual([]);
        for (const rule of RULES) {
          if ([...ONLY_OF_FAILED_JOBS, ...NEEDS_THE_LIST_ONLY].includes(rule.code)) continue;
          expect(notAssessed.some((n) => n.what === rule.code || n.what.startsWith(`${rule.code} of`))).toBe(
            true,
          );
        }
      }),
    );
  });
});

test("one endpoint that fails hides nothing else", async () => {
  const recorded = new Recorded("2.3").fail("JOB/checkpoints").set("overview", ["slots-available"], 0);
  const { findings, notAssessed } = diagnose(await recorded.report());
  expect(findings.map((f) => f.code)).toContain("no-free-slots");
  expect(notAssessed).toContainEqual({ what: "checkpoint-stale of flink/default/load-job", why: "HTTP 500" });
});

test("gauges are not believed within 75 s after a start", async () => {
  const recorded = new Recorded("1.20");
  const started = Number(recorded.get("JOB", "now")) - 31_000;
  recorded.set("JOB", ["timestamps", "RUNNING"], started);
  const { notAssessed } = diagnose(await recorded.report());
  expect(notAssessed.find((n) => n.what.startsWith("backpressured-vertex"))?.why).toMatch(
    /wrong for 75 s after a start, and the job has run for 31 s/,
  );
});

test("checkpointing that Flink calls not enabled is off, not unread", async () => {
  const off = { errors: ["Checkpointing is not enabled for this job."] };
  const recorded = new Recorded("1.20")
    .set("JOB/checkpoints/config", [], off)
    .set("JOB/checkpoints", [], off);
  const { findings, notAssessed } = diagnose(await recorded.report());
  expect(findings[0]?.code).toBe("checkpointing-off");
  expect(notAssessed.filter((n) => n.what.startsWith("checkpoint"))).toEqual([]);
});

test("findings are ranked, critical first", async () => {
  const recorded = new Recorded("2.3");
  recorded.set("JOB/checkpoints/config", ["interval"], 2 ** 63).set("overview", ["slots-available"], 0);
  const ranks = diagnose(await recorded.report()).findings.map((f) => SEVERITIES.indexOf(f.severity));
  expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
  expect(ranks[0]).toBe(2);
});

test("a stack trace becomes its innermost cause on one line", () => {
  const trace = "a.B: outer\n\tat x\nCaused by: c.D: inner\n\tat y\nCaused by: e.F: root\n\tat z";
  expect(causeLine("a.B", trace)).toBe("e.F: root");
  expect(causeLine("a.B", null)).toBe("a.B");
  expect(causeLine("a.B", "x".repeat(500))).toHaveLength(200);
});

test("the reference names every code once", () => {
  const page = findingsReference();
  for (const rule of RULES) expect(page.split(`\n| \`${rule.code}\``)).toHaveLength(2);
});

test.each([
  ["Restart deactivated.", /not restarted/],
  ["Restart with fixed delay (10000 ms). #3 restart attempts.", /given up after 3 restarts/],
])("Flink's words for a job's own restart strategy: %s", async (words, says) => {
  const recorded = new Recorded("1.20").set("JOB/config", ["execution-config", "restart-strategy"], words);
  const { findings } = diagnose(await recorded.report());
  expect(findings.find((f) => f.code === "restart-strategy")?.sentence).toMatch(says);
});

test("a source that has just started may not have registered pendingRecords yet", async () => {
  const recorded = new Recorded("2.3");
  recorded.set("JOB", ["timestamps", "RUNNING"], Number(recorded.get("JOB", "now")) - 5_000);
  const gen = "JOB/vertices/6bf01baa9d2ca23a3ef7ce311722523d/subtasks/metrics";
  const { findings, notAssessed } = diagnose(await recorded.set(gen, [], [{ id: "numRecordsIn" }]).report());
  expect(findings.map((f) => f.code)).not.toContain("pending-records-unknown");
  expect(notAssessed.map((n) => n.what)).toContain(
    'pending-records-unknown of "Source: gen" in flink/default/load-job',
  );
});

test("a job without any watermark is not assessed rather than stalled", async () => {
  const { findings, notAssessed } = diagnose(await new Recorded("2.3").report());
  expect(findings.map((f) => f.code)).not.toContain("watermark-stalled");
  expect(notAssessed.some((n) => n.what.startsWith('watermark-stalled of "work"'))).toBe(true);
});

test("a source subtask without splits does not hold back a watermark that moves downstream", async () => {
  const recorded = new Recorded("2.3");
  const [gen, work] = ["6bf01baa9d2ca23a3ef7ce311722523d", "674df9b0384c0348e0b9d1034a44c46c"];
  recorded.set(`JOB/vertices/${gen}/metrics`, [0, "value"], "1795216303000");
  for (const i of [0, 1, 2, 3])
    recorded.set(`JOB/vertices/${work}/watermarks`, [i, "value"], "1795216302000");
  expect(diagnose(await recorded.report()).findings.map((f) => f.code)).not.toContain("watermark-stalled");
  for (const i of [0, 1, 2, 3])
    recorded.set(`JOB/vertices/${work}/watermarks`, [i, "value"], "-9223372036854775808");
  const held = diagnose(await recorded.report()).findings.find((f) => f.code === "watermark-stalled");
  expect(held?.sentence).toMatch(/2 of 3 subtasks of "Source: gen" have no watermark and hold back/);
});

test("a hot subtask that holds others back is called skew", async () => {
  const recorded = new Recorded("2.3");
  const [gen, count] = ["6bf01baa9d2ca23a3ef7ce311722523d", "674df9b0384c0348e0b9d1034a44c46c"];
  recorded.set(`JOB/vertices/${gen}/backpressure`, ["subtasks", 0, "ratio"], 0.98);
  recorded.set(`JOB/vertices/${count}/backpressure`, ["subtasks", 2, "busyRatio"], 1);
  const jam = diagnose(await recorded.report()).findings.find((f) => f.code === "backpressured-vertex");
  expect(jam?.sentence).toMatch(/^One subtask of "work" is 100 % busy, the mean of 4 is [\d.]+ % \(skew\)/);
});

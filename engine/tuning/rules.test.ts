import { describe, expect, test } from "vitest";
import type { Finding } from "../../model/index.ts";
import { diagnose } from "./diagnose.ts";
import { Recorded } from "./recorded.ts";
import { RULES } from "./rules/index.ts";

const GEN = "JOB/vertices/6bf01baa9d2ca23a3ef7ce311722523d";
const WORK = "JOB/vertices/674df9b0384c0348e0b9d1034a44c46c";
const COUNT = "JOB/vertices/b71731f1c0df9c3076c4a455334d0ad6";
const CONFIG = "jobmanager/config";
const LATEST = "JOB/checkpoints";

interface Case {
  /** Makes the recorded cluster ill, or well. */
  readonly ill: (r: Recorded) => unknown;
  readonly well?: (r: Recorded) => unknown;
  /** Part of the sentence. */
  readonly says: RegExp;
}

const now = (r: Recorded): number => Number(r.get("JOB", "now"));
const list = (r: Recorded, path: string): Record<string, unknown>[] => {
  const value = r.get(path);
  return Array.isArray(value) ? value : [];
};
const setting = (key: string, value: string) => (r: Recorded) => list(r, CONFIG).push({ key, value });
const shares = (path: string, busy: number, held: number) => (r: Recorded) => {
  const subtask = { ratio: held, idleRatio: 1 - busy - held, busyRatio: busy };
  r.set(`${path}/backpressure`, ["subtasks"], [subtask, subtask]);
};
const records = (path: string, counts: readonly number[]) => (r: Recorded) =>
  counts.forEach((count, i) => {
    r.set(path, ["subtasks", i, "metrics", "read-records"], count);
    r.set(path, ["subtasks", i, "metrics", "write-records"], count);
  });
const failedAt = (r: Recorded, agesMs: readonly number[]) => {
  const entries = r.get("JOB/exceptions", "exceptionHistory", "entries");
  const first = Array.isArray(entries) ? entries[0] : undefined;
  const made = agesMs.map((age) => ({ ...first, timestamp: now(r) - age }));
  r.set("JOB/exceptions", ["exceptionHistory", "entries"], made);
};
const failCheckpoints = (r: Recorded, indices: readonly number[], message: string) => {
  for (const i of indices) {
    r.set(LATEST, ["history", i, "status"], "FAILED");
    r.set(LATEST, ["history", i, "failure_message"], message);
  }
};

const CASES: Readonly<Record<string, Case>> = {
  "checkpointing-off": {
    ill: (r) => r.set("JOB/checkpoints/config", ["interval"], Number.MAX_SAFE_INTEGER * 1024),
    says: /Checkpointing is off/,
  },
  "checkpoints-failing": {
    ill: (r) => failCheckpoints(r, [0, 1, 2], "Checkpoint expired before completing."),
    well: (r) => failCheckpoints(r, [0, 1], "Checkpoint Coordinator is suspending."),
    says: /3 of the last 4 checkpoints failed, the newest 3 in a row: Checkpoint expired/,
  },
  "checkpoint-stale": {
    ill: (r) => {
      r.set(LATEST, ["latest", "completed", "latest_ack_timestamp"], now(r) - 70_000);
      r.set(LATEST, ["latest", "restored"], null);
    },
    says: /is 1 min 10 s old, and the interval is 5 s/,
  },
  "checkpoint-slow": {
    ill: (r) => r.set(LATEST, ["latest", "completed", "end_to_end_duration"], 4_400),
    says: /took 4 s, and the interval is 5 s/,
  },
  "checkpoint-retention-deletes": {
    ill: (r) => r.set("JOB/checkpoints/config", ["externalization", "delete_on_cancellation"], true),
    says: /deleted when the job is cancelled/,
  },
  "checkpoint-on-jobmanager-memory": {
    ill: (r) => r.set("JOB/checkpoints/config", ["checkpoint_storage"], "JobManagerCheckpointStorage"),
    says: /JobManager's memory/,
  },
  "hashmap-large-state": {
    ill: (r) => r.set(LATEST, ["latest", "completed", "state_size"], 3 * 1024 ** 3),
    says: /3 GiB of state/,
  },
  "restart-loop": {
    ill: (r) => failedAt(r, [5_000, 65_000, 125_000]),
    well: (r) => failedAt(r, [5_000, 65_000, 900_000]),
    says: /failed 3 times in 2 min 5 s \(1.4 a minute\), last with java.lang.IllegalStateException: failure asked/,
  },
  "job-failed": {
    ill: (r) => r.set("jobs/overview", ["jobs", 0, "state"], "FAILED"),
    well: (r) => r.set("jobs/overview", ["jobs", 0, "state"], "CANCELED"),
    says: /failed for good.*IllegalStateException/,
  },
  "duplicate-job-name": {
    ill: duplicate,
    says: /2 jobs named "load-job" are alive/,
  },
  "restart-strategy": {
    ill: setting("restart-strategy.type", "none"),
    well: setting("restart-strategy.type", "exponential-delay"),
    says: /not restarted/,
  },
  "not-adaptive": {
    ill: (r) => {
      r.set("config", ["features", "web-rescale"], false);
      if (r.get("JOB", "schedulerType") !== undefined) r.set("JOB", ["schedulerType"], "Default");
    },
    says: /cannot be rescaled in place/,
  },
  "backpressured-vertex": {
    ill: (r) => [shares(GEN, 0.01, 0.98)(r), shares(WORK, 0.3, 0.65)(r), shares(COUNT, 0.99, 0)(r)],
    says: /^"count" is 99 % busy with 3 subtasks and holds back "Source: gen" \(98 %\), "work" \(65 %\)$/,
  },
  "vertex-saturated": { ill: shares(WORK, 0.97, 0), says: /"work" is 97 % busy/ },
  skew: {
    ill: records(WORK, [9_000, 500, 500, 500]),
    well: records(WORK, [3_000, 2_500, 2_500, 2_500]),
    says: /Subtask 0 of "work" handled 3.43 times the mean/,
  },
  "idle-subtasks": {
    ill: records(GEN, [9_000, 9_000, 0]),
    says: /1 of 3 subtasks of "Source: gen" .* more subtasks than partitions/,
  },
  "watermark-stalled": {
    ill: (r) => r.set(`${WORK}/watermarks`, [0, "value"], "1795216303000"),
    says: /3 of 4 subtasks of "work" have no watermark/,
  },
  "max-parallelism-low": {
    ill: (r) => r.set("JOB", ["vertices", 1, "maxParallelism"], 4),
    says: /"work" runs with 4 of at most 4/,
  },
  "pending-records-unknown": {
    ill: (r) => r.set(`${GEN}/subtasks/metrics`, [], [{ id: "Source__gen.currentOutputWatermark" }]),
    says: /does not report pendingRecords/,
  },
  "no-free-slots": { ill: (r) => r.set("overview", ["slots-available"], 0), says: /All 24 slots/ },
  "slots-idle": {
    ill: () => undefined,
    well: (r) => r.set("overview", ["slots-available"], 4),
    says: /20 of 24 slots/,
  },
  "heap-pressure": {
    ill: (r) => r.set("taskmanagers/tm-1/metrics", [0, "value"], "190000000"),
    says: /tm-1 uses 97.6 % of its heap/,
  },
  "gc-pressure": {
    ill: (r) => r.set("taskmanagers/tm-1/metrics", [2, "value"], "350.0"),
    says: /35 % of its time/,
  },
  "reporter-missing": {
    ill: (r) =>
      r.set(
        CONFIG,
        [],
        list(r, CONFIG).filter(({ key }) => !String(key).startsWith("metrics.reporter")),
      ),
    says: /No metrics reporter/,
  },
  "no-high-availability": {
    ill: () => undefined,
    well: setting("high-availability.type", "kubernetes"),
    says: /High availability is off/,
  },
  "rest-cache": {
    ill: () => undefined,
    well: (r) => r.set("config", ["refresh-interval"], 300),
    says: /may be 3 s old/,
  },
  "fetcher-slow": { ill: setting("metrics.fetcher.update-interval", "10s"), says: /every 10 s/ },
};

function duplicate(r: Recorded): unknown {
  const jobs = r.get("jobs/overview", "jobs");
  return Array.isArray(jobs)
    ? r.set("jobs/overview", ["jobs"], [...jobs, { ...jobs[0], jid: "f".repeat(32) }])
    : 0;
}

async function found(
  version: "1.20" | "2.3",
  code: string,
  edit: (r: Recorded) => unknown,
): Promise<Finding[]> {
  const recorded = new Recorded(version);
  edit(recorded);
  return diagnose(await recorded.report()).findings.filter((f) => f.code === code);
}

test("every rule has a case", () => {
  expect(Object.keys(CASES).toSorted()).toEqual(RULES.map((r) => r.code).toSorted());
});

describe.each(["1.20", "2.3"] as const)("what Flink %s answers", (version) => {
  test.each(Object.entries(CASES))("%s is found where it is", async (code, { ill, says }) => {
    const [finding] = await found(version, code, ill);
    expect(finding?.sentence).toMatch(says);
    expect(finding?.evidence).not.toEqual({});
  });

  test.each(Object.entries(CASES))("%s is not found where it is not", async (code, { well }) => {
    expect(await found(version, code, well ?? (() => undefined))).toEqual([]);
  });
});

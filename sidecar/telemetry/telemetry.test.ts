import { describe, expect, test } from "vitest";
import {
  ABSENT,
  type Candidate,
  type CheckpointReadout,
  Failure,
  OWN_METRIC_FACTS,
  reading,
} from "../../model/index.ts";
import type { JobView } from "../fleet.ts";
import { createLogger } from "./log.ts";
import { createMetrics } from "./metrics.ts";

const view = (over: Partial<JobView> = {}): JobView => ({
  key: "c/default/a%2Fb",
  cluster: "c",
  flinkJobId: "f1",
  state: "RUNNING",
  mode: "observe",
  pause: null,
  verdict: "content",
  sentence: "fine",
  parallelism: { source: 2 },
  wanted: { source: 3 },
  lagRecords: 7,
  arrivalRate: 120,
  decision: null,
  lastPassAt: 5_000,
  graph: null,
  diagnosis: null,
  restorePoint: null,
  ...over,
});
const checkpoints: CheckpointReadout = {
  completed: 3,
  failed: 0,
  inProgress: 0,
  latestCompletedAt: reading(90_000),
  latestDurationMs: reading(35),
  latestPath: undefined,
  intervalMs: reading(60_000),
  timeoutMs: reading(600_000),
};
const labels = 'cluster="c",namespace="default",job_name="a_b"';
const ours = (page: string): string[] => page.split("\n").filter((l) => l.startsWith("outrider_"));
const about = (page: string, ...names: string[]): string[] =>
  ours(page).filter((l) => names.some((n) => l.startsWith(`outrider_${n}{`)));

describe("metrics", () => {
  test("show a job under labels that survive a new Flink job id", async () => {
    const metrics = createMetrics();
    metrics.showJob(view());
    metrics.showJob(view({ flinkJobId: "f2", lagRecords: 8 }));
    metrics.passed(view().key, 0.2, true);
    metrics.passed(view().key, 0.2, false);
    metrics.decided(view().key, "cooldown");
    const page = await metrics.render();
    expect(ours(page).filter((l) => !/^outrider_\w+_duration_seconds/.test(l))).toEqual([
      `outrider_passes_total{${labels},result="ok"} 1`,
      `outrider_passes_total{${labels},result="failed"} 1`,
      `outrider_decisions_total{${labels},reason="cooldown"} 1`,
      `outrider_rescales_total{${labels},result="reached"} 0`,
      `outrider_rescales_total{${labels},result="not-reached"} 0`,
      `outrider_last_pass_timestamp_seconds{${labels}} 5`,
      `outrider_job_backlog_records{${labels}} 8`,
      `outrider_job_arrival_records_per_second{${labels}} 120`,
      `outrider_job_running{${labels}} 1`,
      `outrider_job_state{${labels},state="RUNNING"} 1`,
      `outrider_job_expected{${labels}} 1`,
      `outrider_job_starts_total{${labels}} 0`,
      `outrider_job_ends_total{${labels},state="FINISHED"} 0`,
      `outrider_job_ends_total{${labels},state="CANCELED"} 0`,
      `outrider_job_ends_total{${labels},state="FAILED"} 0`,
      `outrider_vertex_parallelism{${labels},vertex="source"} 2`,
      `outrider_vertex_wanted_parallelism{${labels},vertex="source"} 3`,
      'outrider_cluster_jobs{cluster="c",namespace="default",state="RUNNING"} 1',
    ]);
    expect(page).toContain("outrider_pass_duration_seconds_count 2");
    expect(page).toContain("process_cpu_seconds_total");
  });

  test("show the newest proven restore point, and the state of the newest snapshot", async () => {
    const metrics = createMetrics();
    const { key } = view();
    const candidate = (state: Candidate["state"], takenAt: number | null): Candidate => ({
      path: `s3://b/chk-${takenAt}`,
      flinkJobId: null,
      checkpointId: null,
      kind: "checkpoint",
      format: null,
      takenAt,
      state,
      checkedAt: null,
      bytes: null,
      files: null,
      compatible: null,
      sentence: "",
      origin: "flink",
    });
    const shown = async (...ranked: readonly Candidate[]): Promise<string[]> => {
      metrics.showSnapshots(key, ranked);
      return about(
        await metrics.render(),
        "job_restore_point_timestamp_seconds",
        "job_newest_snapshot_state",
      );
    };

    expect(await shown(candidate("incomplete", 9_000), candidate("verified", 8_000))).toEqual([
      `outrider_job_restore_point_timestamp_seconds{${labels}} 8`,
      `outrider_job_newest_snapshot_state{${labels},state="incomplete"} 1`,
    ]);
    expect(await shown(candidate("unknown", 9_000))).toEqual([
      `outrider_job_newest_snapshot_state{${labels},state="unknown"} 1`,
    ]);
    expect(await shown(candidate("verified", null))).toEqual([
      `outrider_job_newest_snapshot_state{${labels},state="verified"} 1`,
    ]);
    metrics.forgetJob(key);
    expect(await shown()).toEqual([]);
    metrics.snapshotVerified(key, 0.2);
    expect(await metrics.render()).toContain("outrider_snapshot_verification_duration_seconds_count 1");
  });

  test("what is missing gives no series rather than 0, also after it was known", async () => {
    const metrics = createMetrics();
    metrics.showJob(view());
    metrics.showJob(
      view({
        lagRecords: null,
        arrivalRate: null,
        wanted: null,
        lastPassAt: null,
        parallelism: { other: 1 },
      }),
    );
    const page = await metrics.render();
    const gauges = [
      "job_backlog_records",
      "job_arrival_records_per_second",
      "last_pass_timestamp_seconds",
      "vertex_wanted_parallelism",
    ];
    expect(about(page, ...gauges, "job_running", "vertex_parallelism")).toEqual([
      `outrider_job_running{${labels}} 1`,
      `outrider_vertex_parallelism{${labels},vertex="other"} 1`,
    ]);
  });

  test("a job that is gone leaves no series", async () => {
    const metrics = createMetrics();
    metrics.showJob(view());
    metrics.passed(view().key, 0.2, true);
    metrics.decided(view().key, "cooldown");
    metrics.rescaled(view().key, true);
    metrics.showCheckpoints(view().key, checkpoints);
    metrics.forgetJob(view().key);
    metrics.forgetJob("never/seen/it");
    expect(about(await metrics.render(), "cluster_jobs")).toEqual([]);
    expect((await metrics.render()).includes(labels)).toBe(false);
  });

  test("show checkpoints in seconds, and nothing where Flink did not tell or the job has ended", async () => {
    const metrics = createMetrics();
    const names = [
      "job_last_checkpoint_timestamp_seconds",
      "job_checkpoint_interval_seconds",
      "job_checkpoint_timeout_seconds",
    ];
    metrics.showCheckpoints(view().key, checkpoints);
    expect(about(await metrics.render(), ...names)).toEqual([
      `outrider_job_last_checkpoint_timestamp_seconds{${labels}} 90`,
      `outrider_job_checkpoint_interval_seconds{${labels}} 60`,
      `outrider_job_checkpoint_timeout_seconds{${labels}} 600`,
    ]);
    metrics.showCheckpoints(view().key, { ...checkpoints, latestCompletedAt: ABSENT, intervalMs: ABSENT });
    expect(about(await metrics.render(), ...names)).toEqual([
      `outrider_job_checkpoint_timeout_seconds{${labels}} 600`,
    ]);
    metrics.showJob(view({ state: "FAILED" }));
    expect(about(await metrics.render(), ...names)).toEqual([]);
  });

  test("an age of checkpoints is not shown of a job that is out of reach, because it would only grow", async () => {
    const metrics = createMetrics();
    metrics.showJob(view());
    metrics.showCheckpoints(view().key, checkpoints);
    metrics.showJob(view({ state: "UNREACHABLE" }));
    const page = await metrics.render();
    expect(about(page, "job_last_checkpoint_timestamp_seconds", "job_checkpoint_interval_seconds")).toEqual(
      [],
    );
    expect(about(page, "job_expected", "job_running")).toEqual([
      `outrider_job_running{${labels}} 0`,
      `outrider_job_expected{${labels}} 1`,
    ]);
  });

  test.each([
    ["a%2Fb", "a-b"],
    ["a-b", "a%2Fb"],
  ])(
    "names that Flink spells alike: %s runs, %s does not, and one of them is forgotten",
    async (up, down) => {
      const metrics = createMetrics();
      const key = (name: string) => `c/default/${name}`;
      const runs = async (): Promise<string[]> =>
        about(await metrics.render(), "job_running", "job_expected");
      metrics.showJob(view({ key: key(down), state: "RESTARTING" }));
      metrics.showJob(view({ key: key(up) }));
      expect(await runs()).toEqual([
        `outrider_job_running{${labels}} 0`,
        `outrider_job_expected{${labels}} 1`,
      ]);
      metrics.forgetJob(key(down));
      expect(await runs()).toEqual([
        `outrider_job_running{${labels}} 1`,
        `outrider_job_expected{${labels}} 1`,
      ]);
      metrics.forgetJob(key(up));
      expect(await runs()).toEqual([]);
    },
  );

  test("count a job's starts and ends under one name, whatever its Flink job ids", async () => {
    const metrics = createMetrics();
    const round = (...views: JobView[]): void => {
      metrics.clusterAnswered({ name: "c", namespace: "default" }, true);
      for (const each of views) metrics.showJob(each);
    };
    round(view());
    round(view({ state: "FAILED" }));
    round(view({ state: "FAILED" }));
    round(view({ flinkJobId: "f2" }));
    round(view({ flinkJobId: "f2", state: "FINISHED" }));
    expect(
      about(await metrics.render(), "job_starts_total", "job_ends_total", "job_expected", "job_state"),
    ).toEqual([
      `outrider_job_state{${labels},state="FINISHED"} 1`,
      `outrider_job_expected{${labels}} 0`,
      `outrider_job_starts_total{${labels}} 1`,
      `outrider_job_ends_total{${labels},state="FINISHED"} 1`,
      `outrider_job_ends_total{${labels},state="CANCELED"} 0`,
      `outrider_job_ends_total{${labels},state="FAILED"} 1`,
    ]);
    metrics.showJob(view({ flinkJobId: "f2", state: "GONE" }));
    expect((await metrics.render()).includes(labels)).toBe(false);
  });

  test("a job that vanishes without having ended stays expected", async () => {
    const metrics = createMetrics();
    metrics.showJob(view());
    metrics.showJob(view({ state: "GONE" }));
    expect(about(await metrics.render(), "job_expected", "job_state", "job_running")).toEqual([
      `outrider_job_running{${labels}} 0`,
      `outrider_job_state{${labels},state="GONE"} 1`,
      `outrider_job_expected{${labels}} 1`,
    ]);
  });

  test("say whether a cluster answers", async () => {
    const metrics = createMetrics();
    metrics.clusterAnswered({ name: "c", namespace: "n" }, true);
    metrics.clusterAnswered({ name: "c", namespace: "n" }, false);
    expect(about(await metrics.render(), "cluster_up")).toEqual([
      'outrider_cluster_up{cluster="c",namespace="n"} 0',
    ]);
  });

  test("every series on the page is in the catalogue, with its help", async () => {
    const metrics = createMetrics();
    const page = await metrics.render();
    for (const [name, { help, kind }] of Object.entries(OWN_METRIC_FACTS)) {
      expect(page).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}`);
    }
  });
});

describe("log", () => {
  test("hides credentials, and says a failure in one sentence", () => {
    const lines: string[] = [];
    const log = createLogger({ level: "info", to: { write: (line: string) => void lines.push(line) } });
    log.info(
      { headers: { authorization: "Bearer hunter2" }, auth: { bearer: "hunter2", password: "hunter2" } },
      "asked",
    );
    log.error(
      { err: new Failure("timeout", "cannot ask"), request: { headers: { cookie: "hunter2" } } },
      "failed",
    );
    log.debug("quiet");
    expect(lines).toHaveLength(2);
    expect(lines.join("")).not.toContain("hunter2");
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({
      level: "error",
      msg: "failed",
      err: { code: "timeout", retryable: true, message: "cannot ask" },
    });
    expect(lines[1]).not.toContain("stack");
  });
});

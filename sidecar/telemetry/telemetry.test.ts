import { describe, expect, test } from "vitest";
import { Failure } from "../../model/index.ts";
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
  decision: null,
  lastPassAt: 5_000,
  graph: null,
  ...over,
});
const labels = 'cluster="c",namespace="default",job="a/b"';
const ours = (page: string): string[] => page.split("\n").filter((l) => l.startsWith("outrider_"));

describe("metrics", () => {
  test("show a job under labels that survive a new Flink job id", async () => {
    const metrics = createMetrics();
    metrics.showJob(view());
    metrics.showJob(view({ flinkJobId: "f2", lagRecords: 8 }));
    metrics.passed(view().key, 0.2, true);
    metrics.passed(view().key, 0.2, false);
    metrics.decided(view().key, "cooldown");
    const page = await metrics.render();
    expect(ours(page).filter((l) => !l.startsWith("outrider_pass_duration"))).toEqual([
      `outrider_passes_total{${labels},result="ok"} 1`,
      `outrider_passes_total{${labels},result="failed"} 1`,
      `outrider_decisions_total{${labels},reason="cooldown"} 1`,
      `outrider_last_pass_timestamp_seconds{${labels}} 5`,
      `outrider_job_backlog_records{${labels}} 8`,
      `outrider_job_running{${labels}} 1`,
      `outrider_vertex_parallelism{${labels},vertex="source"} 2`,
      `outrider_vertex_wanted_parallelism{${labels},vertex="source"} 3`,
    ]);
    expect(page).toContain("outrider_pass_duration_seconds_count 2");
    expect(page).toContain("process_cpu_seconds_total");
  });

  test("what is missing gives no series rather than 0, also after it was known", async () => {
    const metrics = createMetrics();
    metrics.showJob(view());
    metrics.showJob(view({ lagRecords: null, wanted: null, lastPassAt: null, parallelism: { other: 1 } }));
    const page = ours(await metrics.render()).filter((l) => l.includes("{") && !l.includes("_bucket"));
    expect(page).toEqual([
      `outrider_job_running{${labels}} 1`,
      `outrider_vertex_parallelism{${labels},vertex="other"} 1`,
    ]);
  });

  test("a job that is gone leaves no series", async () => {
    const metrics = createMetrics();
    metrics.showJob(view());
    metrics.passed(view().key, 0.2, true);
    metrics.decided(view().key, "cooldown");
    metrics.forgetJob(view().key);
    metrics.forgetJob("never/seen/it");
    expect((await metrics.render()).includes(labels)).toBe(false);
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

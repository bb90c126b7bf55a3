import { describe, expect, it } from "vitest";
import { JOB, type LoadJobParts, simulatedDesk, WORK } from "../../../test/support/simulated-flink.ts";

/** Records that `work` has read, as the store says it; undefined while it knows nothing. */
function reader(parts: LoadJobParts = {}) {
  const { cluster, desk, at } = simulatedDesk(parts);
  return {
    cluster,
    at,
    desk,
    read: (): number | undefined => desk.framesOf(JOB, WORK)[0]?.readRecords,
  };
}

describe("the metric store", () => {
  it("answers from the old snapshot, and only asking starts the next one", () => {
    const { at, read } = reader();
    at(60);
    expect(read()).toBeUndefined();
    at(100);
    expect(read()).toBeCloseTo(15_000, -1);
    at(200);
    expect(read()).toBeCloseTo(25_000, -1);
    at(200.05);
    expect(read()).toBeCloseTo(50_000, -1);
  });

  it("shows the counters of the instant of the question, 50 ms later", () => {
    const { at, read } = reader();
    at(60);
    read();
    at(60.05);
    expect(read()).toBeCloseTo(15_000, -1);
  });

  it.each([
    { intervalMs: 2_000, seconds: 2, known: 15_000 },
    { intervalMs: 2_000, seconds: 2.1, known: 15_525 },
    { intervalMs: 10_000, seconds: 9, known: 15_000 },
    { intervalMs: 10_000, seconds: 10.1, known: 17_525 },
  ])("asked $seconds s later with an interval of $intervalMs ms, it has $known records", (row) => {
    const { at, read } = reader({ cluster: { fetcherIntervalMs: row.intervalMs } });
    at(60);
    read();
    at(60 + row.seconds);
    read();
    at(60.1 + row.seconds);
    expect(read()).toBeCloseTo(row.known, -1);
  });

  it("tells the old attempt's numbers after a restart, until it has fetched the new one's", () => {
    const { cluster, at, read } = reader();
    at(60);
    read();
    at(61);
    expect(read()).toBeCloseTo(15_000, -1);
    const bounds = { lowerBound: 1, upperBound: 2 };
    const ids = cluster.jobs[0]?.vertices.map((v) => v.id) ?? [];
    cluster.putRequirements(JOB, Object.fromEntries(ids.map((id) => [id, bounds])));
    for (let seconds = 61; cluster.jobs[0]?.vertices[1]?.parallelism !== 2; seconds += 0.05) at(seconds);
    const startedAt = cluster.now();
    const old = read();
    expect(old).toBeGreaterThanOrEqual(15_000);
    let newAfterMs = 0;
    while (newAfterMs === 0 && cluster.now() - startedAt < 10_000) {
      cluster.advanceTo(cluster.now() + 100);
      const now = read();
      if (now !== undefined && now !== old) newAfterMs = cluster.now() - startedAt;
    }
    expect(newAfterMs).toBeGreaterThan(0);
    expect(newAfterMs).toBeLessThan(5_000);
    expect(read()).toBeLessThan(2_000);
  });

  it("hears nothing from a TaskManager that is lost, before anybody has noticed", () => {
    const trouble = {
      atMs: 62_000,
      kind: "task-manager-lost",
      taskManager: 0,
      backAfterMs: undefined,
    } as const;
    const { at, desk, cluster, read } = reader({ trouble: [trouble] });
    const seen = [60, 61, 63, 64].map((seconds) => {
      at(seconds);
      return [cluster.jobs[0]?.state, read() !== undefined, desk.store.look().taskManagers.size];
    });
    expect(seen).toEqual([
      ["RUNNING", false, 0],
      ["RUNNING", true, 2],
      ["RUNNING", true, 2],
      ["RUNNING", false, 1],
    ]);
  });

  it("loses a vertex while its metrics are missing, and keeps the others", () => {
    const missing = { kind: "metrics-missing", job: "orders", vertex: "work", forMs: 20_000 } as const;
    const { at, desk, read } = reader({ trouble: [{ atMs: 60_000, ...missing }] });
    const readings = [55, 58, 61, 64, 85, 88].map((seconds) => {
      at(seconds);
      return read();
    });
    expect(readings.map((r) => r === undefined)).toEqual([true, false, false, true, true, false]);
    expect(desk.store.look().jobs.get(JOB)?.get("numRestarts")).toBe(0);
  });

  it.each([
    { job: "orders", vertex: undefined, gone: true },
    { job: "orders", vertex: WORK, gone: true },
    { job: "orders", vertex: "count", gone: false },
    { job: "another", vertex: "work", gone: false },
  ])("metrics missing of $vertex in $job: work gone = $gone", ({ job, vertex, gone }) => {
    const trouble = { atMs: 0, kind: "metrics-missing", job, vertex, forMs: 600_000 } as const;
    const { at, read } = reader({ trouble: [trouble] });
    at(60);
    read();
    at(61);
    expect(read() === undefined).toBe(gone);
  });
});

describe("the graph cache", () => {
  it("holds a copy for the refresh interval, whatever happens to the job", () => {
    const { cluster, desk, at } = simulatedDesk({ cluster: { refreshIntervalMs: 3_000 } });
    at(60);
    expect(desk.graphs(JOB)?.state).toBe("RUNNING");
    cluster.cancel(JOB);
    at(62.9);
    expect(desk.graphs(JOB)?.state).toBe("RUNNING");
    at(63);
    expect(desk.graphs(JOB)?.state).toBe("CANCELED");
    expect(desk.graphs("f".repeat(32))).toBeUndefined();
  });
});

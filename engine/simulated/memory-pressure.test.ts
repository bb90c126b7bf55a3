import { describe, expect, it } from "vitest";
import { simulatedDesk } from "../../test/support/simulated-flink.ts";
import { anEdge, aSource, aVertex, aWorld, EPOCH, stepLoad } from "../../test/support/worlds.ts";
import { Simulation } from "./cluster.ts";
import { machinePressure } from "./metrics/machine-metrics.ts";
import type { Trouble } from "./world.ts";

const PRESSURE: Trouble = {
  atMs: 100_000,
  kind: "memory-pressure",
  taskManager: 0,
  gcShare: 0.5,
  heapShare: 0.9,
  forMs: 200_000,
};

describe("memory pressure", () => {
  it("shows in the metrics of its TaskManager while it lasts, late as a mean of a minute is", () => {
    const { cluster, desk, at } = simulatedDesk({});
    const metric = (name: string): number => {
      desk.store.look();
      at((cluster.now() - cluster.epoch) / 1_000 + 0.05);
      return Number(desk.store.look().taskManagers.get("tm-1")?.get(`Status.JVM.${name}`));
    };
    const gc = "GarbageCollector.All.TimeMsPerSecond";
    at(99);
    expect(metric(gc)).toBeLessThan(50);
    cluster.applyTrouble(PRESSURE);
    at(130);
    expect(metric(gc)).toBeGreaterThan(200);
    expect(metric(gc)).toBeLessThan(300);
    at(170);
    expect(metric(gc)).toBeCloseTo(500, -2);
    expect(metric("Memory.Heap.Used") / metric("Memory.Heap.Max")).toBeGreaterThanOrEqual(0.9);
    expect(metric("Memory.Heap.Used")).toBeLessThanOrEqual(metric("Memory.Heap.Max"));
    at(400);
    expect(metric(gc)).toBeLessThan(50);
    expect(metric("Memory.Heap.Used") / metric("Memory.Heap.Max")).toBeLessThan(0.5);
  });

  it("slows down what needs the CPU, on that TaskManager alone", () => {
    const simulation = new Simulation(
      aWorld({
        vertices: [aSource("gen", stepLoad([[0, 10_000]])), aVertex("work", { cpuMs: 2, parallelism: 4 })],
        edges: [anEdge("gen>work", "FORWARD")],
        cluster: { taskManagers: 2, slotsPerTaskManager: 2, rescaleCooldownMs: 1e9 },
        trouble: [PRESSURE],
      }),
    );
    const [job] = simulation.jobs;
    const reads = (): readonly number[] => [...(job?.vertices[1]?.read ?? [])];
    simulation.advanceTo(EPOCH + 110_000);
    const before = reads();
    simulation.advanceTo(EPOCH + 210_000);
    // FORWARD with unequal ends deals out in turn, so the slowest subtask sets the pace of all.
    const rates = reads().map((n, i) => (n - (before[i] ?? 0)) / 100);
    expect(Math.max(...rates)).toBeLessThan(260);
    expect(Math.min(...rates)).toBeGreaterThan(240);
    const [first, second] = simulation.taskManagers;
    expect(first && machinePressure(first).gcShare).toBeGreaterThan(0.5);
    expect(second && machinePressure(second).gcShare).toBeLessThan(0.1);
    expect(first && machinePressure(first).heapShare).toBeCloseTo(0.95, 2);
  });

  it("of cores shows as CPU load when they are short", () => {
    const simulation = new Simulation(
      aWorld({
        vertices: [aSource("gen", stepLoad([[0, 10_000]])), aVertex("work", { cpuMs: 5, parallelism: 8 })],
        edges: [anEdge("gen>work")],
        cluster: { taskManagers: 1, coresPerTaskManager: 2 },
      }),
    );
    simulation.advanceTo(EPOCH + 60_000);
    const [only] = simulation.taskManagers;
    expect(only && machinePressure(only).cpuLoad).toBeGreaterThan(0.95);
  });
});

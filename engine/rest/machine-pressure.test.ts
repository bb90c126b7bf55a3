import { describe, expect, it } from "vitest";
import { ABSENT, Failure, NOT_A_NUMBER, reading } from "../../model/index.ts";
import type { FlinkRest } from "./client.ts";
import { createPressureLook, pressureReadoutOf } from "./machine-pressure.ts";
import type { Aggregates } from "./metric-replies.ts";

const GC = "Status.JVM.GarbageCollector.All.TimeMsPerSecond";
const USED = "Status.JVM.Memory.Heap.Used";
const MAX = "Status.JVM.Memory.Heap.Max";
const CPU = "Status.JVM.CPU.Load";

const reply = (values: Readonly<Record<string, number>>): ReadonlyMap<string, Aggregates> =>
  new Map(Object.entries(values).map(([id, max]) => [id, { max, min: max / 2 }]));

const HEALTHY = { [GC]: 45, [USED]: 300, [MAX]: 400, [CPU]: 0.8 };

/** A cluster that answers like Flink: one name that it does not know empties the reply. */
function aCluster(known: Readonly<Record<string, number>> | Failure) {
  const asked: (readonly string[])[] = [];
  let at = 0;
  const rest = {
    tmMetrics: async (names: readonly string[]) => {
      asked.push(names);
      if (known instanceof Failure) throw known;
      const all = names.every((name) => name in known);
      return reply(all ? Object.fromEntries(names.map((name) => [name, known[name] ?? 0])) : {});
    },
  } as unknown as FlinkRest;
  return { look: createPressureLook(rest, () => at), asked, pass: (ms: number) => (at += ms) };
}

describe("what presses on the machines", () => {
  it.each<[string, Record<string, number>, [unknown, unknown, unknown]]>([
    ["all of it", HEALTHY, [reading(0.045), reading(0.75), reading(0.8)]],
    ["nothing", {}, [ABSENT, ABSENT, ABSENT]],
    [
      "a heap without a maximum and a load not known yet",
      { ...HEALTHY, [MAX]: -1, [CPU]: -1 },
      [reading(0.045), NOT_A_NUMBER, NOT_A_NUMBER],
    ],
    ["a heap of size 0", { ...HEALTHY, [MAX]: 0 }, [reading(0.045), NOT_A_NUMBER, reading(0.8)]],
    ["NaN", { ...HEALTHY, [GC]: Number.NaN }, [NOT_A_NUMBER, reading(0.75), reading(0.8)]],
    [
      "more than all of the time",
      { ...HEALTHY, [GC]: 1_200, [CPU]: 1.01 },
      [reading(1), reading(0.75), reading(1)],
    ],
  ])("%s", (_, values, [gcShare, heapShare, cpuLoad]) => {
    expect(pressureReadoutOf(reply(values))).toMatchObject({ gcShare, heapShare, cpuLoad });
  });

  it("tells the processor load of the least loaded TaskManager too", () => {
    expect(pressureReadoutOf(reply(HEALTHY)).cpuLoadLeast).toEqual(reading(0.4));
    expect(pressureReadoutOf(reply({ [CPU]: -1 })).cpuLoadLeast).toEqual(NOT_A_NUMBER);
  });

  it("costs one request in 5 s, however many jobs ask", async () => {
    const { look, asked, pass } = aCluster(HEALTHY);
    await Promise.all([look(), look()]);
    await look();
    expect(asked).toHaveLength(1);
    pass(5_000);
    await look();
    expect(asked).toHaveLength(2);
  });

  it("is had without garbage collection where Flink does not know it, which is asked for again only later", async () => {
    const { look, asked, pass } = aCluster({ [USED]: 300, [MAX]: 400, [CPU]: 0.8 });
    expect(await look()).toMatchObject({ gcShare: ABSENT, heapShare: reading(0.75), cpuLoad: reading(0.8) });
    pass(5_000);
    await look();
    expect(asked.map((names) => names.includes(GC))).toEqual([true, false, false]);
    pass(600_000);
    await look();
    expect(asked.at(-2)).toContain(GC);
  });

  it.each([
    ["fails", new Failure("unavailable", "no")],
    ["knows nothing", {}],
  ])("is undefined when Flink %s", async (_, known) => {
    expect(await aCluster(known).look()).toBeUndefined();
  });
});

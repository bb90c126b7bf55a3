import type { PressureInputs, ScaleInputs } from "../../model/index.ts";
import { type Asked, growingIn, pass, percent, type Verdict, veto } from "./verdict.ts";

/** Above this a TaskManager has no processor time left. */
const FULL = 0.95;
/** A vertex that waits most of its time is not what uses the processors up. */
const BUSY = 0.7;

/** The processor load of the TaskManager that has most of it left, where it was read. */
export interface ProcessorRoom {
  readonly cpuLoadLeast: number | null;
}

/**
 * Subtasks that wait for a processor look busy, and more of them on the same machines only share the same processors.
 * Vetoes growth while even the least loaded TaskManager has none left: the free slots can lie nowhere else. With
 * only the most loaded one known it passes: others may be idle, and a rescale that brings nothing is recognised.
 */
export function cpuStarved(inputs: ScaleInputs, proposed: Asked): Verdict {
  const { cpuLoad } = inputs.pressure;
  const least = leastLoadOf(inputs.pressure);
  if (cpuLoad === null || least === null) return pass("processor time is not assessed");
  const numbers = { cpuLoad, cpuLoadLeast: least };
  const grows = growingIn(inputs, proposed.proposal);
  const busy = grows.find(({ vertex }) => (vertex.busyShare ?? 0) >= BUSY);
  if (least < FULL) return pass("TaskManagers have processor time to spare", numbers);
  if (busy === undefined) return pass("no busy vertex would grow", numbers);
  const { vertex, to } = busy;
  return veto(
    `vertex ${vertex.name} is ${percent(vertex.busyShare ?? 0)} busy, but every TaskManager uses ${percent(least)} of its processors or more; ` +
      `${vertex.parallelism} → ${to} subtasks would share the same ones: add TaskManagers or processors`,
    { ...numbers, busyShare: vertex.busyShare ?? 0, parallelism: vertex.parallelism, to },
  );
}

function leastLoadOf(pressure: PressureInputs | (PressureInputs & ProcessorRoom)): number | null {
  return "cpuLoadLeast" in pressure ? pressure.cpuLoadLeast : null;
}

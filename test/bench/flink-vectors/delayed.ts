import { type Delayed, delay, evict } from "../../../autoscaler/flink/delayed-scale-down.ts";
import { asNumber, type Inputs, type Json, Unforeseen } from "./case.ts";

interface Trigger {
  readonly at: number;
  readonly parallelism: number;
  readonly outside: boolean;
}

/** DelayedScaleDownTest: the queue of a vertex after triggers, windows that move on, and clearings. */
export function delayedScaleDown(inputs: Inputs): Json {
  return inputs.has("steps") ? clearings(inputs.texts("steps")) : windows(inputs);
}

function windows(inputs: Inputs): Json {
  const triggers = inputs.records("triggers").map(
    (t): Trigger => ({
      at: asNumber(t["tSec"], "triggers.tSec"),
      parallelism: asNumber(t["parallelism"], "triggers.parallelism"),
      outside: t["outside"] === true,
    }),
  );
  const used = inputs.numbers("windowStartsUsedSoFarSec");
  let waiting: Delayed | undefined;
  for (const [i, trigger] of triggers.entries()) {
    waiting = delay(waiting, trigger);
    const start = used[i];
    if (start !== undefined) waiting = evict(waiting, start);
  }
  if (waiting === undefined) throw new Unforeseen("input triggers: got none; expected at least one");
  const most = evict(waiting, inputs.number("windowStartSec")).queue[0];
  if (most === undefined) return { error: "IllegalState", firstTriggerSec: waiting.since };
  return {
    firstTriggerSec: waiting.since,
    max: { tSec: most.at, parallelism: most.parallelism, outside: most.outside },
  };
}

/** `trigger(10,8)`, `clear vertex`, `clear all`, in their order. */
function clearings(steps: readonly string[]): Json {
  let waiting: Delayed | undefined;
  const max: (readonly number[] | null)[] = [];
  const first: (number | null)[] = [];
  const states: (Delayed | undefined)[] = [waiting];
  for (const step of steps) {
    const trigger = /^trigger\((\d+),\s*(\d+)\)$/.exec(step);
    if (trigger !== null) {
      waiting = delay(waiting, { at: Number(trigger[1]), parallelism: Number(trigger[2]), outside: true });
    } else if (step.startsWith("clear")) waiting = undefined;
    else throw new Unforeseen(`input steps: got "${step}"; expected trigger(T,P), clear vertex or clear all`);
    states.push(waiting);
    const most = waiting?.queue[0];
    max.push(most === undefined ? null : [most.at, most.parallelism]);
    first.push(waiting?.since ?? null);
  }
  return {
    max,
    firstTriggerSec: first,
    changedFlagInitially: states[0] !== undefined,
    changedFlagAfterFirst: states[1] !== states[0],
  };
}

import type {
  DiagnosisKind,
  FaultClass,
  RestoreInputs,
  RestorePlan,
  RestoreStep,
} from "../../model/index.ts";
import type { Choice } from "../rank.ts";
import { leftCancelled } from "./earlier.ts";
import type { RestoreSubject } from "./question.ts";

/** What would help, were nothing in the way: a restore, an end to a loop, or neither. */
export type Wish = "restore" | "stop" | "none";

const ALIVE: ReadonlySet<DiagnosisKind> = new Set([
  "well",
  "restart-loop",
  "stuck",
  "no-checkpoint-progress",
  "task-managers-lost",
]);

/** Whether Flink still has the job in a state that is not an end, so that it would have to be cancelled first. */
export const isAlive = (inputs: RestoreInputs): boolean => ALIVE.has(inputs.diagnosis.kind);

/** Faults that the job's own code or records bring about each time: the same state leads to the same end. */
export const OWN_FAULTS: ReadonlySet<FaultClass> = new Set(["user-code", "serialization"]);

/** A person's wish is a restore; else what the diagnosis calls for. */
export function wishOf(inputs: RestoreInputs, trigger: RestoreSubject["trigger"], choice: Choice): Wish {
  const { kind } = inputs.diagnosis;
  if (trigger === "request") return kind === "well" && inputs.from === null ? "none" : "restore";
  switch (kind) {
    case "failed":
    case "job-gone":
      return "restore";
    case "ended":
      return leftCancelled(inputs) ? "restore" : "none";
    case "restart-loop":
      return wishForLoop(inputs, choice);
    default:
      return "none";
  }
}

/**
 * Flink restarts a looping job from the newest checkpoint that it has. Another snapshot helps only where that one is
 * broken; a fault of the job's own is ended; everything else is as well left to Flink.
 */
function wishForLoop(inputs: RestoreInputs, choice: Choice): Wish {
  const fault = inputs.diagnosis.fault?.class ?? "unrecognised";
  if (OWN_FAULTS.has(fault)) return "stop";
  if (fault !== "missing-file" && fault !== "unrecognised") return "none";
  const broken = choice.passedOver.some((c) => c.origin === "flink");
  return broken || choice.undecided.some((c) => c.origin === "flink") ? "restore" : "none";
}

/** The plan for a wish; its new job id is filled in where the decision gets its identity. */
export function planFor(inputs: RestoreInputs, wish: Wish, choice: Choice): RestorePlan | null {
  if (wish === "none") return null;
  const snapshot = choice.chosen?.path ?? null;
  const plan = { way: "jar", snapshot, newFlinkJobId: null } as const;
  if (wish === "stop") return { ...plan, action: "stop", steps: ["verify", "cancel", "await-dead"] };
  return { ...plan, action: "restore", steps: stepsOf(inputs, snapshot) };
}

/**
 * All that may fail without harm comes before the cancel. Verified twice where a life is cancelled: before, so that it
 * is not ended in vain, and after, when nothing of Flink's can delete the snapshot any more.
 */
function stepsOf(inputs: RestoreInputs, snapshot: string | null): readonly RestoreStep[] {
  const verify: readonly RestoreStep[] = snapshot === null ? [] : ["verify"];
  const periodic = inputs.life.checkpointSettings?.intervalMs !== null;
  return [
    ...(inputs.jarKnown ? [] : (["upload-jar"] as const)),
    ...(isAlive(inputs) ? ([...verify, "cancel"] as const) : []),
    "await-dead",
    ...verify,
    "run",
    "await-running",
    ...(periodic ? (["await-checkpoint"] as const) : []),
  ];
}

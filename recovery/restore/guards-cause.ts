import { type FaultClass, formatDuration } from "../../model/index.ts";
import { faultClause } from "../diagnosis/wording.ts";
import { endedTheSame, inVain } from "./earlier.ts";
import { OWN_FAULTS } from "./propose.ts";
import { type Guard, pass, veto, type Weighed } from "./weigh.ts";
import { bare } from "./wording.ts";

/** Flink answers for the exceptions of a job out of a cache that is 3 s old at most, with its standard settings. */
const TOLD_WITHIN_MS = 5_000;
/** What Flink's clock may be ahead of ours. */
const SKEW_MS = 2_000;

const faultNotTold: Guard = {
  name: "fault-not-told",
  check: ({ inputs, subject, asked }) => {
    const { fault, kind, since } = inputs.diagnosis;
    const failedAgoMs = subject.at - since;
    const fresh = failedAgoMs >= -SKEW_MS && failedAgoMs < TOLD_WITHIN_MS;
    return kind === "failed" && fault === null && fresh && !asked
      ? veto("the job has failed this moment, and Flink does not tell yet of what", { failedAgoMs })
      : pass("what can be known of the fault is known");
  },
};

const flinkRecovers: Guard = {
  name: "flink-recovers",
  check: ({ inputs, config, wish, troubledMs, asked }) => {
    const { kind, sentence } = inputs.diagnosis;
    if (asked) return pass("a person asked for it");
    if (kind === "task-managers-lost") {
      return veto(`Flink is dealing with it by itself: ${bare(sentence)}`, { troubledMs });
    }
    const { endLoopAfterMs } = config;
    if (kind === "restart-loop" && wish === "stop" && troubledMs < endLoopAfterMs) {
      return veto(
        `Flink restarts the job by itself; a loop is ended after ${formatDuration(endLoopAfterMs)}, this one has lasted ${formatDuration(troubledMs)}: ${bare(sentence)}`,
        { troubledMs, endLoopAfterMs },
      );
    }
    return pass("Flink does not bring the job back by itself");
  },
};

const storageUnreachable: Guard = {
  name: "storage-unreachable",
  check: ({ inputs, choice, troubledMs, asked }) => {
    const { fault, kind } = inputs.diagnosis;
    if (fault?.class !== "storage-unreachable" || asked)
      return pass("the store of the snapshots is not the fault");
    const proven = choice.chosen !== null && choice.undecided.length === 0;
    if (proven && kind !== "restart-loop") return pass("the store has answered since");
    const wait = kind === "restart-loop" ? "Flink goes on trying" : "waiting until it answers";
    return veto(`Flink could not reach the store of its snapshots, ${wait}: ${faultClause(fault)}`, {
      troubledMs,
    });
  },
};

const incompatibleState: Guard = {
  name: "incompatible-state",
  check: ({ inputs, choice, asked }) => {
    const { fault } = inputs.diagnosis;
    if (fault?.class === "state-incompatible" && !asked) {
      return veto(
        `the state does not fit the job, and that of an older snapshot will not either: ${faultClause(fault)}`,
      );
    }
    return choice.chosen?.compatible === false
      ? veto(`the chosen snapshot does not fit the job: ${bare(choice.chosen.sentence)}`)
      : pass("nothing says that the state does not fit the job");
  },
};

/** Faults after which another restore from the same or an older snapshot leads to the same end. */
const SAME_AGAIN: ReadonlySet<FaultClass> = new Set([...OWN_FAULTS, "missing-file"]);

const deterministicFault: Guard = {
  name: "deterministic-fault",
  check: ({ inputs, config, asked, wish }) => {
    const { fault } = inputs.diagnosis;
    if (fault === null || asked || wish !== "restore") return pass("no fault is judged by its repetition");
    const restores = endedTheSame(inputs, config.endLoopAfterMs).length;
    const numbers = { restores, sameFaultLimit: config.sameFaultLimit };
    if (!SAME_AGAIN.has(fault.class) || restores < config.sameFaultLimit) {
      return pass("the fault has not come back often enough to be the job's own", numbers);
    }
    const times = restores === 1 ? "a restore" : `${restores} restores`;
    return veto(
      `the same fault came back soon after ${times}, so it would again: ${faultClause(fault)}`,
      numbers,
    );
  },
};

const unrecognisedFault: Guard = {
  name: "unrecognised-fault",
  check: ({ inputs, config, asked, wish }) => {
    const { fault, kind } = inputs.diagnosis;
    const known = fault !== null && fault.class !== "unrecognised";
    // What took a JobManager away leaves no exception with the job.
    if (known || asked || wish !== "restore" || (fault === null && kind !== "failed")) {
      return pass("what went wrong is known, or not needed");
    }
    const restores = inVain(inputs, config.endLoopAfterMs).length;
    if (restores === 0) return pass("an unknown fault is answered with one restore", { restores });
    const what = fault === null ? "Flink tells no exception" : faultClause(fault);
    return veto(`the job was restored once from a fault of an unknown kind, and failed again: ${what}`, {
      restores,
    });
  },
};

/** What would help where restoring would not. */
const ADVICE: Partial<Record<FaultClass, string>> = {
  "out-of-memory": "give the TaskManagers more memory",
  resources: "add TaskManagers, slots or network buffers",
  "process-lost": "look why TaskManagers go away",
  network: "look at the network between the TaskManagers",
  connector: "look at the system that the job talks to",
  checkpointing: "look why checkpoints fail, or tolerate more failed ones",
  "missing-file": "its newest snapshot is whole, so look which other file it misses",
};

const wouldNotHelp: Guard = {
  name: "restore-would-not-help",
  check: ({ inputs, wish, asked, troubledMs }: Weighed) => {
    const { kind, sentence, fault } = inputs.diagnosis;
    if (wish !== "none" || asked) return pass("the job's state is where to begin");
    if (kind !== "restart-loop" && kind !== "stuck" && kind !== "no-checkpoint-progress") {
      return pass("nothing of that kind is wrong");
    }
    const what =
      kind === "stuck"
        ? "look at the TaskManagers that its tasks wait for"
        : kind === "no-checkpoint-progress"
          ? "look why its checkpoints do not complete; cancelling would lose what was done since the last one"
          : (ADVICE[fault?.class ?? "unrecognised"] ?? "look at the exception");
    return veto(`a restore would not help, ${what}: ${bare(sentence)}`, { troubledMs });
  },
};

const nothingWrong: Guard = {
  name: "nothing-wrong",
  check: ({ inputs, wish }) =>
    inputs.diagnosis.kind === "well" && wish === "none"
      ? veto("the job is well, and no snapshot to go back to is named")
      : pass("there is something to do"),
};

/** About the cause: whether a restore is the answer to it. */
export const CAUSE_GUARDS: readonly Guard[] = [
  faultNotTold,
  flinkRecovers,
  storageUnreachable,
  deterministicFault,
  incompatibleState,
  unrecognisedFault,
  wouldNotHelp,
  nothingWrong,
];

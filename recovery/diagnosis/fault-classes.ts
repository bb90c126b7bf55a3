import type { FaultClass } from "../../model/index.ts";

/** What is said of one class of faults, for the reference page and the runbooks. */
export interface FaultClassNote {
  readonly meaning: string;
  /** What a failed job gets; a looping one is left to Flink unless it says otherwise. */
  readonly outrider: string;
  readonly remedy: string;
}

export const FAULT_CLASS_NOTES: Readonly<Record<FaultClass, FaultClassNote>> = {
  "out-of-memory": {
    meaning: "Heap, metaspace, direct memory or the container's limit is used up.",
    outrider: "Restores: more memory may be there the next time.",
    remedy:
      "Raise the part that the message names (task heap, `jvm-metaspace`, off-heap, `process.size`); look for growing state on the heap and for classes that leak with every restart.",
  },
  serialization: {
    meaning: "A record cannot be read or written in the form that the program expects.",
    outrider:
      "Restores; the same fault again `sameFaultLimit` times without a checkpoint in between, and it stops and tells you. A loop is ended, with its state kept, after `endLoopAfter`.",
    remedy: "Skip or correct the record, or make the program take it; then `outrider recover JOB`.",
  },
  "state-incompatible": {
    meaning:
      "The state in the snapshot does not fit the program: operators, types or max parallelism changed.",
    outrider:
      "Stops and tells you. An older snapshot does not fit either, and state is never dropped silently.",
    remedy:
      "Deploy the program that wrote the state, give operators the uids they had, or migrate the state with a savepoint.",
  },
  "missing-file": {
    meaning: "A file of the snapshot that Flink restores from is missing, cut or damaged.",
    outrider:
      "Restores from the newest snapshot that is proven whole, and says what is read again. A loop on a broken snapshot is cancelled for that, unless cancelling would delete the chosen one.",
    remedy: "Find who deletes there: a lifecycle rule, a cleaner, another job that claimed the files.",
  },
  "storage-unreachable": {
    meaning: "The store of the state does not answer, throttles, or refuses access.",
    outrider: "Waits. Falling back to an older snapshot would lose time for nothing.",
    remedy: "Bring the store back; look at credentials, request rates and the network to it.",
  },
  connector: {
    meaning: "A system that the job reads from, writes to or calls refuses or does not answer.",
    outrider: "Restores; what is outside may be back.",
    remedy: "Look at that system first: the message names it.",
  },
  "user-code": {
    meaning: "The program threw it: a record it cannot take, a defect, or a jar that lacks a class.",
    outrider:
      "Restores; the same fault again `sameFaultLimit` times without a checkpoint in between, and it stops and tells you. A loop is ended, with its state kept, after `endLoopAfter`.",
    remedy: "Mend the program or take the record out; then `outrider recover JOB`.",
  },
  resources: {
    meaning: "Slots, network buffers, managed memory, disk, threads or file handles are used up.",
    outrider: "Restores; a job that waits for slots keeps waiting in Flink.",
    remedy: "Add TaskManagers or slots, or give them more of what the message names.",
  },
  "process-lost": {
    meaning: "A TaskManager or the JobManager is gone.",
    outrider: "Leaves it to Flink, which restarts the job; restores where Flink gave up.",
    remedy:
      "Look why the process ended: out of memory, eviction, a lost node, a long pause for garbage collection.",
  },
  network: {
    meaning: "Flink's processes do not reach each other.",
    outrider: "Leaves it to Flink, which restarts the job; restores where Flink gave up.",
    remedy: "Look at the peer that the message names first, then at the network between the two.",
  },
  checkpointing: {
    meaning: "More checkpoints failed or expired than are tolerated, and nothing deeper says why.",
    outrider: "Restores where Flink gave up.",
    remedy:
      "Look at back-pressure and at the duration of checkpoints; then at timeout, `tolerable-failed-checkpoints` and unaligned checkpoints.",
  },
  unrecognised: {
    meaning: "No rule knows it.",
    outrider: "Restores once; failing again, it stops and tells you.",
    remedy: "Read the exception. A rule of your own in `recovery.faults` tells Outrider what it is.",
  },
};

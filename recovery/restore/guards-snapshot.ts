import { formatDuration, type RestoreInputs } from "../../model/index.ts";
import { type Guard, pass, veto, type Weighed } from "./weigh.ts";
import { bare, nameOf } from "./wording.ts";

const restorePointUnknown: Guard = {
  name: "restore-point-unknown",
  check: ({ inputs, choice, wish }) => {
    if (wish === "none") return pass("no snapshot is needed");
    const [first] = choice.undecided;
    const others = Math.max(0, choice.undecided.length - 1);
    const numbers = { undecided: choice.undecided.length, others };
    if (first !== undefined) {
      const more = others === 0 ? "" : ` (and ${others} more)`;
      const fallBack = choice.chosen === null ? "" : `, and ${nameOf(choice.chosen.path)} is older`;
      return veto(
        `whether ${nameOf(first.path)}${more} can be restored is not known yet${fallBack}: ${bare(first.sentence)}`,
        numbers,
      );
    }
    return inputs.searched || inputs.from !== null
      ? pass("every newer snapshot has its verdict", numbers)
      : veto(
          "not every directory could be listed, so there may be a newer snapshot than those found",
          numbers,
        );
  },
};

const noValidRestorePoint: Guard = {
  name: "no-valid-restore-point",
  check: (w) => {
    const { inputs, choice, wish } = w;
    const candidates = inputs.candidates.length;
    const { chosen } = choice;
    if (wish === "none") return pass("no snapshot is needed");
    if (chosen !== null) {
      const agoMs = Math.max(0, w.subject.at - (chosen.checkedAt ?? w.subject.at));
      const unnamed = Math.max(0, choice.passedOver.length - MOST_NAMED);
      return pass(`${nameOf(chosen.path)} is proven`, { agoMs, candidates, unnamed });
    }
    if (startsEmpty(w))
      return pass("there has never been a snapshot, and allowEmptyState is set", { candidates });
    const [first] = choice.passedOver;
    if (first !== undefined) {
      const of = candidates === 1 ? "the only snapshot is not" : `none of ${candidates} snapshots is`;
      return veto(`${of} proven; ${bare(first.sentence)}`, { candidates });
    }
    return inputs.from === null
      ? veto("there is no snapshot of this job", { candidates })
      : veto(`${inputs.from} is not among the snapshots that were looked at`, { candidates });
  },
};

/** Snapshots that a sentence names as passed over; of the others it says how many. */
export const MOST_NAMED = 2;

/** Empty state: only by the setting, and only where no trace of any snapshot was found, now or before. */
export function startsEmpty({ inputs, config, wish, choice }: Weighed): boolean {
  const trace =
    inputs.candidates.length > 0 ||
    inputs.life.checkpointDirectory !== null ||
    inputs.earlier.some((e) => e.snapshot !== null);
  return (
    config.allowEmptyState &&
    wish === "restore" &&
    inputs.from === null &&
    inputs.searched &&
    choice.chosen === null &&
    !trace
  );
}

const replayTooFar: Guard = {
  name: "replay-too-far",
  check: ({ choice, replay, config, asked }) => {
    const { maxReplayMs } = config;
    if (maxReplayMs === null || choice.chosen === null || asked)
      return pass("no bound on what is read again");
    const name = nameOf(choice.chosen.path);
    const most = formatDuration(maxReplayMs);
    if (replay === null) {
      return veto(`when ${name} was taken is not known, and at most ${most} may be read again`, {
        maxReplayMs,
      });
    }
    const numbers = { replayMs: replay.ms, maxReplayMs };
    return replay.ms > maxReplayMs
      ? veto(`${name} would read ${formatDuration(replay.ms)} again, at most ${most} are allowed`, numbers)
      : pass("little enough is read again", numbers);
  },
};

const wouldDelete: Guard = {
  name: "would-delete-snapshot",
  check: ({ inputs, choice, wish, alive }) => {
    if (wish === "none" || !alive) return pass("nothing has to be cancelled");
    const kept = keptOnCancel(inputs, choice.chosen);
    if (kept === true) return pass("cancelling keeps the snapshot");
    return kept === null
      ? veto("the job would have to be cancelled, and what that does to its checkpoints could not be read")
      : veto(
          "the job would have to be cancelled, and by its settings that deletes its checkpoints (retention is not RETAIN_ON_CANCELLATION)",
        );
  },
};

/**
 * Whether a snapshot outlives the job's cancellation: by its retention, or because it is a savepoint that this very
 * life took (one that it was restored from it might own). Null: not known.
 */
export function keptOnCancel(inputs: RestoreInputs, chosen: Weighed["choice"]["chosen"]): boolean | null {
  const { checkpointSettings, flinkJobId } = inputs.life;
  if (chosen?.kind === "savepoint" && chosen.flinkJobId === flinkJobId) return true;
  return checkpointSettings === null ? null : !checkpointSettings.deleteOnCancellation;
}

const noRestoreSpec: Guard = {
  name: "no-restore-spec",
  check: ({ inputs, wish, subject }) =>
    wish !== "restore" || inputs.spec !== null
      ? pass("how the job is submitted is known, or not needed")
      : veto(
          `how the job is submitted is not configured; set jobs."${subject.job}".recovery.restore.jar (and entryClass, args where it needs them)`,
        ),
};

/** About the snapshot and the means: what it would be restored from, and how. */
export const SNAPSHOT_GUARDS: readonly Guard[] = [
  restorePointUnknown,
  noValidRestorePoint,
  replayTooFar,
  wouldDelete,
  noRestoreSpec,
];

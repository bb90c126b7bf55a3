import type { FlinkJobId } from "../../model/index.ts";
import type { Checkpoints, CheckpointsConfig } from "./checkpoint-replies.ts";
import type { JobDetails } from "./replies.ts";

/** Replies about one job that one reader got a moment ago, so that the next one need not ask Flink again. */
export interface JobReplies {
  readonly job: JobDetails;
  readonly checkpoints: Checkpoints | undefined;
  readonly checkpointSettings: CheckpointsConfig | undefined;
}

export interface RecentReplies {
  note(replies: JobReplies): void;
  /** `undefined` where nothing was noted or it is too old. */
  of(id: FlinkJobId): JobReplies | undefined;
}

const REMEMBERED_JOBS = 1_000;
const FRESH_MS = 1_000;

/** Shared by the readers of one cluster. `now`: any clock in milliseconds that does not jump. */
export function createRecentReplies(now: () => number = () => performance.now()): RecentReplies {
  const noted = new Map<FlinkJobId, { readonly at: number; readonly replies: JobReplies }>();
  return {
    note(replies) {
      noted.delete(replies.job.jid);
      noted.set(replies.job.jid, { at: now(), replies });
      for (const oldest of noted.keys()) {
        if (noted.size <= REMEMBERED_JOBS) break;
        noted.delete(oldest);
      }
    },
    of(id) {
      const found = noted.get(id);
      return found !== undefined && now() - found.at <= FRESH_MS ? found.replies : undefined;
    },
  };
}

import type { GuardResult, Parallelism } from "../model/index.ts";
import { amendment, cut, type Draft, raise } from "./amend.ts";

export interface Amended {
  readonly proposal: Parallelism;
  /** Null: nothing had to be changed. */
  readonly result: GuardResult | null;
}

/**
 * How far one rescale may go: up by `scaleUpLimit` (a factor), down by `scaleDownLimit` (a share of the subtasks), one
 * subtask always. Example, 10 subtasks: up by 1.5 to at most 15; down by 0.6 to at least 4; down by 0: stays.
 */
export function limitChanges(draft: Draft, proposal: Parallelism): Amended {
  const { scaleUpLimit, scaleDownLimit } = draft.config;
  let limited = proposal;
  if (scaleUpLimit !== null) {
    limited = cut(draft, limited, ({ vertex: { parallelism } }) =>
      Math.max(parallelism + 1, Math.floor(parallelism * scaleUpLimit + 1e-9)),
    );
  }
  if (scaleDownLimit < 1) {
    limited = raise(draft, limited, ({ vertex: { parallelism } }) => leastAfter(parallelism, scaleDownLimit));
  }
  const why = [
    ...(scaleUpLimit === null ? [] : [`grow a vertex to ${percent(scaleUpLimit)}`]),
    ...(scaleDownLimit < 1 ? [`shrink it by ${percent(scaleDownLimit)}`] : []),
  ].join(" and ");
  return {
    proposal: limited,
    result: amendment("change-limit", `one rescale may ${why} at most`, draft, proposal, limited),
  };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function leastAfter(parallelism: number, limit: number): number {
  if (limit === 0) return parallelism;
  return parallelism - Math.max(1, Math.floor(parallelism * limit + 1e-9));
}

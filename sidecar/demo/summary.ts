import type { JobKey } from "../../model/index.ts";
import type { JobView } from "../fleet.ts";
import type { Store } from "../store/port.ts";

/** What a demo came to: the one document of `outrider demo -o json`. */
export interface DemoSummary {
  readonly jobs: readonly {
    readonly key: JobKey;
    readonly state: JobView["state"];
    /** Records, holds included; equal holds in a row are one. */
    readonly decisions: number;
    /** Decisions about its parallelism that came true. */
    readonly rescales: number;
    /** Decisions after which the job ran again from a snapshot. */
    readonly restores: number;
    /** Records pending at sources and in flight; null when not assessed. */
    readonly lagRecords: number | null;
    /** Vertex name → subtasks. */
    readonly parallelism: Readonly<Record<string, number>>;
  }[];
}

const PAGE = 500;

export function summarize(views: readonly JobView[], store: Store): DemoSummary {
  return {
    jobs: views.map(({ key, state, lagRecords, parallelism }) => ({
      key,
      state,
      ...countDecisions(store, key),
      lagRecords,
      parallelism,
    })),
  };
}

function countDecisions(store: Store, job: JobKey) {
  const counts = { decisions: 0, rescales: 0, restores: 0 };
  let before: string | null = null;
  do {
    const page: ReturnType<Store["decisions"]> = store.decisions({
      job,
      limit: PAGE,
      ...(before === null ? {} : { before }),
    });
    counts.decisions += page.items.length;
    for (const { record, outcome } of page.items) {
      if (outcome?.verdict !== "reached") continue;
      if (record.kind === "scale") counts.rescales += 1;
      if (record.kind === "restore") counts.restores += 1;
    }
    before = page.next;
  } while (before !== null);
  return counts;
}

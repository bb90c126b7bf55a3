import type { RestoreRecord } from "../../model/index.ts";
import type { Store } from "../store/port.ts";

/** Whom a restore asked to run the job. */
interface Asked {
  readonly decision: string;
  readonly process: string | null;
}

const ASKED = "run-asked";

/** Before Flink is asked: only this process of it can have taken the job. Null: it does not tell. */
export function keepAsked(store: Store, record: RestoreRecord, process: string | null): void {
  const asked: Asked = { decision: record.id, process };
  store.remember(record.job, ASKED, asked);
}

/** The JobManager process that this restore asked to run the job; null: not known. */
export function recallAsked(store: Store, record: RestoreRecord): string | null {
  const asked = store.recall(record.job, ASKED) as Asked | undefined;
  return asked?.decision === record.id ? asked.process : null;
}

/** For the view of the next step: absent where it is not known. */
export const sameJobManager = (asked: string | null, now: string | null | undefined) =>
  asked === null || now === null || now === undefined ? {} : { sameJobManager: asked === now };

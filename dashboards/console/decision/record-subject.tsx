import type { AnyRecord } from "../../../model/index.ts";
import { ChangeList } from "./change-list.tsx";
import { RestoreSummary } from "./restore-summary.tsx";

/** What a decision is about: the parallelism that it changes, or the snapshot that it takes. */
export function RecordSubject({ record }: { readonly record: AnyRecord }) {
  if (record.kind === "scale") return <ChangeList record={record} />;
  return record.kind === "restore" ? <RestoreSummary record={record} /> : null;
}

/** What a decision would be called: `Rescale`, `Restore` … */
export function actName(record: AnyRecord): string {
  if (record.kind === "scale") return "Rescale";
  if (record.kind === "savepoint") return "Savepoint";
  return (record.effective ?? record.proposal)?.action === "stop" ? "End of a loop" : "Restore";
}

import type { DiagnosisKind, Instant, JobKey, Severity } from "../model/index.ts";
import type { Announcer } from "./announcer.ts";
import type { RecoveryPass } from "./restore/recovery.ts";
import type { Store } from "./store/port.ts";
import { decisionEvents } from "./tell-decision.ts";

/** What is wrong with a job, what is done about it, what came of it, and whether a person has to come. */
export function recoveryEvents(
  announcer: Announcer,
  store: Store,
  key: JobKey,
  pass: RecoveryPass,
  now: Instant,
): void {
  diagnosisEvent(announcer, key, pass, now);
  for (const id of [...pass.settled, pass.record?.id]) {
    if (id !== undefined) decisionEvents(announcer, store, key, id, now);
  }
  pageEvent(announcer, store, key, pass, now);
}

const PAGED = "paged";

/** What a person was told of a life's trouble: kept, so that a restart of ours does not tell it again. */
interface Paged {
  readonly flinkJobId: string | undefined;
  readonly about: readonly string[];
}

function pageEvent(
  announcer: Announcer,
  store: Store,
  key: JobKey,
  { page, record, flinkJobId, diagnosis }: RecoveryPass,
  now: Instant,
): void {
  const kept = store.recall(key, PAGED) as Paged | undefined;
  if (diagnosis?.kind === "well" && kept !== undefined) store.remember(key, PAGED, undefined);
  if (page === undefined) return;
  const told = kept?.flinkJobId === flinkJobId ? (kept?.about ?? []) : [];
  if (told.includes(page.about)) return;
  announcer.event(now, key, "page", "critical", page.sentence, record?.id);
  store.remember(key, PAGED, { flinkJobId, about: [...told, page.about] });
}

const SEVERITIES: Readonly<Partial<Record<DiagnosisKind, Severity>>> = {
  well: "info",
  ended: "info",
  failed: "critical",
  "job-gone": "critical",
  "restart-loop": "critical",
  "cluster-down": "critical",
};

/** Told when the kind or the fault is another one. Nobody hears of a job that was well from the beginning. */
function diagnosisEvent(
  announcer: Announcer,
  key: JobKey,
  { diagnosis, record, phase }: RecoveryPass,
  now: Instant,
): void {
  if (diagnosis === undefined || diagnosis.kind === "not-assessed") return;
  // What a restore does to a job on its way is no news; its attempts are.
  if (phase === "recovering") return;
  const subject = `diagnosis ${key}`;
  const { kind, fault, sentence } = diagnosis;
  const before = announcer.last(subject);
  // The exception could not be read this time; nothing else is new.
  if (fault === null && before?.startsWith(`${kind} `) === true) return;
  const quiet = (kind === "well" || kind === "ended") && before === undefined;
  announcer.onChange(subject, `${kind} ${fault?.fingerprint ?? ""}`, () => {
    if (!quiet) announcer.event(now, key, "diagnosis", SEVERITIES[kind] ?? "warning", sentence, record?.id);
  });
}

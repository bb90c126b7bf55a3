import type { JobKey, OutriderEvent } from "../model/index.ts";
import type { Store } from "./store/port.ts";
import type { Metrics } from "./telemetry/metrics.ts";

/** Counts what an event tells: decisions as they are made, rescales and restores as they end. */
export function countEvent(store: Store, event: OutriderEvent, metrics: Metrics): void {
  if (event.type === "decision" || event.type === "hold") countDecision(store, event, metrics.decided);
  if (event.type === "outcome") countOutcome(store, event, metrics);
}

function countDecision(
  store: Store,
  event: OutriderEvent,
  decided: (job: JobKey, reason: string) => void,
): void {
  const record = event.decision === undefined ? undefined : store.decision(event.decision)?.record;
  if (record !== undefined) decided(record.job, record.reason);
}

function countOutcome(store: Store, event: OutriderEvent, metrics: Metrics): void {
  const history = event.decision === undefined ? undefined : store.decision(event.decision);
  if (!history?.outcome) return;
  const { record, outcome } = history;
  const { verdict, tookMs } = outcome;
  if (record.kind === "scale") metrics.rescaled(record.job, verdict === "reached");
  if (record.kind === "restore") {
    metrics.recovered(record.job, verdict, verdict === "reached" && tookMs !== null ? tookMs / 1_000 : null);
  }
}

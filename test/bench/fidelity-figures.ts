import { MEASURES, type Unit, type Window } from "./fidelity-measures.ts";
import { type FidelityPlan, GONE_RECORDS, type Phase } from "./fidelity-plan.ts";
import { lossFigures, restartFigures } from "./fidelity-restarts.ts";
import { type PendingLook, pendingLooksOf, type Snapshot, snapshotsOf } from "./fidelity-snapshots.ts";
import type { Trace } from "./fidelity-trace.ts";

/** One number that a run gave; `undefined` where it could not be seen. */
export interface Figure {
  /** The phase, or the act, that it belongs to. */
  readonly group: string;
  readonly name: string;
  readonly unit: Unit;
  readonly value: number | undefined;
}

/** Everything that is computed from what one run saw. */
export interface Seen {
  readonly trace: Trace;
  readonly snapshots: readonly Snapshot[];
  readonly pending: readonly PendingLook[];
}

/** All figures of a run, in the order of the table. */
export function figuresOf(plan: FidelityPlan, trace: Trace): readonly Figure[] {
  const snapshots = snapshotsOf(trace);
  const seen: Seen = { trace, snapshots, pending: pendingLooksOf(trace, snapshots) };
  const anchors = anchorsOf(plan, seen);
  return [
    ...plan.phases.flatMap((phase) => phaseFigures(phase, anchors, seen)),
    ...stepFigures(plan, anchors, seen),
    ...plan.acts
      .filter((act) => act.put !== undefined)
      .flatMap((act) => restartFigures(act.name, anchors.get(act.name), seen)),
    ...plan.acts
      .filter((act) => act.lose !== undefined)
      .flatMap((act) => lossFigures(act.name, anchors.get(act.name), seen)),
  ];
}

/** Moments that phases refer to: `start`, the acts, `gone` (the backlog of the step), `end`. */
function anchorsOf(plan: FidelityPlan, { trace, pending }: Seen): ReadonlyMap<string, number> {
  const anchors = new Map([
    ["start", trace.startMs],
    ["end", trace.endMs],
    ...trace.acts.map((act) => [act.name, act.atMs] as const),
  ]);
  const stepMs = plan.step === undefined ? undefined : anchors.get(plan.step);
  if (stepMs === undefined) return anchors;
  const after = pending.filter((look) => look.atMs >= stepMs);
  const peak = after.reduce<PendingLook | undefined>(
    (a, b) => (a && a.pending >= b.pending ? a : b),
    undefined,
  );
  const gone = after.find((look) => look.atMs > (peak?.atMs ?? 0) && look.pending < GONE_RECORDS);
  if (gone !== undefined && (peak?.pending ?? 0) > GONE_RECORDS) anchors.set("gone", gone.atMs);
  return anchors;
}

function stepFigures(plan: FidelityPlan, anchors: ReadonlyMap<string, number>, { pending }: Seen): Figure[] {
  const act = plan.acts.find(({ name }) => name === plan.step);
  if (act === undefined) return [];
  const rate = act.rate?.toLocaleString("en-US");
  const group = rate === undefined ? `after "${act.name}"` : `the step to ${rate}/s`;
  const stepMs = anchors.get(act.name);
  const goneMs = anchors.get("gone");
  const after = pending.filter((look) => stepMs !== undefined && look.atMs >= stepMs);
  const peak = after.length === 0 ? undefined : Math.max(...after.map((look) => look.pending));
  const goneS = stepMs === undefined || goneMs === undefined ? undefined : (goneMs - stepMs) / 1_000;
  return [
    { group, name: "highest pending", unit: "records", value: peak },
    { group, name: "backlog gone after", unit: "s", value: goneS },
  ];
}

function windowOf(phase: Phase, anchors: ReadonlyMap<string, number>, seen: Seen): Window | undefined {
  const [from, to] = [anchors.get(phase.from), anchors.get(phase.to)];
  if (from === undefined || to === undefined) return undefined;
  const fromMs = from + phase.fromS * 1_000;
  const inside = (atMs: number) => atMs >= fromMs && atMs < to;
  const all = seen.snapshots.filter((s) => inside(s.atMs));
  const snapshots = all.filter((s) => s.attemptMs === all.at(-1)?.attemptMs);
  const [first, last] = [snapshots[0], snapshots.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const checkpoints = seen.trace.checkpoints.filter((c) => inside(c.triggeredMs));
  return {
    first,
    last,
    snapshots,
    pending: seen.pending.filter((look) => inside(look.atMs)),
    checkpointS: checkpoints.map((c) => c.durationMs / 1_000),
  };
}

function phaseFigures(phase: Phase, anchors: ReadonlyMap<string, number>, seen: Seen): Figure[] {
  const window = windowOf(phase, anchors, seen);
  return phase.measures.flatMap((measure) =>
    MEASURES[measure].map(({ name, unit, of }) => ({
      group: phase.name,
      name,
      unit,
      value: window === undefined ? undefined : of(window),
    })),
  );
}

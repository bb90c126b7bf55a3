import type { Figure, Seen } from "./fidelity-figures.ts";

/** A lost TaskManager is noticed by its connections, at the latest after the heartbeat's 50 s. */
const LONGEST_LOSS_MS = 80_000;

/** A restart that takes longer than this after its PUT is not seen as its effect. */
const LONGEST_MS = 20_000;

/**
 * What a PUT at `putMs` led to: how long until it was in effect, how long nothing ran,
 * how old was what it began from: so many seconds of input are read again.
 */
export function restartFigures(act: string, putMs: number | undefined, seen: Seen): Figure[] {
  const group = `the PUT "${act}"`;
  const runningMs = putMs === undefined ? undefined : runningAfter(putMs, seen);
  const restored = runningMs === undefined ? undefined : restoredAt(runningMs, seen);
  const seconds = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : (to - from) / 1_000;
  return [
    { group, name: "from the PUT to RUNNING", unit: "s", value: seconds(putMs, runningMs) },
    { group, name: "not RUNNING", unit: "s", value: downS(putMs, runningMs, seen) },
    { group, name: "age of the restored checkpoint", unit: "s", value: seconds(restored, runningMs) },
  ];
}

/**
 * What the loss of a TaskManager at `lostMs` led to: when it was noticed, when the last attempt began that it made
 * necessary, how long nothing ran, and how old was what that began from.
 */
export function lossFigures(act: string, lostMs: number | undefined, seen: Seen): Figure[] {
  const group = `the loss "${act}"`;
  const states = seen.trace.states.filter((s) => lostMs !== undefined && s.atMs >= lostMs);
  const noticedMs = states.find((s) => s.state !== "RUNNING")?.atMs;
  const stamps = seen.trace.samples.flatMap((s) => s.runningSinceMs ?? []);
  const runningMs = stamps.findLast((stamp) => lostMs !== undefined && stamp >= lostMs);
  const restored = runningMs === undefined ? undefined : restoredAt(runningMs, seen);
  const seconds = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : (to - from) / 1_000;
  return [
    { group, name: "from the loss to RESTARTING", unit: "s", value: seconds(lostMs, noticedMs) },
    { group, name: "from the loss to RUNNING for good", unit: "s", value: seconds(lostMs, runningMs) },
    { group, name: "not RUNNING", unit: "s", value: downS(lostMs, runningMs, seen, LONGEST_LOSS_MS) },
    { group, name: "age of the restored checkpoint", unit: "s", value: seconds(restored, runningMs) },
  ];
}

/** Flink's own stamp of the first attempt that began after the PUT. */
function runningAfter(putMs: number, { trace }: Seen): number | undefined {
  const stamps = trace.samples.flatMap((s) => (s.runningSinceMs === undefined ? [] : [s.runningSinceMs]));
  return stamps.find((stamp) => stamp >= putMs && stamp - putMs < LONGEST_MS);
}

function downS(
  putMs: number | undefined,
  runningMs: number | undefined,
  { trace }: Seen,
  longestMs = LONGEST_MS,
): number | undefined {
  if (putMs === undefined || runningMs === undefined) return undefined;
  let down = 0;
  trace.states.forEach((from, i) => {
    const to = trace.states[i + 1];
    if (from.state === "RUNNING" || to === undefined || from.atMs < putMs || from.atMs > putMs + longestMs)
      return;
    down += to.atMs - from.atMs;
  });
  return down / 1_000;
}

/** When the checkpoint was triggered that the attempt began from. */
function restoredAt(runningMs: number, { trace }: Seen): number | undefined {
  const restore = trace.restores.find((r) => r.seenMs >= runningMs);
  return trace.checkpoints.find((c) => c.id === restore?.checkpoint)?.triggeredMs;
}

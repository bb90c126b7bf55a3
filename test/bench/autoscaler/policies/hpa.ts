import type { Instant, Milliseconds } from "../../../../model/index.ts";
import type { Entrant } from "../../../../sidecar/whatif/contest.ts";
import { everyVertex, largestOf, uniformStart } from "./every-vertex.ts";

/** `behavior.scaleUp` or `.scaleDown` of a HorizontalPodAutoscaler with one policy of type `Percent`. */
export interface HpaRule {
  readonly windowMs: Milliseconds;
  readonly percent: number;
  readonly periodMs: Milliseconds;
}

export interface HpaOptions {
  /** Target of the mean CPU utilisation, 0..1. */
  readonly target: number;
  readonly up: HpaRule;
  readonly down: HpaRule;
  readonly min: number;
  readonly max: number;
}

/** What the controller remembers: recommendations, and changes that it made. */
export interface HpaState {
  readonly wished: readonly { readonly at: Instant; readonly replicas: number }[];
  readonly changes: readonly { readonly at: Instant; readonly by: number }[];
}

export const NEW_HPA: HpaState = { wished: [], changes: [] };

/**
 * One synchronisation of Kubernetes' `autoscaling/v2` controller: desired = ⌈replicas × CPU ÷ target⌉ with a tolerance
 * of 10 %, then the stabilisation windows (the most careful recommendation of each), then the rate limits.
 */
export function hpaReplicas(
  options: HpaOptions,
  state: HpaState,
  replicas: number,
  cpu: number,
  now: Instant,
): { readonly state: HpaState; readonly replicas: number } {
  const ratio = cpu / options.target;
  const plain = Math.abs(ratio - 1) <= TOLERANCE ? replicas : Math.ceil(replicas * ratio - ROUNDING);
  const oldest = now - Math.max(options.up.windowMs, options.down.windowMs);
  // The controller begins with what it finds as its first recommendation.
  const earlier = state.wished.length === 0 ? [{ at: now, replicas }] : state.wished;
  const wished = [...earlier.filter((w) => w.at > oldest), { at: now, replicas: plain }];
  const within = (ms: Milliseconds): number[] =>
    wished.filter((w) => w.at === now || w.at > now - ms).map((w) => w.replicas);
  // Up no further than the least that was wished within its window, down no further than the most within the other.
  const least = Math.min(...within(options.up.windowMs));
  const most = Math.max(...within(options.down.windowMs));
  const stable = least > replicas ? least : most < replicas ? most : replicas;
  const limited = limit(options, state, replicas, stable, now);
  const next = Math.min(options.max, Math.max(options.min, limited));
  const periods = Math.max(options.up.periodMs, options.down.periodMs);
  const changes = state.changes.filter((c) => c.at > now - periods);
  if (next !== replicas) changes.push({ at: now, by: next - replicas });
  return { state: { wished, changes }, replicas: next };
}

/** `Percent` counts from what there was at the beginning of its period. */
function limit(options: HpaOptions, state: HpaState, replicas: number, wish: number, now: Instant): number {
  const changed = (ms: Milliseconds, sign: 1 | -1): number =>
    state.changes.reduce((sum, c) => (c.at > now - ms && c.by * sign > 0 ? sum + c.by : sum), 0);
  if (wish > replicas) {
    const before = replicas - changed(options.up.periodMs, 1);
    return Math.max(replicas, Math.min(wish, Math.ceil(before * (1 + options.up.percent / 100) - ROUNDING)));
  }
  if (wish < replicas) {
    const before = replicas - changed(options.down.periodMs, -1);
    return Math.min(
      replicas,
      Math.max(wish, Math.trunc(before * (1 - options.down.percent / 100) + ROUNDING)),
    );
  }
  return replicas;
}

/** The block of the production guide: up after 60 s by at most 100 % a minute, down after 300 s by at most 10 % a minute. */
export const GUIDE_BEHAVIOR: Pick<HpaOptions, "up" | "down"> = {
  up: { windowMs: 60_000, percent: 100, periodMs: 60_000 },
  down: { windowMs: 300_000, percent: 10, periodMs: 60_000 },
};

/** Kubernetes' own defaults: up at once (100 % in 15 s), down after 300 s without a limit. */
export const KUBERNETES_BEHAVIOR: Pick<HpaOptions, "up" | "down"> = {
  up: { windowMs: 0, percent: 100, periodMs: 15_000 },
  down: { windowMs: 300_000, percent: 100, periodMs: 15_000 },
};

/**
 * TaskManagers scaled on CPU beside a job whose every vertex takes all slots (reactive mode, or the adaptive scheduler
 * without upper bounds). CPU is the mean busy share of the slots over 60 s; that new pods are left out for a while is
 * not modelled, which favours it. Source: Kubernetes documentation of `autoscaling/v2`; one pod has one slot.
 */
export function hpa(name: string, options: Pick<HpaOptions, "target" | "up" | "down">): Entrant {
  return {
    name,
    withoutHistory: true,
    start: uniformStart,
    create: ({ passMs, minParallelism, maxParallelism }) => {
      const bounded = { ...options, min: minParallelism, max: maxParallelism };
      let state = NEW_HPA;
      let due = Number.NEGATIVE_INFINITY;
      return {
        name,
        passMs,
        pass(readout, cpu, now) {
          if (now < due || readout.state !== "RUNNING") return undefined;
          due = now + SYNC_MS;
          const replicas = largestOf(readout.graph);
          const next = hpaReplicas(bounded, state, replicas, cpu.jobShare, now);
          state = next.state;
          return next.replicas === replicas ? undefined : everyVertex(readout.graph, next.replicas);
        },
      };
    },
  };
}

/** Target 70 %, as most guides have it, with the behaviour of the production guide. */
export const hpaCpu: Entrant = hpa("hpa-cpu", { target: 0.7, ...GUIDE_BEHAVIOR });

/** `--horizontal-pod-autoscaler-sync-period` and `-tolerance`. */
const SYNC_MS = 15_000;
const TOLERANCE = 0.1;
const ROUNDING = 1e-9;

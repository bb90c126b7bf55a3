import {
  type AutoscalerConfig,
  autoscalerSettings,
  compileAutoscalerSettings,
  learnedPauseMs,
  summarize,
} from "../../autoscaler/index.ts";
import { Failure, type Instant, type JobKey } from "../../model/index.ts";
import type { Fleet, JobView } from "../fleet.ts";
import { recallLearned, recallMemory } from "../memory.ts";
import type { Store } from "../store/port.ts";
import { type FittedJob, fitJob } from "./fitted-job.ts";

export interface LiveFit {
  readonly fitted: FittedJob;
  /** The settings of its newest decision; before the first one the defaults. */
  readonly config: AutoscalerConfig;
}

/** Fits a simulated job to a running one, by what was observed and learned. Throws `conflict` where that is not enough. */
export function fitLive(
  { fleet, store }: { readonly fleet: Pick<Fleet, "observations">; readonly store: Store },
  { key, state }: Pick<JobView, "key" | "state">,
  at: Instant,
): LiveFit {
  if (state !== "RUNNING")
    throw new Failure("conflict", `cannot simulate ${key}: it is ${state}; expected a running job`);
  const observations = fleet.observations(key);
  const newest = observations.at(-1);
  if (newest === undefined)
    throw new Failure("conflict", `cannot simulate ${key} yet: it was never observed`);
  const config = configOf(store, key);
  const learned = recallLearned(store, key);
  const memory = recallMemory(store, key);
  const restartPauseMs = learnedPauseMs(learned);
  const watchedMs = newest.at - (observations[0]?.at ?? newest.at);
  const window = { observations, from: newest.at - watchedMs, to: newest.at, coverage: 1, watchedMs };
  const inputs = summarize(window, { ...memory, restartPauseMs, learned }, config);
  const fitted = fitJob(inputs, {
    job: key,
    at,
    graph: newest.graph,
    lagObjectiveMs: config.lagObjectiveMs,
    load: learned.load,
    pausesSeen: restartPauseMs === null ? 0 : 1,
  });
  return { fitted, config };
}

/** A record holds all settings that it was made with. */
function configOf(store: Store, job: JobKey): AutoscalerConfig {
  const defaults = compileAutoscalerSettings(autoscalerSettings.parse({}));
  const [newest] = store.decisions({ job, kind: "scale", limit: 1 }).items;
  return { ...defaults, ...(newest?.record.settings as Partial<AutoscalerConfig> | undefined) };
}

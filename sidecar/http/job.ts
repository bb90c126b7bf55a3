import { z } from "zod";
import { editDistance, Failure, isPaused, type JobKey, type Pause, parseJobKey } from "../../model/index.ts";
import type { JobView } from "../fleet.ts";
import type { HttpDeps } from "./route.ts";

/** The `{key}` of a path. Express has taken off one layer of percent-encoding already. */
export const keyParams = z.strictObject({
  key: z
    .string()
    .max(2000)
    .describe("`cluster/namespace/name` as one percent-encoded segment: `prod%2Fdefault%2Forders`."),
});

/** The job, or a 404 that names the keys which were probably meant. */
export function findJob(key: JobKey, { fleet }: Pick<HttpDeps, "fleet">): JobView {
  const job = fleet.job(key);
  if (job) return job;
  const near = nearest(
    key,
    fleet.jobs().map((j) => j.key),
  );
  const hint = near.length > 0 ? `nearest: ${near.join(", ")}` : "no jobs are known";
  throw new Failure("not-found", `there is no job ${key.slice(0, 200)}; ${hint}`, { details: { near } });
}

/** A job as lists show it: without its graph, and with what people changed since its last pass. */
export function presentJob(job: JobView, deps: Pick<HttpDeps, "modeOf" | "store" | "now">) {
  const { graph: _graph, ...rest } = job;
  return { ...rest, mode: deps.modeOf(job.key), pause: pauseNow(job.key, deps) };
}

export function pauseNow(key: JobKey, { store, now }: Pick<HttpDeps, "store" | "now">): Pause | null {
  const pause = store.pauseOf(key);
  return isPaused(pause, now()) ? pause : null;
}

/** At most three keys, those with the smallest edit distance of the whole key or of the job's name. */
export function nearest(wanted: string, keys: readonly JobKey[]): readonly JobKey[] {
  const text = wanted.slice(0, 200).toLowerCase();
  return keys
    .slice(0, 2000)
    .map((key) => {
      const name = parseJobKey(key)?.name ?? key;
      return {
        key,
        distance: Math.min(editDistance(text, key.toLowerCase()), editDistance(text, name.toLowerCase())),
      };
    })
    .sort((a, b) => a.distance - b.distance || (a.key < b.key ? -1 : 1))
    .slice(0, 3)
    .map((k) => k.key);
}

import type { AutoscalerSettings } from "./settings.ts";

export const FAVOURS = ["latency", "balanced", "cost"] as const;
/** What a job's owner would rather have: less lag, or fewer slots. */
export type Favour = (typeof FAVOURS)[number];

/** What the slider stands for; each of them can be set by itself as well, and then that counts. */
export const FAVOURED: Readonly<
  Record<Favour, { readonly targetUtilization: number; readonly catchUp: string }>
> = {
  latency: { targetUtilization: 0.7, catchUp: "60s" },
  balanced: { targetUtilization: 0.94, catchUp: "2min" },
  cost: { targetUtilization: 0.95, catchUp: "5min" },
};

/**
 * What differs for some jobs laid over what holds for all. The nearer word counts: a slider that is set for a job
 * takes back what was set for all in its place.
 */
export function overrideAutoscaler(
  base: AutoscalerSettings,
  own: Partial<AutoscalerSettings>,
): AutoscalerSettings {
  if (own.favour === undefined) return { ...base, ...own };
  const { targetUtilization: _, catchUp: __, ...rest } = base;
  return { ...rest, ...own };
}

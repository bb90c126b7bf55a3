import * as checkpoints from "./checkpoints.ts";
import * as cluster from "./cluster.ts";
import * as failures from "./failures.ts";
import * as load from "./load.ts";
import type { Rule } from "./rule.ts";
import * as skew from "./skew.ts";
import * as taskManagers from "./task-managers.ts";

/** Every question that `doctor` asks, the weightiest of each severity first. */
export const RULES: readonly Rule[] = [
  ...Object.values(checkpoints),
  ...Object.values(failures),
  ...Object.values(load),
  ...Object.values(skew),
  ...Object.values(cluster),
  ...Object.values(taskManagers),
].toSorted((a, b) => rank(b) - rank(a));

function rank(rule: Rule): number {
  return { critical: 2_000, warning: 1_000, info: 0 }[rule.severity] + rule.weight;
}

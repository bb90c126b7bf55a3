import type { Findings } from "../../../model/index.ts";
import type { ClusterReport, Part, TaskManagerReport } from "../report.ts";
import { clusterRule, type Found, merge, percent, type Rule, type RuleInfo } from "./rule.ts";

/** One reading per TaskManager; an unread one is not assessed by name. */
function taskManagerRule<T>(
  info: RuleInfo,
  part: (tm: TaskManagerReport) => Part<T>,
  find: (value: T, id: string) => readonly Found[],
): Rule {
  const assess = (report: ClusterReport): Findings => {
    const tms = report.taskManagers;
    if (tms.kind === "unread")
      return clusterRule(
        info,
        () => tms,
        () => [],
      ).assess(report);
    return merge(
      tms.value.map((tm) =>
        clusterRule(
          info,
          () => part(tm),
          (v) => find(v, tm.id),
        ).assess(report),
      ),
    );
  };
  return { ...info, assess };
}

export const heapPressure = taskManagerRule(
  {
    code: "heap-pressure",
    severity: "warning",
    weight: 62,
    meaning: "A TaskManager uses 90 % or more of its heap, at the moment of looking.",
    remedy: "Watch it after a collection; give the TaskManager more task heap or keep state in RocksDB.",
  },
  (tm) => tm.heap,
  ({ used, max }, id) =>
    used < 0.9 * max
      ? []
      : [
          {
            sentence: `TaskManager ${id} uses ${percent(used / max)} of its heap`,
            evidence: { taskManager: id, used, max },
          },
        ],
);

export const gcPressure = taskManagerRule(
  {
    code: "gc-pressure",
    severity: "warning",
    weight: 64,
    meaning: "A TaskManager spends 10 % or more of its time collecting garbage. Critical from 30 %.",
    remedy: "Give it more heap, or keep less on it; parallelism on the same machine makes it worse.",
  },
  (tm) => tm.gcMsPerSecond,
  (ms, id) =>
    ms < 100
      ? []
      : [
          {
            sentence: `TaskManager ${id} spends ${percent(ms / 1_000)} of its time collecting garbage`,
            evidence: { taskManager: id, gcMsPerSecond: ms },
            severity: ms >= 300 ? "critical" : "warning",
          },
        ],
);

import { majorOf } from "../metrics/flink-version.ts";
import type { ClusterView } from "../view.ts";

/** The cluster's configuration as Flink shows it: a list of keys and texts. */
export function configurationOf({ plan }: ClusterView): { readonly key: string; readonly value: string }[] {
  const adaptive = plan.scheduler === "adaptive";
  const rescaling: Record<string, string> =
    majorOf(plan.flinkVersion) >= 2
      ? {
          "jobmanager.adaptive-scheduler.executing.cooldown-after-rescaling": `${plan.rescaleCooldownMs} ms`,
          "jobmanager.adaptive-scheduler.rescale-trigger.max-delay": `${plan.rescaleMaxDelayMs} ms`,
        }
      : { "jobmanager.adaptive-scheduler.scaling-interval.min": `${plan.rescaleCooldownMs} ms` };
  const keys: Record<string, string> = {
    "jobmanager.scheduler": adaptive ? "adaptive" : "default",
    ...(adaptive ? rescaling : {}),
    "taskmanager.numberOfTaskSlots": String(plan.slotsPerTaskManager),
    "taskmanager.cpu.cores": plan.coresPerTaskManager.toFixed(1),
    "taskmanager.memory.segment-size": `${plan.segmentBytes}b`,
    "metrics.fetcher.update-interval": String(plan.fetcherIntervalMs),
    "web.refresh-interval": String(plan.refreshIntervalMs),
    "heartbeat.timeout": String(plan.heartbeatTimeoutMs),
    "execution.checkpointing.dir": "file:///checkpoints",
    "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
    "metrics.reporter.prom.factory.class": "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
  };
  return Object.entries(keys).map(([key, value]) => ({ key, value }));
}

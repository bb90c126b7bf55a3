import { majorOf } from "../metrics/flink-version.ts";
import type { ClusterView } from "../view.ts";
import type { ClusterPlan } from "../world.ts";

/** The cluster's configuration as Flink shows it: a list of keys and texts. */
export function configurationOf({
  plan,
  jobManager,
}: ClusterView): { readonly key: string; readonly value: string }[] {
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
    ...availabilityOf(plan),
    // Every JobManager process makes itself a folder.
    "web.tmpdir": `/tmp/flink-web-${String(jobManager.process).padStart(8, "0")}-0000-4000-8000-000000000000`,
    ...directoriesOf(plan),
    "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
    "metrics.reporter.prom.factory.class": "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
  };
  return Object.entries(keys).map(([key, value]) => ({ key, value }));
}

function availabilityOf({ highAvailability = "none" }: ClusterPlan): Record<string, string> {
  if (highAvailability === "none") return {};
  return { "high-availability.type": highAvailability, "high-availability.cluster-id": "/simulated" };
}

function directoriesOf({ storage }: ClusterPlan): Record<string, string> {
  if (storage === undefined) return { "execution.checkpointing.dir": "file:///checkpoints" };
  const { checkpoints, savepoints } = storage;
  return {
    "execution.checkpointing.dir": checkpoints,
    ...(savepoints === undefined ? {} : { "execution.checkpointing.savepoint-dir": savepoints }),
  };
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FlinkVersion } from "./fetch.ts";

/** Where the parts of a cluster listen: everything is derived from one base port. */
export function portsFrom(base: number) {
  return {
    rest: base,
    rpc: base + 1,
    blob: base + 2,
    jobManagerReporter: base + 3,
    taskManagerReporter: (index: number) => base + 4 + index,
  };
}

/** Cluster configuration that both Flink versions accept, made for quick tests on one small machine. */
export function clusterConfig(options: {
  readonly version: FlinkVersion;
  readonly portBase: number;
  readonly slotsPerTaskManager: number;
  readonly workDir: string;
}): Record<string, string> {
  const ports = portsFrom(options.portBase);
  const slots = options.slotsPerTaskManager;
  const fileUrl = (name: string) => `file://${join(options.workDir, name)}`;
  return {
    "jobmanager.rpc.address": "127.0.0.1",
    "jobmanager.rpc.port": `${ports.rpc}`,
    "jobmanager.bind-host": "127.0.0.1",
    "jobmanager.scheduler": "adaptive",
    "jobmanager.memory.process.size": "1g",
    "blob.server.port": `${ports.blob}`,
    "rest.address": "127.0.0.1",
    "rest.bind-address": "127.0.0.1",
    "rest.port": `${ports.rest}`,
    "rest.bind-port": `${ports.rest}`,
    "web.upload.dir": join(options.workDir, "upload"),
    "web.refresh-interval": "300",
    "metrics.fetcher.update-interval": "2000",
    "metrics.reporter.prom.factory.class": "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
    "taskmanager.host": "127.0.0.1",
    "taskmanager.bind-host": "127.0.0.1",
    "taskmanager.numberOfTaskSlots": `${slots}`,
    // Without Flink's scripts nothing derives the memory of a TaskManager: every part must be given.
    "taskmanager.cpu.cores": `${slots}.0`,
    "taskmanager.memory.framework.heap.size": "64m",
    "taskmanager.memory.task.heap.size": "128m",
    "taskmanager.memory.task.off-heap.size": "0m",
    "taskmanager.memory.framework.off-heap.size": "64m",
    "taskmanager.memory.managed.size": "64m",
    "taskmanager.memory.network.min": "64m",
    "taskmanager.memory.network.max": "64m",
    "taskmanager.memory.jvm-metaspace.size": "256m",
    "taskmanager.memory.jvm-overhead.min": "64m",
    "taskmanager.memory.jvm-overhead.max": "64m",
    // Default segments hide 20,000 small records in network buffers; then overload shows a minute late.
    "taskmanager.memory.segment-size": "4kb",
    "execution.checkpointing.interval": "5s",
    "execution.checkpointing.dir": fileUrl("checkpoints"),
    "execution.checkpointing.savepoint-dir": fileUrl("savepoints"),
    "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
    "cluster.registration.initial-timeout": "200 ms",
    "cluster.registration.error-delay": "1 s",
    "cluster.registration.refused-registration-delay": "1 s",
    ...rescaleKeys(options.version),
  };
}

/** The default waits before a rescale (30 s and more) are cut to 2 s; the keys differ between 1.20 and 2.x. */
function rescaleKeys(version: FlinkVersion): Record<string, string> {
  const prefix = "jobmanager.adaptive-scheduler";
  if (version.startsWith("1.")) {
    return {
      [`${prefix}.scaling-interval.min`]: "2 s",
      [`${prefix}.resource-stabilization-timeout`]: "2 s",
    };
  }
  return {
    [`${prefix}.executing.cooldown-after-rescaling`]: "2 s",
    [`${prefix}.executing.resource-stabilization-timeout`]: "2 s",
    [`${prefix}.submission.resource-stabilization-timeout`]: "2 s",
  };
}

const log4j = `rootLogger.level = INFO
rootLogger.appenderRef.out.ref = out
appender.out.name = out
appender.out.type = CONSOLE
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{HH:mm:ss,SSS} %-5p %-60c{1.} - %m%n
`;

/** Writes the configuration folder of one process and returns its path. */
export function writeConfigDir(dir: string, config: Readonly<Record<string, string>>): string {
  mkdirSync(dir, { recursive: true });
  // Every value is quoted: Flink 1.20 ignores an unquoted integer as the port of a metrics reporter.
  const lines = Object.entries(config).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  writeFileSync(join(dir, "config.yaml"), lines.join(""));
  writeFileSync(join(dir, "log4j.properties"), log4j);
  return dir;
}

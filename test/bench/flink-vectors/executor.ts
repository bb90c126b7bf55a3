import { targetCapacity, thresholdsOf } from "../../../autoscaler/flink/capacity.ts";
import type { Evaluated, Evaluation } from "../../../autoscaler/flink/evaluate.ts";
import type { FlinkOptions } from "../../../autoscaler/flink/flink-options.ts";
import { tuneMemory } from "../../../autoscaler/flink/memory-tuning.ts";
import { type Told, tell } from "../../../autoscaler/flink/messages.ts";
import { formatMemory } from "../../../autoscaler/flink/quantities.ts";
import type { TaskManagerSpec } from "../../../autoscaler/flink/quota.ts";
import { parseScalingReport } from "../../../autoscaler/flink/report.ts";
import { type JobVerdict, scaleJob } from "../../../autoscaler/flink/scale-job.ts";
import type { FlinkTopology } from "../../../autoscaler/flink/topology.ts";
import { messagesOf } from "../../../autoscaler/flink/verdict-messages.ts";
import { asCount, asNumber, Inputs, isRecord, type Json } from "./case.ts";
import { bytesIn, optionsOf } from "./options-of.ts";
import { parseTopology, topologyFrom } from "./topology-of.ts";

/** What the upstream tests of this suite set before every case. */
const SUITE: Partial<FlinkOptions> = { catchUpMs: 0, scaleDownIntervalMs: 0, scaleDownMaxFactor: 1 };
const UNKNOWN_TASK_MANAGER: TaskManagerSpec = { cpu: null, memory: null, slots: 0 };
const PLAIN = "source (no inputs) -> sink (HASH)";

/** Rates of a vertex, records/s. */
interface Rates {
  readonly targetRate: number;
  readonly catchUpRate: number;
  readonly trueProcessingRate: number;
}

interface Job {
  readonly topology: FlinkTopology;
  readonly rates: ReadonlyMap<string, Rates>;
  readonly gcPressure: number;
  readonly heapUsage: number;
  readonly taskManager: TaskManagerSpec;
}

/** ScalingExecutorTest: one or more evaluations of a job, and what was carried out and told. */
export function executor(inputs: Inputs): Json {
  if (inputs.has("vertices") && !inputs.has("processMemory")) return quota(inputs);
  if (inputs.has("processMemory")) return memory(inputs);
  if (inputs.has("evaluations")) return events(inputs);
  const options = optionsOf(inputs, SUITE);
  if (inputs.has("excluded")) return exclusions(inputs, options);
  const job = jobOf(inputs);
  const excludedPeriods = inputs.flag("excludedPeriodActive") ? ["* * * * * ?"] : [];
  const verdict = run(job, { ...options, excludedPeriods });
  return { ...outcomeOf(job, verdict), ...toldOf(job, verdict, options) };
}

/** The job of a case: its vertices and their rates, each its own or one for all. */
function jobOf(inputs: Inputs): Job {
  const parallelism = inputs.count("parallelism", 10);
  const maxParallelism = inputs.limit("maxParallelism", 720);
  const topology = parseTopology(inputs.text("topology", PLAIN), () => ({ parallelism, maxParallelism }));
  const rates = new Map<string, Rates>();
  for (const { id } of topology) {
    const own = inputs.has(id) ? inputs.record(id) : {};
    const of = (name: string, standard: number): number => {
      const shared = inputs.has(name) ? inputs.get(name) : standard;
      const value = own[name] ?? (isRecord(shared) ? shared[id] : shared);
      return asNumber(value ?? standard, name);
    };
    // "Scaling is needed" without numbers: anything that is outside the bounds of every default.
    const needed = inputs.has("scalingNeeded") ? (inputs.flag("scalingNeeded") ? 110 : 70) : 100;
    rates.set(id, {
      targetRate: of("targetDataRate", needed),
      catchUpRate: of("catchUpDataRate", 0),
      trueProcessingRate: of("trueProcessingRate", 100),
    });
  }
  return {
    topology,
    rates,
    gcPressure: inputs.number("gcPressureCurrent", Number.NaN),
    heapUsage: inputs.number("heapUsageAverage", Number.NaN),
    taskManager: UNKNOWN_TASK_MANAGER,
  };
}

function run(job: Job, options: FlinkOptions): JobVerdict {
  const { topology, taskManager } = job;
  const evaluation = evaluationOf(job, options);
  return scaleJob(
    { topology, evaluation, history: {}, delayed: {}, restartMs: options.restartMs, taskManager },
    options,
    0,
  );
}

function evaluationOf(job: Job, options: FlinkOptions): Evaluation {
  const vertices: Record<string, Evaluated> = {};
  for (const vertex of job.topology) {
    const rates = job.rates.get(vertex.id);
    if (rates === undefined) continue;
    const thresholds = thresholdsOf(rates, options, options.restartMs, false);
    vertices[vertex.id] = {
      ...rates,
      parallelism: vertex.parallelism,
      maxParallelism: vertex.maxParallelism,
      partitions: vertex.partitions,
      load: Number.NaN,
      lag: Number.NaN,
      scaleUpThreshold: thresholds.scaleUp,
      scaleDownThreshold: thresholds.scaleDown,
    };
  }
  const none = Number.NaN;
  return {
    vertices,
    gcPressure: job.gcPressure,
    heapUsage: job.heapUsage,
    heapUsed: none,
    managedUsed: none,
    metaspaceUsed: none,
    slotsUsed: none,
    processingBacklog: false,
  };
}

function outcomeOf(job: Job, verdict: JobVerdict): Json {
  const changed = Object.entries(verdict.summaries).map(([id, s]) => [id, s.to] as const);
  const shown = verdict.executed || verdict.blocked !== "all-within" ? changed : [];
  const whole = job.topology.map((v) => [v.id, verdict.summaries[v.id]?.to ?? v.parallelism] as const);
  return {
    scalingExecuted: verdict.executed,
    scaledVertices: verdict.executed ? changed.map(([id]) => id) : [],
    // A case names all vertices or only those that change.
    parallelism: verdict.executed ? Object.fromEntries(whole) : Object.fromEntries(shown),
    newParallelism: changed[0]?.[1],
  };
}

function toldOf(job: Job, verdict: JobVerdict, options: FlinkOptions): Json {
  const evaluation = evaluationOf(job, options);
  const message = messagesOf(verdict, evaluation, options).at(-1);
  const line = message === undefined ? undefined : parseScalingReport(message.text)[0];
  const bad = message === undefined || message.reason === "ScalingReport" ? null : message.reason;
  return {
    eventReason: bad,
    reason: message?.reason,
    report:
      line === undefined
        ? undefined
        : {
            currentProcessCapacity: line.capacity,
            expectedProcessCapacity: line.expected,
            targetDataRate: line.target,
          },
    targetCapacity: [...job.rates.values()].map((r) => targetCapacity(r, options, options.restartMs))[0],
  };
}

/** The same job under several lists of excluded vertices. */
function exclusions(inputs: Inputs, options: FlinkOptions): Json {
  const job = jobOf(inputs);
  const executed = inputs.list("excluded").map((ids) => {
    const excludedVertices = Array.isArray(ids) ? ids.map(String) : [];
    return run(job, { ...options, excludedVertices }).executed;
  });
  return { scalingExecuted: executed };
}

function quota(inputs: Inputs): Json {
  const options = optionsOf(inputs, { ...SUITE, catchUpMs: 1_800_000 });
  const tm = inputs.record("taskManager");
  const shared = inputs.flag("sameSlotSharingGroup");
  const vertices = inputs.records("vertices");
  const ids = vertices.map((_, i) => `v${i}`);
  const topology = topologyFrom(ids, [], (id) => ({
    parallelism: asNumber(vertices[ids.indexOf(id)]?.["parallelism"], "vertices.parallelism"),
    slotSharingGroup: shared ? "one" : id,
  }));
  const rates = new Map(
    vertices.map((v, i) => [
      ids[i] ?? "",
      {
        targetRate: asNumber(v["targetDataRate"], "vertices.targetDataRate"),
        catchUpRate: asNumber(v["catchUpDataRate"] ?? 0, "vertices.catchUpDataRate"),
        trueProcessingRate: asNumber(v["trueProcessingRate"], "vertices.trueProcessingRate"),
      },
    ]),
  );
  const taskManager = {
    cpu: tm["cpu"] === null || tm["cpu"] === undefined ? null : asNumber(tm["cpu"], "taskManager.cpu"),
    memory: bytesIn(new Inputs(tm), "memory"),
    slots: asNumber(tm["slots"], "taskManager.slots"),
  };
  const job = { topology, rates, gcPressure: Number.NaN, heapUsage: Number.NaN, taskManager };
  const verdict = run(job, options);
  const need = verdict.quota;
  return {
    ...outcomeOf(job, verdict),
    ...toldOf(job, verdict, options),
    newParallelism: ids.map((id) => verdict.summaries[id]?.to),
    slots: need?.slots,
    taskManagers: need?.taskManagers,
    cpu: need?.cpu,
    memory:
      need?.memory === null || need?.memory === undefined
        ? null
        : formatMemory(need.memory).replace(" gb", "g"),
  };
}

/** Reports of equal and of changed evaluations, told once or each time. */
function events(inputs: Inputs): Json {
  const options = optionsOf(inputs, SUITE);
  inputs.get("explicitInterval");
  const job = jobOf(inputs);
  let told: Told = {};
  let events = 0;
  let reason: string | undefined;
  let executed = false;
  const look = (rate: number): void => {
    const rates = new Map([...job.rates].map(([id, r]) => [id, { ...r, trueProcessingRate: rate }]));
    const verdict = run({ ...job, rates }, options);
    executed = verdict.executed;
    for (const message of messagesOf(verdict, evaluationOf({ ...job, rates }, options), options)) {
      const next = tell(told, message, 0);
      told = next.told;
      reason = message.reason;
      if (next.isNew) events++;
    }
  };
  const rate = inputs.number("trueProcessingRate");
  const evaluations = inputs.looks("evaluations");
  for (let i = 0; i < evaluations; i++) look(rate);
  const first = events;
  look(rate + 1);
  return {
    events: first,
    reason,
    thirdEvaluation: { trueProcessingRate: rate + 1, eventCount: events },
    overridesEmpty: !executed,
  };
}

function memory(inputs: Inputs): Json {
  const options = optionsOf(inputs, { scaleDownIntervalMs: 0 });
  const own = inputs.record("vertices");
  const topology = parseTopology(inputs.text("topology"), (id) => {
    const vertex = own[id];
    return isRecord(vertex)
      ? { parallelism: asCount(vertex["parallelism"], `vertices.${id}.parallelism`) }
      : {};
  });
  const rates = new Map(
    topology.map(({ id }) => {
      const v = own[id];
      const of = (name: string): number =>
        asNumber(isRecord(v) ? v[name] : undefined, `vertices.${id}.${name}`);
      return [
        id,
        { targetRate: of("targetDataRate"), catchUpRate: 0, trueProcessingRate: of("trueProcessingRate") },
      ];
    }),
  );
  const job = {
    topology,
    rates,
    gcPressure: Number.NaN,
    heapUsage: Number.NaN,
    taskManager: UNKNOWN_TASK_MANAGER,
  };
  const verdict = run(job, options);
  if (!options.memoryTuning) return { ...outcomeOf(job, verdict), configOverrides: {} };
  return {
    ...outcomeOf(job, verdict),
    ...tuneMemory(
      {
        processBytes: bytesIn(inputs, "processMemory") ?? 0,
        slotsPerTaskManager: inputs.number("slotsPerTM"),
        slotsUsed: inputs.number("slotsUsed"),
        topology,
        changes: verdict.summaries,
        heapUsed: bytesIn(inputs, "heapUsedAvg") ?? 0,
        managedUsed: bytesIn(inputs, "managedUsedAvg") ?? 0,
        metaspaceUsed: bytesIn(inputs, "metaspaceUsedAvg") ?? 0,
      },
      options,
    ),
  };
}

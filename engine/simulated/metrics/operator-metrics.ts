import type { SubtaskFrame } from "./frame.ts";
import { watermarkOf } from "./task-metrics.ts";
import type { OfFrame, VertexShape } from "./vertex-shape.ts";

const zero: OfFrame = () => 0;

/** Flink's value for a lag that is not known yet. */
const UNDEFINED_LAG = -1;

const lagOf = (f: SubtaskFrame): number | undefined =>
  f.watermark === undefined ? undefined : Math.max(0, Math.floor(f.at - f.watermark));

/** Operator level names of one vertex, without the operator. Every vertex of a simulated job is one operator. */
export function operatorMetrics(shape: VertexShape): ReadonlyMap<string, OfFrame> {
  const specific = shape.isSource ? ofSource(shape) : shape.isSink ? ofSink(shape) : ofInner();
  return new Map<string, OfFrame>([
    ["currentOutputWatermark", watermarkOf],
    ["numRecordsIn", (f) => f.readRecords],
    ["numRecordsInPerSecond", (f) => f.readPerSecond],
    ["numBytesIn", zero],
    ["numBytesInPerSecond", zero],
    ["numRecordsOutPerSecond", (f) => (shape.isSink ? 0 : f.writePerSecond)],
    ["numBytesOutPerSecond", zero],
    ...specific,
  ]);
}

function ofInner(): [string, OfFrame][] {
  return [
    ["currentInputWatermark", watermarkOf],
    ["numRecordsOut", (f) => f.writeRecords],
    ["numBytesOut", zero],
  ];
}

function ofSource(shape: VertexShape): [string, OfFrame][] {
  const pending: [string, OfFrame] = ["pendingRecords", (f: SubtaskFrame) => f.pendingRecords];
  return [
    ["numRecordsOut", (f) => f.writeRecords],
    ["numBytesOut", zero],
    ["numRecordsInErrors", zero],
    ["currentEmitEventTimeLag", (f) => lagOf(f) ?? UNDEFINED_LAG],
    // Registered with the first watermark.
    ["watermarkLag", lagOf],
    ["sourceIdleTime", zero],
    ...(shape.plan.source?.reportsPending === true ? [pending] : []),
  ];
}

function ofSink(shape: VertexShape): [string, OfFrame][] {
  return [
    ["currentInputWatermark", watermarkOf],
    ["numRecordsSend", (f) => f.readRecords],
    ["numRecordsSendErrors", zero],
    ["numBytesSend", (f) => Math.round(f.readRecords * shape.bytesPerRead)],
  ];
}

/** Names below `split.<partition>.`; Flink has them since 2.0. */
export function splitMetrics(shape: VertexShape): ReadonlyMap<string, OfFrame> {
  if (!shape.isSource || shape.flinkMajor < 2) return new Map();
  const taskMs = (f: SubtaskFrame): number => f.busyMs + f.idleMs + f.backPressuredMs;
  return new Map<string, OfFrame>([
    ["watermark.currentWatermark", watermarkOf],
    ["watermark.activeTimeMsPerSecond", () => 1_000],
    ["watermark.idleTimeMsPerSecond", zero],
    ["watermark.pausedTimeMsPerSecond", zero],
    ["watermark.accumulatedActiveTimeMs", taskMs],
    ["watermark.accumulatedIdleTimeMs", zero],
    ["watermark.accumulatedPausedTimeMs", zero],
  ]);
}

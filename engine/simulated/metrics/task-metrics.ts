import type { SubtaskFrame } from "./frame.ts";
import type { OfFrame, VertexShape } from "./vertex-shape.ts";

/** `Long.MIN_VALUE`, in Flink's digits: no watermark yet. */
export const NO_WATERMARK = "-9223372036854775808";

export const watermarkOf = (frame: SubtaskFrame): number | string =>
  frame.watermark === undefined ? NO_WATERMARK : Math.floor(frame.watermark);

const zero: OfFrame = () => 0;
const BUFFER_BYTES = 32_768;

/** Metrics that the physics has nothing to say about: Flink's value of a job that is well. */
const QUIET = [
  "changelogBusyTimeMsPerSecond",
  "checkpointStartDelayNanos",
  "maxHardBackPressureTimeMs",
  "maxSoftBackPressureTimeMs",
  "numFiredTimers",
  "numFiredTimersPerSecond",
  "mailboxQueueSize",
  "initializationTime",
];

export const MAILBOX_LATENCY = "mailboxLatencyMs";
const MAILBOX_STATISTICS = "max mean median min p75 p90 p95 p98 p99 p999 stddev".split(" ");

/** Task level names of one vertex (the same on every operator chain). */
export function taskMetrics(shape: VertexShape): ReadonlyMap<string, OfFrame> {
  return new Map([
    ...QUIET.map((name): [string, OfFrame] => [name, zero]),
    ...times(),
    ...records(shape),
    ...buffers(shape),
    ...(shape.isSource
      ? []
      : [
          ["currentInputWatermark", watermarkOf] as [string, OfFrame],
          ["checkpointAlignmentTime", zero] as [string, OfFrame],
        ]),
    ["mailboxMailsPerSecond", () => 1],
    ...MAILBOX_STATISTICS.map((s): [string, OfFrame] => [`${MAILBOX_LATENCY}_${s}`, zero]),
  ]);
}

function times(): [string, OfFrame][] {
  return [
    ["busyTimeMsPerSecond", (f) => f.busyMsPerSecond],
    ["idleTimeMsPerSecond", (f) => f.idleMsPerSecond],
    ["backPressuredTimeMsPerSecond", (f) => f.backPressuredMsPerSecond],
    ["softBackPressuredTimeMsPerSecond", (f) => f.backPressuredMsPerSecond],
    ["hardBackPressuredTimeMsPerSecond", zero],
    ["isBackPressured", (f) => (f.backPressuredMsPerSecond > 0 ? "true" : "false")],
    ["accumulateBusyTimeMs", (f) => f.busyMs],
    ["accumulateIdleTimeMs", (f) => f.idleMs],
    ["accumulateBackPressuredTimeMs", (f) => f.backPressuredMs],
  ];
}

/** Before 2.0 the task of a source does not count what its operator reads. */
const countsReads = (shape: VertexShape): boolean => !shape.isSource || shape.flinkMajor >= 2;

/** Records that this task has read, as its own counter says. */
export const taskReads = (shape: VertexShape, frame: SubtaskFrame): number =>
  countsReads(shape) ? frame.readRecords : 0;

/** Sources read from outside the network: Flink counts no bytes there. */
export const taskReadBytes = (shape: VertexShape, frame: SubtaskFrame): number =>
  Math.round(frame.readRecords * shape.bytesPerRead);
export const taskWriteBytes = (shape: VertexShape, frame: SubtaskFrame): number =>
  Math.round(taskWrites(shape, frame) * shape.bytesPerWrite);
/** What a sink gives to the outside does not count as written. */
export const taskWrites = (shape: VertexShape, frame: SubtaskFrame): number =>
  shape.isSink ? 0 : frame.writeRecords;

function records(shape: VertexShape): [string, OfFrame][] {
  const reads = countsReads(shape) ? (f: SubtaskFrame) => f.readPerSecond : zero;
  const writes = shape.isSink ? zero : (f: SubtaskFrame) => f.writePerSecond;
  return [
    ["numRecordsIn", (f) => taskReads(shape, f)],
    ["numRecordsInPerSecond", reads],
    ["numRecordsOut", (f) => taskWrites(shape, f)],
    ["numRecordsOutPerSecond", writes],
    ["numBytesIn", (f) => taskReadBytes(shape, f)],
    ["numBytesInPerSecond", (f) => f.readPerSecond * shape.bytesPerRead],
    ["numBytesOut", (f) => taskWriteBytes(shape, f)],
    ["numBytesOutPerSecond", (f) => (shape.isSink ? 0 : f.writePerSecond * shape.bytesPerWrite)],
    ["numBuffersOut", (f) => Math.ceil(taskWriteBytes(shape, f) / BUFFER_BYTES)],
    ["numBuffersOutPerSecond", zero],
  ];
}

/** All channels count as remote ones. */
function channels(shape: VertexShape): [string, OfFrame][] {
  return [
    ["numBuffersInLocal", zero],
    ["numBuffersInLocalPerSecond", zero],
    ["numBuffersInRemote", (f) => Math.ceil(taskReadBytes(shape, f) / BUFFER_BYTES)],
    ["numBuffersInRemotePerSecond", zero],
    ["numBytesInLocal", zero],
    ["numBytesInLocalPerSecond", zero],
    ["numBytesInRemote", (f) => taskReadBytes(shape, f)],
    ["numBytesInRemotePerSecond", (f) => f.readPerSecond * shape.bytesPerRead],
  ];
}

function buffers(shape: VertexShape): [string, OfFrame][] {
  const input: [string, OfFrame][] = [
    ["inPoolUsage", (f) => f.inPoolUsage],
    ["inputExclusiveBuffersUsage", (f) => f.inPoolUsage],
    ["inputFloatingBuffersUsage", (f) => f.inPoolUsage],
    ["inputQueueLength", (f) => Math.ceil((f.queued * shape.bytesPerRead) / BUFFER_BYTES)],
    ["inputQueueSize", (f) => Math.round(f.queued * shape.bytesPerRead)],
  ];
  const output: [string, OfFrame][] = [
    ["outPoolUsage", (f) => f.backPressuredMsPerSecond / 1_000],
    ["outputQueueLength", zero],
    ["outputQueueSize", zero],
  ];
  const under = (prefix: string, list: [string, OfFrame][]): [string, OfFrame][] =>
    list.map(([name, of]) => [prefix + name, of]);
  return [
    ...channels(shape),
    ...under("Shuffle.Netty.Input.", channels(shape)),
    ...under("Shuffle.Netty.Input.Buffers.", input),
    ...under("Shuffle.Netty.Output.Buffers.", output),
    // Deprecated twins, gone in 2.0.
    ...(shape.flinkMajor >= 2 ? [] : under("buffers.", [...input, ...output])),
  ];
}

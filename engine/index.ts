/**
 * Flink as Outrider sees it: a REST client, a reader that turns a job into one consistent `JobReadout`, and a
 * second reader over metric reporter pages.
 *
 * Whatever the outside does wrong arrives here as a `Failure`; nothing else is thrown. Missing numbers are missing
 * readings, never 0. Nothing here decides anything, and nothing acts unless a method that acts is called.
 * Clients hold connections: call `close()`.
 */

export type { ParsePage, ReporterReader, ReporterReadout } from "./reporter/read-job.ts";
export { createReporterReader } from "./reporter/read-job.ts";
export { createActuator } from "./rest/actuate.ts";
export type { Checkpoint, Checkpoints, OperationStatus } from "./rest/checkpoint-replies.ts";
export type { Bounds, FlinkRest, JarRun, SavepointRequest } from "./rest/client.ts";
export { createFlinkRest } from "./rest/client.ts";
export type { HealthReader, HealthReaderOptions } from "./rest/read-health.ts";
export { createHealthReader } from "./rest/read-health.ts";
export type { JobReader } from "./rest/read-job.ts";
export { createJobReader } from "./rest/read-job.ts";
export type { RecentReplies } from "./rest/recent-replies.ts";
export { createRecentReplies } from "./rest/recent-replies.ts";
export type { FlinkRestOptions } from "./rest/transport.ts";
export { createTransport } from "./rest/transport.ts";

/**
 * The vocabulary of Outrider: what a job, a vertex, a reading, an observation and a decision are.
 * Types and unit arithmetic only. Everyone may import it; it imports nothing.
 */
export * from "./decision.ts";
export * from "./diagnosis.ts";
export * from "./did-you-mean.ts";
export * from "./event.ts";
export * from "./failure.ts";
export * from "./finding.ts";
export * from "./flink-metrics.ts";
export * from "./graph.ts";
export * from "./health.ts";
export * from "./job.ts";
export * from "./location.ts";
export * from "./location-map.ts";
export * from "./metric-names.ts";
export * from "./observation.ts";
export * from "./pause.ts";
export * from "./promql.ts";
export * from "./reading.ts";
export * from "./readout.ts";
export * from "./restore.ts";
export * from "./snapshot.ts";
export * from "./time.ts";

export { diagnose, remedyOf } from "./diagnose.ts";
export { type ReadReportOptions, readReport } from "./read-report.ts";
export { findingsReference } from "./reference.ts";
export type { ClusterReport, JobReport, Part, TaskManagerReport, VertexReport } from "./report.ts";
export { RULES } from "./rules/index.ts";
export type { Rule, RuleInfo } from "./rules/rule.ts";

import type { Inputs, Json } from "./case.ts";
import { metricsCollection, scalingMetrics } from "./collection.ts";
import { delayedScaleDown } from "./delayed.ts";
import { endToEnd } from "./end-to-end.ts";
import { evaluator } from "./evaluator.ts";
import { executor } from "./executor.ts";
import { loop } from "./loop.ts";
import { memoryScaling, memoryTuning, slotEstimate } from "./memory.ts";
import {
  calendar,
  exclusion,
  implementation,
  jobStatus,
  realizer,
  report,
  topology,
  tracking,
  validator,
} from "./single.ts";
import { alignmentMode, vertexScaler } from "./vertex-scaler.ts";

/** Runs one case: all that the policy says about its inputs, of which the case compares what it knows. */
export type Runner = (inputs: Inputs, expected: unknown, name: string) => Json;

/** How each suite is run. */
export const SUITES: Readonly<Record<string, Runner>> = {
  JobVertexScalerTest: (inputs, _, name) => vertexScaler(inputs, name),
  AlignmentModeTest: alignmentMode,
  "ParallelismAlignment (FLINK-40389, PR 1179, after HEAD)": alignmentMode,
  ScalingMetricEvaluatorTest: evaluator,
  ScalingMetricsTest: scalingMetrics,
  ScalingExecutorTest: executor,
  MemoryTuningTest: memoryTuning,
  MemoryScalingTest: memoryScaling,
  ResourceCheckUtilsTest: slotEstimate,
  DelayedScaleDownTest: delayedScaleDown,
  DelayedScaleDownEndToEndTest: endToEnd,
  BacklogBasedScalingTest: loop,
  RecommendedParallelismTest: loop,
  MetricsCollectionAndEvaluationTest: metricsCollection,
  ScalingTrackingTest: tracking,
  CalendarUtilsTest: calendar,
  JobStatusUtilsTest: jobStatus,
  AutoScalerUtilsTest: exclusion,
  JobTopologyTest: topology,
  AutoScalerEventHandlerTest: report,
  AutoscalerValidatorTest: validator,
  JobAutoScalerImplTest: implementation,
  RescaleApiScalingRealizerTest: realizer,
};

/** Suites that are about something that Outrider does not have or does in its own way, and why. */
export const OUT_OF_SCOPE: Readonly<Record<string, string>> = {
  TestScalingExecutorTest: "an example plugin in Java, not the autoscaler",
  "ScalingExecutorTest.ScalingExecutorPluginTest":
    "the plugin interface for Java classes that veto or rewrite",
  RestApiMetricsCollectorTest:
    "how the Java client asks Flink; Outrider has its own reader and tests it on real Flink",
  ScalingMetricCollectorTest:
    "parsing job details in Java; Outrider has its own reader and tests it on real Flink",
  StandaloneAutoscalerEntrypointTest: "the command line of the standalone Java process",
  AbstractJdbcAutoscalerEventHandlerITCase: "events in a database; Outrider has its own store",
};

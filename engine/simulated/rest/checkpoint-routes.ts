import type { GraphCopy } from "../metrics/graph-cache.ts";
import { KEPT_BY_DEFAULT } from "../physics/retention.ts";
import type { CheckpointView } from "../view.ts";
import { jobNotFound, ok, refusal, type SimulatorReply } from "./reply.ts";
import { type Asked, type Route, route } from "./route.ts";
import { summaryOf } from "./spread.ts";

const ofGraph =
  (answer: (graph: GraphCopy, asked: Asked) => SimulatorReply): Route["answer"] =>
  (asked) => {
    const graph = asked.desk.graphs(asked.at["jobid"] ?? "");
    return graph === undefined ? jobNotFound(asked.at["jobid"] ?? "") : answer(graph, asked);
  };

/** What Flink writes where an external path is missing. */
const NO_PATH = "<checkpoint-not-externally-addressable>";

/** Routes about checkpoints, answered from the graph cache. */
export const checkpointRoutes: readonly Route[] = [
  route(
    "GET /jobs/:jobid/checkpoints",
    ofGraph((graph, { desk }) =>
      graph.plan.checkpoints === undefined
        ? refusal(404, "Checkpointing has not been enabled.")
        : ok(statisticsOf(graph, desk.cluster.now())),
    ),
  ),
  route(
    "GET /jobs/:jobid/checkpoints/config",
    ofGraph((graph) => configOf(graph)),
  ),
  route(
    "GET /jobs/:jobid/checkpoints/details/:checkpointid",
    ofGraph((graph, { at, desk }) => {
      const id = Number(at["checkpointid"]);
      const found = graph.checkpoints.history.find((c) => c.id === id);
      return found === undefined
        ? refusal(404, `Could not find checkpointing statistics for checkpoint ${id}.`)
        : ok({ ...checkpointOf(graph, found, desk.cluster.now()), tasks: tasksOf(graph, found) });
    }),
  ),
];

function statisticsOf(graph: GraphCopy, now: number) {
  const { checkpoints } = graph;
  const completed = checkpoints.history.filter((c) => c.status === "COMPLETED");
  const sizes = completed.map((c) => c.stateBytes);
  const none = completed.map(() => 0);
  const shown = (c: CheckpointView | undefined) => (c === undefined ? null : checkpointOf(graph, c, now));
  const { restored } = checkpoints;
  return {
    counts: {
      // The simulated coordinator does not count restores: every restart after the first checkpoint is one.
      restored: restored === undefined ? 0 : Math.max(1, graph.restarts),
      total: checkpoints.triggered,
      in_progress: checkpoints.inProgress,
      completed: checkpoints.completed,
      failed: checkpoints.failed,
    },
    summary: {
      checkpointed_size: summaryOf(sizes),
      state_size: summaryOf(sizes),
      end_to_end_duration: summaryOf(completed.map((c) => c.durationMs ?? 0)),
      alignment_buffered: summaryOf(none),
      processed_data: summaryOf(none),
      persisted_data: summaryOf(none),
    },
    latest: {
      completed: shown(checkpoints.latestCompleted),
      savepoint: shown(checkpoints.latestSavepoint),
      failed: shown(checkpoints.latestFailed),
      restored:
        restored === undefined
          ? null
          : {
              id: restored.id,
              restore_timestamp: restored.at,
              is_savepoint: restored.isSavepoint,
              external_path:
                restored.path ?? checkpoints.history.find((c) => c.id === restored.id)?.path ?? NO_PATH,
            },
    },
    history: checkpoints.history.map((c) => checkpointOf(graph, c, now)),
  };
}

function checkpointOf(graph: GraphCopy, c: CheckpointView, now: number) {
  const subtasks = graph.vertices.reduce((sum, v) => sum + v.parallelism, 0);
  return {
    className: c.status.toLowerCase(),
    id: c.id,
    status: c.status,
    is_savepoint: c.isSavepoint,
    savepointFormat: c.isSavepoint ? (c.format ?? "canonical").toUpperCase() : null,
    trigger_timestamp: c.triggeredAt,
    latest_ack_timestamp: c.status === "COMPLETED" ? (c.endedAt ?? -1) : -1,
    checkpointed_size: c.stateBytes,
    state_size: c.stateBytes,
    end_to_end_duration: c.durationMs ?? Math.max(0, (c.endedAt ?? now) - c.triggeredAt),
    alignment_buffered: 0,
    processed_data: 0,
    persisted_data: 0,
    num_subtasks: subtasks,
    num_acknowledged_subtasks: c.status === "COMPLETED" ? subtasks : 0,
    checkpoint_type: c.isSavepoint ? "SAVEPOINT" : "CHECKPOINT",
    tasks: {},
    ...endingOf(c),
  };
}

function endingOf(c: CheckpointView) {
  if (c.status === "COMPLETED") return { external_path: c.path ?? NO_PATH, discarded: c.discarded ?? false };
  if (c.status === "IN_PROGRESS") return {};
  return {
    failure_timestamp: c.endedAt ?? c.triggeredAt,
    failure_message: c.failure ?? "Checkpoint expired before completing.",
  };
}

/** Each vertex' part, with the state split as its plan says. */
function tasksOf(graph: GraphCopy, c: CheckpointView) {
  const total = graph.vertices.reduce((sum, v) => sum + v.plan.stateBytes, 0);
  const done = c.status === "COMPLETED";
  return Object.fromEntries(
    graph.vertices.map((v) => {
      const bytes = total === 0 ? 0 : Math.round((c.stateBytes * v.plan.stateBytes) / total);
      const line = {
        id: c.id,
        status: c.status,
        latest_ack_timestamp: done ? (c.endedAt ?? -1) : -1,
        checkpointed_size: bytes,
        state_size: bytes,
        end_to_end_duration: c.durationMs ?? -1,
        alignment_buffered: 0,
        processed_data: 0,
        persisted_data: 0,
        num_subtasks: v.parallelism,
        num_acknowledged_subtasks: done ? v.parallelism : 0,
      };
      return [v.id, line];
    }),
  );
}

function configOf({ id, plan: { checkpoints } }: GraphCopy): SimulatorReply {
  if (checkpoints === undefined) return refusal(404, `Checkpointing is not enabled for this job (${id}).`);
  const kept = checkpoints.kept ?? KEPT_BY_DEFAULT;
  return ok({
    mode: "exactly_once",
    interval: checkpoints.intervalMs,
    timeout: checkpoints.timeoutMs,
    min_pause: checkpoints.minPauseMs,
    max_concurrent: 1,
    externalization: {
      enabled: kept.retention !== "none",
      delete_on_cancellation: kept.retention !== "retain",
    },
    state_backend: kept.incremental ? "EmbeddedRocksDBStateBackend" : "HashMapStateBackend",
    checkpoint_storage: "FileSystemCheckpointStorage",
    unaligned_checkpoints: checkpoints.unaligned,
    tolerable_failed_checkpoints: 0,
    aligned_checkpoint_timeout: 0,
    checkpoints_after_tasks_finish: true,
    state_changelog_enabled: false,
    changelog_periodic_materialization_interval: 600_000,
    changelog_storage: "memory",
  });
}

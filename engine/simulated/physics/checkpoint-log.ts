import type { CheckpointsView, CheckpointView } from "../view.ts";

/** As many as Flink shows (`web.checkpoints.history`). */
const KEPT = 10;

/** What a job's JobManager tells of its checkpoints and savepoints. */
export abstract class CheckpointLog implements CheckpointsView {
  triggered = 0;
  completed = 0;
  failed = 0;
  history: readonly CheckpointView[] = [];
  latestCompleted: CheckpointView | undefined;
  latestSavepoint: CheckpointView | undefined;
  latestFailed: CheckpointView | undefined;
  restored: CheckpointsView["restored"];

  abstract get inProgress(): number;

  protected hasBegun(view: CheckpointView): void {
    this.triggered += 1;
    this.remember(view);
  }

  protected hasFailed(view: CheckpointView): void {
    this.failed += 1;
    this.latestFailed = view;
    this.remember(view);
  }

  protected hasCompleted(view: CheckpointView): void {
    this.completed += 1;
    if (view.isSavepoint) this.latestSavepoint = view;
    else this.latestCompleted = view;
    this.remember(view);
  }

  /** Flink deleted them. */
  protected markDiscarded(ids: readonly number[]): void {
    if (ids.length === 0) return;
    const mark = (c: CheckpointView): CheckpointView => (ids.includes(c.id) ? { ...c, discarded: true } : c);
    this.history = this.history.map(mark);
    this.latestCompleted = this.latestCompleted && mark(this.latestCompleted);
  }

  private remember(view: CheckpointView): void {
    this.history = [view, ...this.history.filter((c) => c.id !== view.id)].slice(0, KEPT);
  }
}

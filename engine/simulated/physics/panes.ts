import type { Instant } from "../../../model/index.ts";
import { endPane } from "./flow.ts";
import type { VertexRun } from "./vertex-run.ts";

/** Which pane each window of a job is in. It outlives attempts. */
export class Panes {
  private readonly open = new Map<string, number>();

  /** Ends the panes whose time is over. */
  endAt(now: Instant, vertices: readonly VertexRun[]): void {
    for (const vertex of vertices) {
      if (vertex.plan.window === undefined) continue;
      const { sizeMs, keys } = vertex.plan.window;
      // With a backlog event time passes slower than time, so panes hold more records and come more seldom. That shows
      // only where a pane leaves less than came in, and is costly to know.
      const reached = keys === undefined ? now : (vertex.inputEventTime ?? now);
      const pane = Math.floor(reached / sizeMs);
      // A restart goes back in event time: what is open then was open in the checkpoint.
      if (pane > (this.open.get(vertex.id) ?? pane)) endPane(vertex);
      this.open.set(vertex.id, pane);
    }
  }
}

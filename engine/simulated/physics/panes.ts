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
      const pane = Math.floor(now / vertex.plan.window.sizeMs);
      if (pane !== (this.open.get(vertex.id) ?? pane)) endPane(vertex);
      this.open.set(vertex.id, pane);
    }
  }
}

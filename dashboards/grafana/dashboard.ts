import type { Promql } from "../../model/index.ts";
import type { RowSpec } from "./panel.ts";

/** Something that happened, drawn as a line through all charts. */
export interface AnnotationSpec {
  readonly name: string;
  /** Every point that is not 0 is a mark; it is asked once a minute, so it must look back one minute. */
  readonly expr: Promql;
  /** Grafana's template over the labels, such as `{{vertex}}`. */
  readonly title: string;
  readonly color: "red" | "orange" | "blue" | "gray";
  /** Whether it is drawn until the reader switches it on or off. */
  readonly shown: boolean;
}

/** A dashboard as data. `build-dashboard.ts` makes Grafana's model of it. */
export interface DashboardSpec {
  /** Last part of the uid and name of the file: stays as it is from release to release. */
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  /** How far back it looks when opened, such as `now-1h`. */
  readonly from: string;
  readonly rows: readonly RowSpec[];
  readonly annotations: readonly AnnotationSpec[];
}

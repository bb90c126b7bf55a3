import type { Promql } from "../../model/index.ts";

/** One query of a panel. Its metrics come from the catalogue; `$…` are variables of the dashboard. */
export interface PanelQuery {
  readonly expr: Promql;
  /** Grafana's legend template, such as `{{task_name}}`. */
  readonly legend: string;
  /**
   * Why a healthy job may have no such series, as a sentence for people. Without it an empty answer is a fault of the
   * dashboard.
   */
  readonly mayBeEmpty?: string;
}

/** Grafana's unit ids that the dashboards use. */
export type Unit = "short" | "s" | "ms" | "bytes" | "percentunit" | "recps";

/** From which value on which colour holds; `null` is the colour below all values. */
export interface Step {
  readonly from: number | null;
  readonly color: "green" | "yellow" | "red" | "blue" | "gray" | "text";
}

/** What a number means, where it is a code rather than a measure. */
export interface ValueText {
  readonly value: number;
  readonly text: string;
  readonly color: "green" | "yellow" | "red" | "blue" | "gray";
}

/** What to read about a panel: the page of an alert, by the alert's name. */
export type RunbookName = string;

/** A panel as data: what it asks and how it shows the answer. `build-panel.ts` makes Grafana's model of it. */
export interface PanelSpec {
  /** Stays as it is from release to release: links to a panel carry it. */
  readonly id: number;
  readonly kind: "stat" | "timeseries" | "bars" | "state-timeline";
  readonly title: string;
  /** What is shown, in which sense a value is bad, and what is left out. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly [PanelQuery, ...PanelQuery[]];
  /** Columns of 24 and rows of about 30 px. */
  readonly width: number;
  readonly height: number;
  readonly min?: number;
  readonly max?: number;
  readonly decimals?: number;
  readonly steps?: readonly [Step, ...Step[]];
  readonly texts?: readonly ValueText[];
  readonly stacked?: true;
  /** For values that lie powers of ten apart. */
  readonly logarithmic?: true;
  /** Shown where there is no value. */
  readonly noValue?: string;
  readonly runbooks?: readonly RunbookName[];
}

/** A titled row and what lies below it. */
export interface RowSpec {
  readonly id: number;
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

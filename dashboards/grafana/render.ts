import { buildDashboard } from "./build-dashboard.ts";
import { refIdOf } from "./build-panel.ts";
import type { DashboardSpec } from "./dashboard.ts";
import { JOB_DASHBOARD } from "./job/dashboard.ts";
import { type DashboardSettingsInput, parseDashboardSettings } from "./settings.ts";

/** Every dashboard that is generated; add a line for another one. */
export const DASHBOARDS: readonly DashboardSpec[] = [JOB_DASHBOARD];

/** A generated file, by its name below the folder of the caller's choice. */
export interface RenderedFile {
  readonly file: string;
  readonly content: string;
}

/**
 * All dashboards as JSON for Grafana: the same arguments give the same bytes. Wrong settings are a `Failure`.
 * `runbooks` is the setting of that name for alerts; where it is an http or https URL, panels link to NAME.md there.
 */
export function renderDashboards(
  settings: DashboardSettingsInput = {},
  runbooks = "docs/runbooks",
): readonly RenderedFile[] {
  const parsed = parseDashboardSettings(settings);
  return DASHBOARDS.map((spec) => ({
    file: `${spec.slug}.json`,
    content: `${JSON.stringify(buildDashboard(spec, parsed, runbooks), null, 2)}\n`,
  }));
}

/** A query that a dashboard sends, as a test or a person would ask it. */
export interface DashboardQuery {
  readonly dashboard: string;
  readonly panelId: number;
  readonly panel: string;
  readonly refId: string;
  /** PromQL with the dashboard's variables filled in. */
  readonly expr: string;
  /** Why a healthy job may give no answer; without it an empty answer is a fault. */
  readonly mayBeEmpty?: string;
}

/** What Grafana would put in place of the variables. */
export interface VariableValues {
  /** The job's name as Flink's reporter spells it: `load-job` is `load_job`. */
  readonly job: string;
  /** A regular expression; all clusters without it. */
  readonly cluster?: string;
  readonly namespace?: string;
  /** At least four scrape intervals, such as `1m`. */
  readonly rateInterval: string;
  /** The time range of the dashboard, such as `1h`. */
  readonly range: string;
}

/** Every query of every panel, ready for Prometheus. */
export function dashboardQueries(values: VariableValues): readonly DashboardQuery[] {
  return DASHBOARDS.flatMap(({ slug, rows }) =>
    rows
      .flatMap((row) => row.panels)
      .flatMap((panel) =>
        panel.queries.map(({ expr, mayBeEmpty }, index) => ({
          dashboard: slug,
          panelId: panel.id,
          panel: panel.title,
          refId: refIdOf(index),
          expr: fillIn(expr.text, values),
          ...(mayBeEmpty === undefined ? {} : { mayBeEmpty }),
        })),
      ),
  );
}

/** Every query that draws marks; most of the time their answer is empty, because nothing happened. */
export function annotationQueries(values: VariableValues): readonly { name: string; expr: string }[] {
  return DASHBOARDS.flatMap(({ annotations }) =>
    annotations.map(({ name, expr }) => ({ name, expr: fillIn(expr.text, values) })),
  );
}

function fillIn(expr: string, values: VariableValues): string {
  return expr
    .replaceAll("$__rate_interval", () => values.rateInterval)
    .replaceAll("$__range", () => values.range)
    .replaceAll("$cluster", () => values.cluster ?? ".*")
    .replaceAll("$namespace", () => values.namespace ?? ".*")
    .replaceAll("$job", () => values.job);
}

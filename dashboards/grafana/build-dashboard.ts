import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { buildPanel, DATA_SOURCE, linkTo, type RunbookUrl } from "./build-panel.ts";
import type { AnnotationSpec, DashboardSpec } from "./dashboard.ts";
import { layOut } from "./layout.ts";
import { type DashboardSettings, isWebAddress } from "./settings.ts";
import { buildVariables } from "./variables.ts";

/** Annotations are asked at this step; their queries look back as far. */
const ANNOTATION_STEP = "60s";

/**
 * Grafana's model of a dashboard (schema v1, which every Grafana from 10 on reads). `runbooks` is where the pages of the
 * alerts lie: a path in a checkout leads nowhere from Grafana, so only a web address makes links.
 */
export function buildDashboard(
  spec: DashboardSpec,
  settings: DashboardSettings,
  runbooks: string,
): Dashboard {
  const pages = isWebAddress(runbooks) ? runbooks.replace(/\/+$/, "") : undefined;
  const builder = new DashboardBuilder(spec.title)
    .uid(uidOf(spec, settings))
    .description(spec.description)
    .tags([...settings.tags])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: spec.from, to: "now" })
    .refresh(settings.refresh)
    .annotations(spec.annotations.map(annotationOf))
    .links(linksOf(settings, pages));
  const runbookUrl: RunbookUrl = (alert) => (pages === undefined ? undefined : `${pages}/${alert}.md`);
  for (const { row, place, panels } of layOut(spec.rows)) {
    builder.withRow(new RowBuilder(row.title).id(row.id).gridPos(place));
    for (const { panel, place: at } of panels) builder.withPanel(buildPanel(panel, at, runbookUrl));
  }
  const dashboard = builder.build();
  return { ...dashboard, templating: { list: buildVariables() } };
}

/** The uid under which Grafana knows the dashboard, whoever provisions it. */
export function uidOf(spec: DashboardSpec, settings: DashboardSettings): string {
  return `${settings.uidPrefix}-${spec.slug}`;
}

function annotationOf(spec: AnnotationSpec): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(spec.name)
    .datasource(DATA_SOURCE)
    .enable(spec.shown)
    .hide(false)
    .iconColor(spec.color)
    .expr(spec.expr.text)
    .step(ANNOTATION_STEP)
    .titleFormat(spec.title);
}

function linksOf({ consoleUrl }: DashboardSettings, pages: string | undefined) {
  return [
    ...(consoleUrl === undefined ? [] : [linkTo("Outrider", consoleUrl)]),
    ...(pages === undefined ? [] : [linkTo("Runbooks", pages)]),
  ];
}

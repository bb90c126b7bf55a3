/**
 * Dashboards for Grafana, generated: `renderDashboards` gives the files, `dashboardQueries` and `annotationQueries` what
 * they ask of Prometheus. Pure: the same settings give the same bytes. Every metric is named through the catalogue in
 * `model/`, so that a misspelt name does not compile.
 */
export { type LintedDashboard, lintDashboard, RULES_NOT_HELD } from "./lint.ts";
export {
  annotationQueries,
  type DashboardQuery,
  dashboardQueries,
  type RenderedFile,
  renderDashboards,
  type VariableValues,
} from "./render.ts";
export { type DashboardSettings, type DashboardSettingsInput, dashboardSettings } from "./settings.ts";

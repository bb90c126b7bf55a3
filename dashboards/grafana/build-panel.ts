import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMap,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimelineBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { GridPlace } from "./layout.ts";
import type { PanelSpec, Step, ValueText } from "./panel.ts";

/** The data source that the reader picks at the top of the dashboard; no dashboard names one of its own. */
export const DATA_SOURCE = { type: "prometheus", uid: "$datasource" };

/** Where the runbook of an alert is; `undefined` where no pages are published. */
export type RunbookUrl = (alert: string) => string | undefined;

/** Grafana's model of a panel. The SDK sets neither ids nor data sources nor reference ids: that is done here. */
export function buildPanel(panel: PanelSpec, place: GridPlace, runbookUrl: RunbookUrl): Builder<Panel> {
  const builder = shapeOf(panel)
    .id(panel.id)
    .title(panel.title)
    .description(panel.description)
    .datasource(DATA_SOURCE)
    .gridPos(place)
    .unit(panel.unit)
    .targets(panel.queries.map((_, index) => queryOf(panel, index)));
  if (panel.min !== undefined) builder.min(panel.min);
  if (panel.max !== undefined) builder.max(panel.max);
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  if (panel.noValue !== undefined) builder.noValue(panel.noValue);
  if (panel.steps !== undefined) builder.thresholds(thresholdsOf(panel.steps));
  if (panel.texts !== undefined) builder.mappings([textsOf(panel.texts)]);
  const links = (panel.runbooks ?? []).flatMap((alert) => {
    const url = runbookUrl(alert);
    return url === undefined ? [] : [linkTo(`Runbook: ${alert}`, url)];
  });
  return links.length === 0 ? builder : builder.links(links);
}

/** A link that leaves Grafana. */
export function linkTo(title: string, url: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);
}

/** Least width of a bar: narrower ones would overlap in what they count, and show one event several times. */
const BAR_STEP = "1m";

type AnyBuilder = StatBuilder | TimeSeriesBuilder | StateTimelineBuilder;

function shapeOf(panel: PanelSpec): AnyBuilder {
  switch (panel.kind) {
    case "stat":
      return statShape();
    case "state-timeline":
      return timelineShape(panel);
    case "bars":
      return chartShape(panel).drawStyle(GraphDrawStyle.Bars).fillOpacity(70).interval(BAR_STEP);
    case "timeseries":
      return chartShape(panel);
  }
}

function statShape(): StatBuilder {
  return new StatBuilder()
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Auto)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
}

function timelineShape(panel: PanelSpec): StateTimelineBuilder {
  return (
    new StateTimelineBuilder()
      // A state is a word; a measure would be a number on every sliver of the line.
      .showValue(panel.texts === undefined ? VisibilityMode.Never : VisibilityMode.Auto)
      .mergeValues(true)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .legend(legend().showLegend(false))
      .tooltip(tooltip())
  );
}

function chartShape(panel: PanelSpec): TimeSeriesBuilder {
  const builder = new TimeSeriesBuilder()
    .lineWidth(1)
    .fillOpacity(panel.stacked === true ? 40 : 5)
    .showPoints(VisibilityMode.Never)
    .legend(legend())
    .tooltip(tooltip());
  if (panel.logarithmic === true) {
    builder.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10));
  }
  if (panel.stacked === true) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (panel.steps !== undefined) {
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  return builder;
}

/** The SDK hides the legend unless it is asked for. */
function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .calcs(["lastNotNull", "max"]);
}

function tooltip(): VizTooltipOptionsBuilder {
  return new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
}

function queryOf(panel: PanelSpec, index: number): DataqueryBuilder {
  const query = panel.queries[index];
  const builder = new DataqueryBuilder()
    .refId(refIdOf(index))
    .datasource(DATA_SOURCE)
    .expr(query?.expr.text ?? "")
    .legendFormat(query?.legend ?? "");
  return panel.kind === "stat" ? builder.instant() : builder.range();
}

/** 0 → `A`, 1 → `B`. */
export function refIdOf(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

function thresholdsOf(steps: readonly Step[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(({ from, color }) => ({ value: from, color })));
}

function textsOf(texts: readonly ValueText[]): ValueMap {
  const options = Object.fromEntries(
    texts.map(({ value, text, color }, index) => [String(value), { text, color, index }]),
  );
  return { type: MappingType.ValueToText, options };
}

import {
  type Dashboard,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { FlinkMetricName, OwnMetricName } from "../../model/index.ts";
import { DATA_SOURCE } from "./build-panel.ts";

type Variable = NonNullable<NonNullable<Dashboard["templating"]>["list"]>[number];

/** Both tell which jobs there are: Flink those that live, Outrider also those that failed. */
const WITNESSES: readonly [FlinkMetricName, OwnMetricName] = [
  "flink_jobmanager_job_runningTime",
  "outrider_job_expected",
];
const IN_CLUSTER = ', cluster=~"$cluster", namespace=~"$namespace"';
/** How Grafana's own editor marks a query for the values of a label. */
const LABEL_VALUES = { qryType: 1, refId: "PrometheusVariableQueryEditor-VariableQuery" };

/** The choices at the top of every dashboard: data source, cluster, namespace, job. */
export function buildVariables(): Variable[] {
  return [
    new DatasourceVariableBuilder("datasource").label("Data source").type("prometheus").build(),
    many("cluster", "Cluster", "").build(),
    many("namespace", "Namespace", ', cluster=~"$cluster"').build(),
    labelVariable("job", "Job", "job_name", IN_CLUSTER).multi(false).includeAll(false).build(),
  ].map(withoutInterval);
}

/** `.*` rather than `.+`: where a scrape adds no such label there is nothing to match. */
function many(name: string, label: string, scope: string): QueryVariableBuilder {
  return labelVariable(name, label, name, scope)
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}

function labelVariable(name: string, label: string, of: string, scope: string): QueryVariableBuilder {
  const query = `label_values({__name__=~"${WITNESSES.join("|")}"${scope}}, ${of})`;
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATA_SOURCE)
    .query({ ...LABEL_VALUES, query })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

/** The SDK writes the fields of an interval variable into every one. */
function withoutInterval(variable: Variable): Variable {
  const { auto: _auto, auto_min: _min, auto_count: _count, ...rest } = variable;
  return rest as Variable;
}

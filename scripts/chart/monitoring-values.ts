import { z } from "zod";
import { flag, promDuration, text, texts } from "./value-kinds.ts";

export const serviceMonitor = z.strictObject({
  enabled: flag("A ServiceMonitor for the Prometheus operator; needs a token.", false),
  token: text("Name of the entry under tokens that Prometheus shows; the role viewer is enough."),
  interval: promDuration("Time between two scrapes.", "10s"),
  scrapeTimeout: promDuration("Longest wait for a page; at most the interval.", "10s"),
  labels: texts("Labels that your Prometheus selects by, such as release."),
});

export const flinkMonitor = z.strictObject({
  enabled: flag(
    "A PodMonitor for Flink's pods: label component jobmanager or taskmanager, reporter on port 9249; their label app must be the cluster's name under config.clusters.",
    false,
  ),
  namespaces: z
    .array(z.string().min(1))
    .default([])
    .describe("Where those pods are; empty: in the namespace of the release."),
  interval: promDuration("Time between two scrapes.", "10s"),
  scrapeTimeout: promDuration("Longest wait for a page; at most the interval.", "10s"),
  labels: texts("Labels that your Prometheus selects by, such as release."),
});

/** What is known only where the rules and dashboards are rendered. */
export interface Shipped {
  readonly alerts: readonly string[];
  readonly dashboards: readonly string[];
}

/** One of the names; where nothing is shipped yet, none. */
function oneOf(names: readonly string[]): z.ZodType<string> {
  const [first, ...rest] = names;
  return first === undefined ? (z.never() as unknown as z.ZodType<string>) : z.enum([first, ...rest]);
}

/** Labels that alerts have already: `alertname`, `severity`, and what the rules' expressions group by. */
export const RESERVED_LABELS = [
  "alertname",
  "severity",
  "cluster",
  "namespace",
  "job_name",
  "tm_id",
  "operator_name",
  "task_id",
  "task_name",
] as const;

/** Without lookahead, which Helm's regular expressions do not have; and in a word that zod reads back. */
const noneOf = (names: readonly string[]) => ({ patternProperties: { [`^(${names.join("|")})$`]: false } });

const alertLabels = z
  .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string())
  .default({})
  .describe("Labels for every alert, for your routing; none that alerts have already, such as severity.")
  .meta(noneOf(RESERVED_LABELS));

export const prometheusRule = (alerts: readonly string[]) =>
  z.strictObject({
    enabled: flag(
      "A PrometheusRule for the Prometheus operator with the alerts of docs/reference/alerts.md.",
      false,
    ),
    labels: texts("Labels that your Prometheus selects by, such as release."),
    disabled: z.array(oneOf(alerts)).default([]).describe("Alerts to leave out, by name."),
    alertLabels,
    runbooks: text(
      "Address of the folder of runbooks that alerts link to; empty: the path in the repository.",
    ),
    files: texts(
      "Rule files in place of the shipped ones of the same name (flink, outrider), for other thresholds: --set-file prometheusRule.files.flink=FILE with a file of outrider generate alerts. Other names are added.",
    ),
    severities: z
      .partialRecord(oneOf(alerts), z.enum(["critical", "warning", "info"]))
      .default({})
      .describe("Another severity, by alert name."),
  });

export const dashboards = (names: readonly string[]) =>
  z.strictObject({
    enabled: flag("A ConfigMap for each dashboard, as Grafana's sidecar collects them.", false),
    labels: texts("Labels that the sidecar looks for.", { grafana_dashboard: "1" }),
    annotations: texts("Annotations, such as the folder: grafana_folder."),
    disabled: z.array(oneOf(names)).default([]).describe("Dashboards to leave out, by name."),
  });

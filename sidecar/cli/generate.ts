import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { passesMayBeOldMs, renderAlerts, renderScrapeFiles, type TextFile } from "../../alerts/index.ts";
import { didYouMean, Failure, formatDuration, sentenceOf } from "../../model/index.ts";
import { alertsOf, type Config, loadConfig, toMs } from "../config/index.ts";
import { CliError, EXIT } from "./exit.ts";
import type { GenerateKind } from "./generate-commands.ts";
import type { OutputFormat } from "./output.ts";

export interface GenerateOptions {
  readonly kind: GenerateKind;
  readonly out: string;
  readonly config?: string;
  readonly output: OutputFormat;
}

/** Nothing that we generate talks to Flink, so its address need not be set; this one is never asked. */
const ANY_CLUSTER = JSON.stringify({ clusters: [{ name: "flink", url: "http://127.0.0.1:8081" }] });

const RENDER: Readonly<
  Record<GenerateKind, (config: Config) => readonly TextFile[] | Promise<readonly TextFile[]>>
> = {
  alerts: (config) => renderAlerts(alertsOf(config)),
  scrape: (config) => renderScrapeFiles(alertsOf(config)),
  // Loaded only when wanted: it brings the library of Grafana's types.
  dashboards: async (config) => {
    const { renderDashboards } = await import("../../dashboards/grafana/index.ts");
    return renderDashboards({}, alertsOf(config).runbooks);
  },
};

/** `outrider generate KIND`: all files are rendered before the first one is written. Returns the exit code. */
export async function generate({ kind, out, config: file, output }: GenerateOptions): Promise<number> {
  const { config, warnings } = loadConfig({
    ...(file === undefined ? { text: ANY_CLUSTER } : { file }),
    env: process.env,
  });
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (file !== undefined && kind === "scrape") checkClusters(config, file);
  if (file !== undefined && kind !== "dashboards") checkSelector(config, file);
  if (kind === "alerts") checkPasses(config);
  const rendered = await RENDER[kind](config);
  const files = rendered.map(({ file: name, content }) => ({ path: join(out, name), content }));
  write(out, files);
  const items = files.map(({ path }) => path);
  process.stdout.write(
    output === "json" ? `${JSON.stringify({ items }, null, 2)}\n` : `${items.join("\n")}\n`,
  );
  return EXIT.yes;
}

/** Rules join Flink's series with Outrider's by the cluster: a name of its own would join nothing, and say nothing. */
function checkClusters(config: Config, file: string): void {
  const placeOf = (cluster: string, namespace: string): string => `${cluster} in ${namespace}`;
  const known = config.clusters.map(({ name, namespace }) => placeOf(name, namespace));
  const wrong = config.alerts.scrape.flink
    .map(({ cluster, namespace }) => placeOf(cluster, namespace))
    .find((place) => !known.includes(place));
  if (wrong === undefined) return;
  const near = didYouMean(wrong, known);
  const advice = near === undefined ? `expected one of ${known.join(", ")}` : `did you mean ${near}?`;
  throw new Failure("bad-config", `cannot use ${file}: alerts.scrape.flink: got ${wrong}; ${advice}`);
}

/** A cluster that Outrider does not watch selects nothing, and no alert would ever fire. */
function checkSelector(config: Config, file: string): void {
  const known: Readonly<Record<string, readonly string[]>> = {
    cluster: config.clusters.map(({ name }) => name),
    namespace: config.clusters.map(({ namespace }) => namespace),
  };
  for (const [label, values] of Object.entries(config.alerts.selector)) {
    const names = [...new Set(known[label])];
    const wrong = values.find((value) => !names.includes(value));
    if (wrong === undefined) continue;
    const near = didYouMean(wrong, names);
    const advice = near === undefined ? `expected one of ${names.join(", ")}` : `did you mean ${near}?`;
    throw new Failure("bad-config", `cannot use ${file}: alerts.selector.${label}: got ${wrong}; ${advice}`);
  }
}

/** Three passes may be missed; with less patience the alert would come and go while all is well. */
function checkPasses(config: Config): void {
  const least = 3 * toMs(config.interval);
  const ageMs = passesMayBeOldMs(alertsOf(config));
  if (ageMs === undefined || ageMs >= least) return;
  const got = formatDuration(ageMs);
  throw new Failure(
    "bad-config",
    `cannot write rules: alerts.rules.OutriderPassesStale.age, divided by alerts.durationFactor; got ${got}; expected at least ${formatDuration(least)}, three times the interval of passes`,
  );
}

function write(out: string, files: readonly { readonly path: string; readonly content: string }[]): void {
  try {
    mkdirSync(out, { recursive: true });
    for (const { path, content } of files) writeFileSync(path, content);
  } catch (error) {
    throw new CliError(`cannot write to ${out}: ${sentenceOf(error)}`);
  }
}

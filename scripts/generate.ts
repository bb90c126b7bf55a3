import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { alertsReference, defaultAlerts, renderAlerts, renderScrapeFiles } from "../alerts/index.ts";
import { renderDashboards } from "../dashboards/grafana/index.ts";
import { worldReference } from "../engine/simulated/index.ts";
import { findingsReference } from "../engine/tuning/index.ts";
import { faultsReference, restoresReference } from "../recovery/index.ts";
import { cliReference } from "../sidecar/cli/index.ts";
import { renderConfigReference } from "../sidecar/config/reference.ts";
import { openApiDocument } from "../sidecar/http/index.ts";
import { chartFiles } from "./chart/files.ts";

/** A file that repeats the code; add a line for another one. Paths are relative to the checkout. */
interface Generated {
  readonly path: string;
  content(): string;
}

const FILES: readonly Generated[] = [
  { path: "docs/reference/configuration.md", content: renderConfigReference },
  { path: "docs/reference/cli.md", content: cliReference },
  { path: "docs/reference/findings.md", content: findingsReference },
  { path: "docs/reference/faults.md", content: faultsReference },
  { path: "docs/reference/restores.md", content: restoresReference },
  { path: "docs/reference/alerts.md", content: alertsReference },
  { path: "docs/reference/worlds.md", content: worldReference },
  { path: "docs/reference/openapi.json", content: () => `${JSON.stringify(openApiDocument(), null, 2)}\n` },
  ...chartFiles({
    alerts: renderAlerts(defaultAlerts()),
    scrape: renderScrapeFiles(defaultAlerts()),
    dashboards: renderDashboards({}),
  }),
];

/** Writes what has changed; with `--check` writes nothing and exits 1 if anything would change. */
function main(): void {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const root = join(import.meta.dirname, "..");
  for (const file of FILES) {
    const path = join(root, file.path);
    const content = file.content();
    if (readOr(path, "") === content) continue;
    if (values.check) {
      process.stderr.write(`${file.path} is not what the code says: run npm run generate\n`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      process.stderr.write(`wrote ${file.path}\n`);
    }
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

main();

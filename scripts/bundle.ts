import { copyFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { build } from "vite";
import { licencesPage, OWN_LICENCE } from "./bundle-licences.ts";
import { bundleServer } from "./bundle-server.ts";

const ROOT = join(import.meta.dirname, "..");

/**
 * `npm run build`: everything that an installation needs into one folder (`--out`, default `dist`), which starts
 * with Node alone: `node dist/server/outrider.js`.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: "string", default: join(ROOT, "dist") } } });
  const console = await buildConsole(join(values.out, "console"));
  const { modules } = await bundleServer(join(values.out, "server"));
  writeFileSync(join(values.out, "THIRD-PARTY-LICENCES.txt"), licencesPage([...console, ...modules]));
  copyFileSync(OWN_LICENCE, join(values.out, "LICENSE"));
  process.stderr.write(`${relative(process.cwd(), values.out) || "."}: ${sizeText(values.out)}\n`);
}

/** The web console; answers with the files that went in. */
async function buildConsole(to: string): Promise<readonly string[]> {
  const built = await build({
    configFile: join(ROOT, "dashboards/console/vite.config.ts"),
    root: join(ROOT, "dashboards/console"),
    build: { outDir: to },
  });
  if (Array.isArray(built) || !("output" in built)) throw new Error("Vite built more than one console");
  return built.output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
}

function sizeText(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const bytes = files.reduce((sum, e) => sum + statSync(join(e.parentPath, e.name)).size, 0);
  return `${files.length} files, ${(bytes / 1_000_000).toFixed(1)} MB`;
}

await main();

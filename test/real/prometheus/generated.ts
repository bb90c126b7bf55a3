import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../support/program.ts";

const main = join(import.meta.dirname, "../../../sidecar/main.ts");

/** Name of the configuration that takes in all that was generated, as the guide tells people to write it. */
export const configFile = "prometheus.yml";

/**
 * Lets `outrider generate` write rules, their tests and the scrape configuration into a folder, and puts the smallest
 * configuration of Prometheus beside them that reads all of it. Settings come from `settingsFile`, else the defaults.
 */
export async function generateInto(folder: string, settingsFile?: string): Promise<void> {
  for (const what of ["alerts", "scrape"]) {
    const settings = settingsFile === undefined ? [] : ["--config", settingsFile];
    const args = [main, "generate", what, "--out", folder, ...settings];
    const ended = await runProgram(process.execPath, args, { cwd: folder });
    if (ended.status !== 0) throw new Error(`outrider generate ${what} failed: ${ended.stderr}`);
  }
  writeFileSync(
    join(folder, configFile),
    'rule_files: ["*.rules.yaml"]\nscrape_config_files: ["*.scrape.yaml"]\n',
  );
}

import type { Command } from "commander";
import type { ProgramOptions } from "./process-commands.ts";

interface GenerateFlags extends ProgramOptions {
  readonly out: string;
  readonly config?: string;
}

/** What can be generated, each into files of its own. */
const KINDS = [
  ["alerts", "write Prometheus rules (*.rules.yaml) and their promtool tests (*.test.yaml)"],
  ["dashboards", "write Grafana dashboards (*.json)"],
  ["scrape", "write the Prometheus scrape configuration that rules and dashboards rely on"],
] as const;

export type GenerateKind = (typeof KINDS)[number][0];

/** `outrider generate …`: for those who do not install with Helm. */
export function addGenerateCommands(program: Command, done: (exitCode: number) => void): void {
  const generate = program
    .command("generate")
    .description("write alerts, dashboards or a scrape configuration for Prometheus and Grafana");
  for (const [kind, description] of KINDS) {
    generate
      .command(kind)
      .description(description)
      .requiredOption("--out <dir>", "folder to write to; made where it is missing")
      .option("--config <file>", "settings (YAML); defaults without it")
      .action(async (_options: object, command: Command) => {
        const { out, config, output } = command.optsWithGlobals<GenerateFlags>();
        const { generate: write } = await import("./generate.ts");
        done(await write({ kind, out, output, ...(config === undefined ? {} : { config }) }));
      });
  }
}

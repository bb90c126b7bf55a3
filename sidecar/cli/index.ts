/** The command line: what `main.ts` runs, and its generated reference. */
export { CliError, EXIT } from "./exit.ts";
export { createProgram, main } from "./program.ts";
export { cliReference } from "./reference.ts";

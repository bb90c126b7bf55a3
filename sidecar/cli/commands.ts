import type { Command } from "commander";
import type { Session } from "./output.ts";

/**
 * Registers one action of a command. `work` gets a session (server, token and output resolved), the command's
 * options and its plain arguments, and answers with the exit code.
 */
export type Attach = <O extends object>(
  command: Command,
  work: (session: Session, options: O, args: readonly string[]) => Promise<number>,
) => void;

/** Exit codes, the same for every command. */
export const EXIT = { yes: 0, no: 1, usage: 2, defect: 70 } as const;

/** Ends a command with one sentence on stderr. `usage` is also "could not ask". */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.usage) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}

/** One sentence about a defect of ours; the stack only for those who asked for it. */
export function defectText(error: unknown, debug: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = [
    `outrider: a defect of ours: ${message.split("\n")[0]}`,
    "Please report it in the issue tracker of Outrider, with the command and the output of OUTRIDER_DEBUG=1.",
  ];
  if (debug && error instanceof Error && error.stack !== undefined) lines.push(error.stack);
  return `${lines.join("\n")}\n`;
}

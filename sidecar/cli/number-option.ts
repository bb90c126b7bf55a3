import { CliError } from "./exit.ts";

/** The value of an option that is a whole number from `least` (0) to `most`; ends the command with a sentence otherwise. */
export function wholeNumber(option: string, text: string, most: number, least = 0): number {
  const n = Number(text);
  if (text.trim() === "" || !Number.isInteger(n) || n < least || n > most) {
    throw new CliError(`${option}: ${text} is not a whole number from ${least} to ${most}`);
  }
  return n;
}

import { CliError } from "./exit.ts";

/** The value of an option that is a whole number from 0 to `most`; ends the command with a sentence otherwise. */
export function wholeNumber(option: string, text: string, most: number): number {
  const n = Number(text);
  if (text.trim() === "" || !Number.isInteger(n) || n < 0 || n > most) {
    throw new CliError(`${option}: ${text} is not a whole number from 0 to ${most}`);
  }
  return n;
}

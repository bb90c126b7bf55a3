import { Option } from "commander";
import type { Client } from "./client.ts";

export type OutputFormat = "json" | "text";

/** Where a command reads and writes; tests hand in their own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks the person at the terminal a question of yes or no; absent where nobody sits there. */
  ask?(question: string): Promise<boolean>;
  /** Aborted when the person ends the command (SIGINT). */
  readonly signal: AbortSignal;
}

/** What a command gets to do its work with. */
export interface Session {
  readonly io: Io;
  readonly format: OutputFormat;
  readonly client: Client;
  /** Exactly one document on stdout: the value as JSON, or the text that `render` makes of it. */
  print<T>(value: T, render: (value: T) => string): void;
}

export const outputOption = (): Option =>
  new Option("-o, --output <format>", "json: one JSON document on stdout; text: for people")
    .choices(["json", "text"])
    .default("text");

/** Columns as wide as their widest cell; the last one is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((r) => (r[i] ?? "").length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return all.map(line).join("\n");
}

/** Server text is not trusted with the terminal: control characters would move its cursor. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "?");
}

/** `{source: 2, sink: 1}` → `source 2, sink 1`. */
export function parallelismText(parallelism: Readonly<Record<string, number>>): string {
  return Object.entries(parallelism)
    .map(([name, p]) => `${name} ${p}`)
    .join(", ");
}

/** `1234567` → `1,234,567`; null is said, not shown as 0. */
export function countText(n: number | null): string {
  return n === null ? "not assessed" : Math.round(n).toLocaleString("en-US");
}

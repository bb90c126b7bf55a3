import { readWorld } from "../../engine/simulated/world-file.ts";
import { Failure } from "../../model/index.ts";

/** Texts of small worlds for tests, and what is said of bad ones. */

export const SOURCE = "      gen: {source: {partitions: 8, load: {rate: 100}}}\n";
/** A world of one job, whose vertices are given; its first vertex is a good source unless said otherwise. */
export const job = (vertices: string, source = SOURCE) =>
  `jobs:\n  - name: orders\n    vertices:\n${source}      ${vertices}\n`;
export const load = (text: string) => job("", `      gen: {source: {partitions: 8, load: ${text}}}\n`);
export const good = job("work: {from: {gen: hash}, waitMs: 1}");

/** The sentence with which a world is refused, or `accepted`. */
export function refusalOf(text: string): string {
  try {
    readWorld(text);
  } catch (error) {
    if (error instanceof Failure && error.code === "bad-config") return error.message;
    throw error;
  }
  return "accepted";
}

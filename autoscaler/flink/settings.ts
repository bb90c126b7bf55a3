import { sentenceOf } from "../../model/index.ts";
import { checkFlinkOptions, trapsOf } from "./check-options.ts";
import type { FlinkOptions } from "./flink-options.ts";
import type { KeyVerdict } from "./key-verdict.ts";
import { LEGACY_PREFIX, PREFIX } from "./options.ts";
import { parseFlinkOptions } from "./read-options.ts";

/** The settings of policy `flink` as people gave them, read and judged. */
export interface FlinkConfig {
  readonly options: FlinkOptions;
  readonly keys: readonly KeyVerdict[];
  /** What is allowed and yet most likely not meant. */
  readonly traps: readonly string[];
}

/**
 * Reads the keys for policy `flink`. Choosing the policy is switching it on, so `enabled` counts as true unless it is
 * given. Throws `bad-config` where a value cannot be read.
 */
export function compileFlinkSettings(given: Readonly<Record<string, string>>): FlinkConfig {
  const { options, keys } = parseFlinkOptions(given);
  const switched = [PREFIX, LEGACY_PREFIX].some((prefix) => Object.hasOwn(given, `${prefix}enabled`));
  const inForce = switched ? options : { ...options, enabled: true };
  return { options: inForce, keys, traps: trapsOf(inForce) };
}

/** What is wrong with the keys, for whoever checks a configuration; none: they can be used. */
export function flinkSettingsProblems(given: Readonly<Record<string, string>>): readonly string[] {
  try {
    return checkFlinkOptions(compileFlinkSettings(given).options).map((p) => p.sentence);
  } catch (error) {
    return [sentenceOf(error)];
  }
}

/** What people should read of their keys, one line each: all that are not simply obeyed, and the traps. */
export function flinkNotes({ keys, traps }: FlinkConfig): readonly string[] {
  const notable = keys.filter((k) => k.verdict !== "obeyed");
  return [...notable.map((k) => `${k.key} (${k.verdict}): ${k.sentence}`), ...traps];
}

import { didYouMean, Failure } from "../../model/index.ts";
import { splitPeriods } from "./excluded-periods.ts";
import {
  type AlignmentMode,
  BUSY_AGGREGATORS,
  DEFAULT_FLINK_OPTIONS,
  type FlinkOptions,
} from "./flink-options.ts";
import { judgeForeignKey, type KeyVerdict, LOOP_KEY } from "./key-verdict.ts";
import { LEGACY_PREFIX, OPTION_NAMES, type OptionName, PLUGIN_KEYS, PREFIX, specOf } from "./options.ts";
import { parseFlinkDuration, parseMemory } from "./quantities.ts";

/** Options of the Apache Flink autoscaler as given, and what became of every key. */
export interface FlinkSettings {
  readonly options: FlinkOptions;
  /** One for each key that was given, in its order: none is dropped without a word. */
  readonly keys: readonly KeyVerdict[];
}

/** More keys than anybody writes; what is longer is no configuration. */
const MOST_KEYS = 1_000;
const LONGEST_VALUE = 10_000;

/**
 * Reads `job.autoscaler.*` keys. A key under its own name and the new prefix beats the legacy prefix
 * (`kubernetes.operator.job.autoscaler.`), and both beat names of older releases. Throws `bad-config` where a value
 * cannot be read, as the Java autoscaler refuses it; ranges are the business of `checkFlinkOptions`.
 */
export function parseFlinkOptions(given: Readonly<Record<string, string>>): FlinkSettings {
  const names = Object.keys(given);
  if (names.length > MOST_KEYS) {
    throw new Failure("bad-config", `flink options: got ${names.length} keys; expected at most ${MOST_KEYS}`);
  }
  const found = new Map<OptionName, string>();
  for (const name of OPTION_NAMES) {
    const key = candidatesOf(name).find((candidate) => Object.hasOwn(given, candidate));
    if (key !== undefined) found.set(name, key);
  }
  const read = new Reader(given, found);
  const options = read.options();
  return { options, keys: names.map((key) => judge(key, found)) };
}

/** The keys that an option may stand under, the strongest first. */
function candidatesOf(name: OptionName): readonly string[] {
  return [name, ...(specOf(name).formerly ?? [])].flatMap((n) => [PREFIX + n, LEGACY_PREFIX + n]);
}

function judge(key: string, found: ReadonlyMap<OptionName, string>): KeyVerdict {
  const legacy = key.startsWith(LEGACY_PREFIX);
  if (!legacy && !key.startsWith(PREFIX)) return judgeForeignKey(key);
  const bare = key.slice((legacy ? LEGACY_PREFIX : PREFIX).length);
  const name = OPTION_NAMES.find((n) => candidatesOf(n).includes(key));
  if (name === undefined) return judgeUnknown(key, bare);
  const winner = found.get(name);
  if (winner !== key)
    return { key, option: name, verdict: "overridden", sentence: `${winner} is set too and wins.` };
  if (specOf(name).effect === "no-effect") {
    return { key, option: name, verdict: "no-effect", sentence: `${specOf(name).meaning} Not done here.` };
  }
  if (bare !== name) return { key, option: name, verdict: "renamed", sentence: renamed(name, bare) };
  return legacy
    ? { key, option: name, verdict: "legacy-prefix", sentence: `Obeyed; the prefix is now ${PREFIX}` }
    : { key, option: name, verdict: "obeyed", sentence: specOf(name).meaning };
}

function renamed(name: OptionName, bare: string): string {
  const trap =
    bare === "scale-up.grace-period"
      ? " It delays scaling down; nothing delays scaling up but stabilization and window."
      : "";
  return `Obeyed; the name is now ${PREFIX}${name}.${trap}`;
}

function judgeUnknown(key: string, bare: string): KeyVerdict {
  if (PLUGIN_KEYS.test(bare)) {
    return {
      key,
      option: null,
      verdict: "no-effect",
      sentence: "Belongs to a Java plugin, which cannot run here.",
    };
  }
  const meant = didYouMean(bare, OPTION_NAMES);
  const hint = meant === undefined ? "" : ` Did you mean ${PREFIX}${meant}?`;
  return {
    key,
    option: null,
    verdict: "unknown",
    sentence: `No release knows this key; the Java one ignores it.${hint}`,
  };
}

/** Reads the values of the keys that won, each in its option's type. */
class Reader {
  readonly #given: Readonly<Record<string, string>>;
  readonly #found: ReadonlyMap<OptionName, string>;

  constructor(given: Readonly<Record<string, string>>, found: ReadonlyMap<OptionName, string>) {
    this.#given = given;
    this.#found = found;
  }

  options(): FlinkOptions {
    const d = DEFAULT_FLINK_OPTIONS;
    const number = (name: OptionName, standard: number) => this.#read(name, asNumber, "a number") ?? standard;
    const ms = (name: OptionName, standard: number) =>
      this.#read(name, parseFlinkDuration, "a duration") ?? standard;
    const flag = (name: OptionName, standard: boolean) =>
      this.#read(name, asBoolean, "true or false") ?? standard;
    const count = (name: OptionName, standard: number) =>
      this.#read(name, asInteger, "a whole number") ?? standard;
    const list = (name: OptionName) => this.#read(name, splitPeriods, "a list") ?? [];
    return {
      enabled: flag("enabled", d.enabled),
      scalingEnabled: flag("scaling.enabled", d.scalingEnabled),
      loopMs: parseFlinkDuration(this.#given[LOOP_KEY] ?? "") ?? d.loopMs,
      windowMs: ms("metrics.window", d.windowMs),
      stabilizationMs: ms("stabilization.interval", d.stabilizationMs),
      excludedPeriods: list("excluded.periods"),
      timeZone: d.timeZone,
      target: number("utilization.target", d.target),
      boundary: number("target.utilization.boundary", d.boundary),
      utilizationMax: this.#read("utilization.max", asNumber, "a number") ?? null,
      utilizationMin: this.#read("utilization.min", asNumber, "a number") ?? null,
      scaleDownIntervalMs: ms("scale-down.interval", d.scaleDownIntervalMs),
      minParallelism: count("vertex.min-parallelism", d.minParallelism),
      maxParallelism: count("vertex.max-parallelism", d.maxParallelism),
      scaleDownMaxFactor: number("scale-down.max-factor", d.scaleDownMaxFactor),
      scaleUpMaxFactor: number("scale-up.max-factor", d.scaleUpMaxFactor),
      catchUpMs: ms("catch-up.duration", d.catchUpMs),
      restartMs: ms("restart.time", d.restartMs),
      trackRestarts: flag("restart.time-tracking.enabled", d.trackRestarts),
      restartLimitMs: ms("restart.time-tracking.limit", d.restartLimitMs),
      backlogThresholdMs: ms("backlog-processing.lag-threshold", d.backlogThresholdMs),
      observeThresholdMs: ms("observed-true-processing-rate.lag-threshold", d.observeThresholdMs),
      observeSwitch: number("observed-true-processing-rate.switch-threshold", d.observeSwitch),
      observeMin: count("observed-true-processing-rate.min-observations", d.observeMin),
      scalability: flag("observed-scalability.enabled", d.scalability),
      scalabilityMin: count("observed-scalability.min-observations", d.scalabilityMin),
      scalabilityLeast: number("observed-scalability.coefficient-min", d.scalabilityLeast),
      blockIneffective: flag("scaling.effectiveness.detection.enabled", d.blockIneffective),
      effectiveness: number("scaling.effectiveness.threshold", d.effectiveness),
      gcThreshold: number("memory.gc-pressure.threshold", d.gcThreshold),
      heapThreshold: number("memory.heap-usage.threshold", d.heapThreshold),
      memoryTuning: flag("memory.tuning.enabled", d.memoryTuning),
      memoryOverhead: number("memory.tuning.overhead", d.memoryOverhead),
      maximizeManaged: flag("memory.tuning.maximize-managed-memory", d.maximizeManaged),
      memoryCompensation: flag("memory.tuning.scale-down-compensation.enabled", d.memoryCompensation),
      quotaCpu: this.#read("quota.cpu", asNumber, "a number") ?? null,
      quotaMemory: this.#read("quota.memory", parseMemory, "a memory size such as 16g") ?? null,
      historyCount: count("history.max.count", d.historyCount),
      historyMs: ms("history.max.age", d.historyMs),
      busyAggregator:
        this.#read("metrics.busy-time.aggregator", asAggregator, "MAX, MIN or AVG") ?? d.busyAggregator,
      excludedVertices: list("vertex.exclude.ids"),
      eventIntervalMs: ms("scaling.event.interval", d.eventIntervalMs),
      alignment: this.#alignment(),
    };
  }

  #read<T>(name: OptionName, parse: (text: string) => T | undefined, expected: string): T | undefined {
    const key = this.#found.get(name);
    const text = key === undefined ? undefined : this.#given[key];
    if (key === undefined || text === undefined) return undefined;
    const value = text.length > LONGEST_VALUE ? undefined : parse(text.trim());
    if (value === undefined) {
      const got = text.slice(0, 100);
      throw new Failure(
        "bad-config",
        `Could not parse value '${got}' for key '${key}'; expected ${expected}`,
      );
    }
    return value;
  }

  /** The newer key where it is set, else the older one with its way of blocking, else BALANCED. */
  #alignment(): AlignmentMode {
    const mode = this.#read("scaling.parallelism-alignment.mode", asText, "a mode");
    if (mode !== undefined) return mode === "EVENLY_SPREAD" || mode === "OFF" ? mode : "BALANCED";
    const legacy = this.#read(
      "scaling.key-group.partitions.adjust.mode",
      asLegacyMode,
      "EVENLY_SPREAD or MAXIMIZE_UTILISATION",
    );
    return legacy ?? DEFAULT_FLINK_OPTIONS.alignment;
  }
}

const asText = (text: string): string => text;

const asNumber = (text: string): number | undefined =>
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;

const asInteger = (text: string): number | undefined => (/^[+-]?\d+$/.test(text) ? Number(text) : undefined);

function asBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

const asAggregator = (text: string) => BUSY_AGGREGATORS.find((a) => a === text.toUpperCase());

function asLegacyMode(text: string): AlignmentMode | undefined {
  const upper = text.toUpperCase();
  if (upper === "EVENLY_SPREAD") return "legacy-EVENLY_SPREAD";
  return upper === "MAXIMIZE_UTILISATION" ? "legacy-MAXIMIZE_UTILISATION" : undefined;
}

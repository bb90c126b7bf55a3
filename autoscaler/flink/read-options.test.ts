import { describe, expect, it } from "vitest";
import { DEFAULT_FLINK_OPTIONS } from "./flink-options.ts";
import { FLINK_OPTIONS, OPTION_NAMES, PREFIX, specOf } from "./options.ts";
import { parseFlinkOptions } from "./read-options.ts";
import { compileFlinkSettings, flinkNotes, flinkSettingsProblems } from "./settings.ts";

const key = (name: string): string => PREFIX + name;
const LEGACY = "kubernetes.operator.job.autoscaler.";

describe("the options of the Flink autoscaler", () => {
  it("have the defaults of its table, each read from its own text", () => {
    const given = OPTION_NAMES.flatMap((name) => {
      const { standard } = specOf(name);
      return standard === null ? [] : [[key(name), standard] as const];
    });
    expect(parseFlinkOptions(Object.fromEntries(given)).options).toEqual(DEFAULT_FLINK_OPTIONS);
    expect(parseFlinkOptions({}).options).toEqual(DEFAULT_FLINK_OPTIONS);
  });

  it.each([
    ["a plain key", { [key("utilization.target")]: "0.8" }, { target: 0.8 }],
    ["the legacy prefix", { [`${LEGACY}utilization.target`]: "0.8" }, { target: 0.8 }],
    ["a name of 1.10", { [key("target.utilization")]: "0.8" }, { target: 0.8 }],
    ["a name of 1.10 under the legacy prefix", { [`${LEGACY}target.utilization`]: "0.8" }, { target: 0.8 }],
    [
      "the new prefix over the legacy one",
      { [`${LEGACY}utilization.target`]: "0.5", [key("utilization.target")]: "0.8" },
      { target: 0.8 },
    ],
    [
      "the legacy prefix over a name of 1.10",
      { [`${LEGACY}utilization.target`]: "0.5", [key("target.utilization")]: "0.8" },
      { target: 0.5 },
    ],
    [
      "the old alias that delays scaling down",
      { [key("scale-up.grace-period")]: "1 h" },
      { scaleDownIntervalMs: 3_600_000 },
    ],
    ["a duration in ISO-8601", { [key("metrics.window")]: "PT1M30S" }, { windowMs: 90_000 }],
    ["a duration without a unit", { [key("metrics.window")]: "90000" }, { windowMs: 90_000 }],
    ["a memory size", { [key("quota.memory")]: "2g" }, { quotaMemory: 2_147_483_648 }],
    [
      "lists",
      { [key("vertex.exclude.ids")]: "aa;bb", [key("excluded.periods")]: "1:00:00-2:00:00; * * 3 * * ?" },
      { excludedVertices: ["aa", "bb"], excludedPeriods: ["1:00:00-2:00:00", "* * 3 * * ?"] },
    ],
    [
      "the older alignment where the newer is not set",
      { [key("scaling.key-group.partitions.adjust.mode")]: "MAXIMIZE_UTILISATION" },
      { alignment: "legacy-MAXIMIZE_UTILISATION" },
    ],
    [
      "an alignment that is not known",
      { [key("scaling.parallelism-alignment.mode")]: "mine" },
      { alignment: "BALANCED" },
    ],
    [
      "the loop of the standalone process",
      { "autoscaler.standalone.control-loop.interval": "1min" },
      { loopMs: 60_000 },
    ],
  ])("read %s", (_, given, expected) => {
    expect(parseFlinkOptions(given).options).toMatchObject(expected);
  });

  it.each([
    ["enabled", "3"],
    ["utilization.target", "high"],
    ["metrics.window", "5 parsecs"],
    ["vertex.max-parallelism", "1.5"],
    ["quota.memory", "2 gigs"],
    ["metrics.busy-time.aggregator", "P99"],
    ["scaling.key-group.partitions.adjust.mode", "SOMEHOW"],
  ])("refuse a %s of %s as the Java autoscaler does", (name, value) => {
    expect(() => parseFlinkOptions({ [key(name)]: value })).toThrow(`Could not parse value '${value}'`);
    expect(flinkSettingsProblems({ [key(name)]: value })).toHaveLength(1);
  });
});

describe("what became of each key", () => {
  const verdictOf = (given: Readonly<Record<string, string>>, wanted: string) =>
    parseFlinkOptions(given).keys.find((k) => k.key === wanted);

  it.each([
    [key("metrics.window"), "1 m", "obeyed"],
    [`${LEGACY}metrics.window`, "1 m", "legacy-prefix"],
    [key("target.utilization"), "0.5", "renamed"],
    [key("memory.tuning.enabled"), "true", "no-effect"],
    [key("scaling.custom-executor.mine.class"), "a.B", "no-effect"],
    [key("metrics.windw"), "1 m", "unknown"],
    ["kubernetes.operator.auto-scaling.enabled", "true", "never-existed"],
    ["autoscaler.standalone.jdbc.url", "jdbc:x", "no-effect"],
    ["jobmanager.scheduler", "adaptive", "not-autoscaler"],
  ])("%s: %s is %s", (name, value, verdict) => {
    expect(verdictOf({ [name]: value }, name)).toMatchObject({ verdict });
  });

  it("a key that another one beats is told so", () => {
    const given = { [key("utilization.target")]: "0.8", [key("target.utilization")]: "0.5" };
    expect(verdictOf(given, key("target.utilization"))).toMatchObject({ verdict: "overridden" });
  });

  it("a misspelt key is asked about", () => {
    expect(verdictOf({ [key("metrics.windw")]: "1m" }, key("metrics.windw"))?.sentence).toContain(
      "Did you mean job.autoscaler.metrics.window?",
    );
  });

  it("no key is dropped without a word", () => {
    const given = Object.fromEntries(OPTION_NAMES.map((n) => [key(n), FLINK_OPTIONS[n].standard ?? "1"]));
    delete given[key("scaling.key-group.partitions.adjust.mode")];
    expect(parseFlinkOptions(given).keys.map((k) => k.key)).toEqual(Object.keys(given));
  });
});

describe("the example blocks that people copy", () => {
  /** As a deployment guide gives it: short windows, the legacy prefix, names of 1.10. */
  const guide = {
    [`${LEGACY}enabled`]: "true",
    [`${LEGACY}target.utilization`]: "0.5",
    [`${LEGACY}target.utilization.boundary`]: "0.2",
    [`${LEGACY}metrics.window`]: "1m",
    [`${LEGACY}stabilization.interval`]: "1m",
    [`${LEGACY}restart.time`]: "1m",
    [`${LEGACY}catch-up.duration`]: "5m",
    [`${LEGACY}vertex.exclude.ids`]: "",
    "taskmanager.numberOfTaskSlots": "4",
  };

  it("legacy prefix and names of 1.10: obeyed, with target 0.5 and bounds 0.3 and 0.7", () => {
    const { options, keys, traps } = compileFlinkSettings(guide);
    expect(options).toMatchObject({
      enabled: true,
      target: 0.5,
      boundary: 0.2,
      windowMs: 60_000,
      stabilizationMs: 60_000,
      restartMs: 60_000,
      catchUpMs: 300_000,
      excludedVertices: [],
    });
    const verdicts = Object.fromEntries(keys.map((k) => [k.key.replace(LEGACY, ""), k.verdict]));
    expect(verdicts).toEqual({
      enabled: "legacy-prefix",
      "target.utilization": "renamed",
      "target.utilization.boundary": "legacy-prefix",
      "metrics.window": "legacy-prefix",
      "stabilization.interval": "legacy-prefix",
      "restart.time": "legacy-prefix",
      "catch-up.duration": "legacy-prefix",
      "vertex.exclude.ids": "legacy-prefix",
      "taskmanager.numberOfTaskSlots": "not-autoscaler",
    });
    expect(traps.join()).toContain("75 s");
    expect(flinkSettingsProblems(guide)).toEqual([]);
  });

  /** Keys of a prefix that no release has read. */
  const invented: Readonly<Record<string, string>> = {
    "kubernetes.operator.auto-scaling.enabled": "true",
    "kubernetes.operator.auto-scaling.target-utilization": "0.8",
    "kubernetes.operator.auto-scaling.metrics.window": "60s",
    "kubernetes.operator.auto-scaling.metrics.delay": "30s",
    "kubernetes.operator.auto-scaling.scale-up.cooldown": "60s",
    "kubernetes.operator.auto-scaling.scale-down.cooldown": "300s",
    "kubernetes.operator.auto-scaling.min-replicas": "2",
    "kubernetes.operator.auto-scaling.max-replicas": "10",
    "kubernetes.operator.auto-scaling.metrics.jvm.cpu.enabled": "true",
    "kubernetes.operator.auto-scaling.metrics.operator.num-records-in.enabled": "true",
  };

  it("an invented prefix: every key is reported as never having existed, and changes nothing", () => {
    const { options, keys } = parseFlinkOptions(invented);
    expect(options).toEqual(DEFAULT_FLINK_OPTIONS);
    expect(keys.map((k) => k.verdict)).toEqual(Object.keys(invented).map(() => "never-existed"));
  });

  it.each([
    ["metrics.window", "job.autoscaler.metrics.window"],
    ["metrics.delay", "job.autoscaler.stabilization.interval"],
    ["scale-up.cooldown", "cooldownUp"],
    ["scale-down.cooldown", "job.autoscaler.scale-down.interval"],
    ["min-replicas", "vertex.min-parallelism"],
    ["max-replicas", "slotmanager.number-of-slots.max"],
    ["target-utilization", "job.autoscaler.utilization.target"],
    ["enabled", "job.autoscaler.enabled"],
    ["metrics.jvm.cpu.enabled", "always collected"],
    ["metrics.operator.num-records-in.enabled", "always collected"],
  ])("an invented key %s is told what was meant", (tail, meant) => {
    const name = `kubernetes.operator.auto-scaling.${tail}`;
    expect(parseFlinkOptions({ [name]: "1" }).keys[0]?.sentence).toContain(meant);
  });
});

it("the notes leave out what is simply obeyed, and end with the traps", () => {
  const notes = flinkNotes(
    compileFlinkSettings({
      [key("metrics.window")]: "1m",
      [key("metrics.windw")]: "1m",
      [key("utilization.max")]: "1",
      [key("vertex.exclude.ids")]: "aa,bb",
    }),
  );
  expect(notes).toHaveLength(3);
  expect(notes[0]).toMatch(/^job\.autoscaler\.metrics\.windw \(unknown\): /);
  expect(notes.slice(1).join()).toMatch(/nothing scales up.*"aa,bb" is not an id/s);
});

describe("ranges", () => {
  it.each([
    ["utilization.target", "1.1"],
    ["utilization.max", "0.6"],
    ["utilization.min", "0.8"],
    ["scale-down.max-factor", "-1"],
    ["memory.heap-usage.threshold", "1.5"],
    ["excluded.periods", "25:00:00-26:00:00"],
    ["excluded.periods", "10:00:00-9:00:00"],
  ])("%s = %s is out of range", (name, value) => {
    expect(flinkSettingsProblems({ [key(name)]: value })[0]).toContain(
      name === "excluded.periods" ? value : name,
    );
  });

  it("nothing is judged while the autoscaler is off", () => {
    expect(flinkSettingsProblems({ [key("enabled")]: "false", [key("utilization.target")]: "7" })).toEqual(
      [],
    );
  });

  it("choosing the policy switches it on, unless the key says otherwise", () => {
    expect(compileFlinkSettings({}).options.enabled).toBe(true);
    expect(compileFlinkSettings({ [`${LEGACY}enabled`]: "false" }).options.enabled).toBe(false);
  });
});

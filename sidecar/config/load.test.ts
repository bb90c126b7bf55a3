import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compileAutoscalerSettings } from "../../autoscaler/index.ts";
import { Failure } from "../../model/index.ts";
import { isWatched, settingsOf } from "./compile.ts";
import { matchesGlob } from "./glob.ts";
import { type LoadOptions, loadConfig } from "./load.ts";
import { configJsonSchema, effectiveView } from "./schema.ts";
import type { JsonSchema } from "./secret.ts";

const CLUSTER = "clusters:\n  - name: prod\n    url: http://flink:8081\n";
const load = (text: string, over: Partial<LoadOptions> = {}) => loadConfig({ file: "o.yaml", text, ...over });
function refusalOf(text: string, over: Partial<LoadOptions> = {}): string {
  try {
    load(text, over);
  } catch (error) {
    if (error instanceof Failure && error.code === "bad-config") return error.message;
    throw error;
  }
  return "accepted";
}

describe("a good configuration", () => {
  test("needs one cluster and gets every default", () => {
    const { config, warnings } = load(CLUSTER);
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      clusters: [{ name: "prod", url: "http://flink:8081", namespace: "default", timeout: "5s" }],
      mode: "observe",
      interval: "2s",
      concurrency: 8,
      server: { host: "127.0.0.1", port: 8090 },
      store: { path: "outrider-data/outrider.sqlite", keep: "30d", maxRecords: 200_000 },
      log: { level: "info" },
      autoscaler: { enabled: true, favour: "balanced", window: "2min" },
      fleet: {},
    });
  });
  test.each<[string, string]>([
    ["bearer", "    auth: {bearer: abc}\n"],
    ["bearer file", "    auth: {bearerFile: /run/token}\n"],
    ["basic", "    auth: {username: u, password: p}\n"],
    ["a Flink style duration", "    timeout: 1 min\n"],
    ["a store by its path alone", "store: /tmp/outrider.sqlite\n"],
    ["job globs", "    jobs: {include: [orders*], exclude: [test]}\n"],
    ["open server with a token", "server: {host: 0.0.0.0}\ntokens: [{name: ci, role: viewer, value: x}]\n"],
    ["job overrides", 'jobs: {"prod/*": {mode: act, autoscaler: {cooldownUp: 30s}}}\n'],
    ["an alias", "    namespace: &n ns\nlog: {level: debug}\n"],
  ])("may have %s", (_name, more) => {
    expect(refusalOf(CLUSTER + more)).toBe("accepted");
  });
  test("environment wins over the file and flags win over both", () => {
    const { config } = load(`${CLUSTER}server: {port: 1}\nlog: {level: debug}\n`, {
      env: {
        OUTRIDER_SERVER__PORT: "2",
        OUTRIDER_LOG__LEVEL: "warn",
        OUTRIDER_AUTOSCALER__TARGET_UTILIZATION: "0.6",
        OUTRIDER_CLUSTERS__0__NAMESPACE: "123",
        OUTRIDER_JOBS: "{a*: {mode: act}}",
      },
      overrides: { "server.port": 0, "store.path": undefined },
    });
    expect(config).toMatchObject({
      server: { port: 0 },
      log: { level: "warn" },
      autoscaler: { targetUtilization: 0.6 },
      jobs: { "a*": { mode: "act" } },
    });
    expect(config.clusters[0]?.namespace).toBe("123");
  });
  test("flags alone are enough", () => {
    const clusters = [{ name: "local", url: "http://127.0.0.1:8081" }];
    expect(loadConfig({ overrides: { clusters } }).config.clusters).toHaveLength(1);
  });
  test("client variables and Kubernetes service links are not settings", () => {
    const names = [
      "SERVER",
      "TOKEN",
      "CACHE",
      "CONFIG",
      "SERVICE_HOST",
      "SERVICE_PORT_HTTP",
      "PORT",
      "PORT_80_TCP_ADDR",
    ];
    const env = Object.fromEntries(names.map((name) => [`OUTRIDER_${name}`, "tcp://10.0.0.1:80"]));
    expect(refusalOf(CLUSTER, { env })).toBe("accepted");
  });
  test("warns of what is risky but may be wanted", () => {
    const { warnings } = load(`${CLUSTER}    auth: {bearer: abc}\n    tls: {rejectUnauthorized: false}\n`);
    expect(warnings.join("\n")).toMatch(/rejectUnauthorized is false.*\n.*auth over http/);
  });
});

describe("a bad configuration is refused", () => {
  test.each<[string, string, string]>([
    ["without a cluster", "mode: act", "clusters: got nothing; expected a list"],
    ["with no cluster", "clusters: []", "line 1: clusters: got an empty list; expected at least 1 entries"],
    ["with a list on top", "- a", "got YAML that is not a mapping at its top"],
    [
      "with a misspelt key",
      `${CLUSTER}intreval: 2s`,
      "line 4: intreval: unknown key; did you mean interval?",
    ],
    [
      "with a misspelt inner key",
      `${CLUSTER}autoscaler:\n  targetUtilisation: 0.7`,
      "line 5: autoscaler.targetUtilisation: unknown key; did you mean targetUtilization?",
    ],
    [
      "with a misspelt key of a job",
      `${CLUSTER}jobs:\n  a*:\n    autoscaler: {cooldwnUp: 1s}`,
      "line 6: jobs.a*.autoscaler.cooldwnUp: unknown key; did you mean cooldownUp?",
    ],
    [
      "with a plan in no time zone",
      `${CLUSTER}autoscaler:\n  schedule:\n    - {name: a, time: "09:00", for: 8h, floor: 2}`,
      "autoscaler.schedule[0].timeZone: got nothing; expected a text",
    ],
    [
      "with a plan that has two ends",
      `${CLUSTER}autoscaler:\n  schedule:\n    - {name: a, time: "09:00", for: 8h, until: "17:00", floor: 2, timeZone: UTC}`,
      'line 6: autoscaler.schedule[0].for: got "8h"; expected for or until, not both',
    ],
    ["with a foreign key", `${CLUSTER}log: {zzzzzz: 1}`, "log.zzzzzz: unknown key; expected one of level"],
    [
      "with a key twice",
      `${CLUSTER}mode: act\nmode: act`,
      "line 5: got a key twice; expected every key once",
    ],
    ["with tabs", "clusters:\n\t- name: a", "line 2: got a tab; expected spaces as indentation"],
    ["with broken YAML", "mode: [a", "line 1: got YAML that cannot be read"],
    ["with a wrong type", `${CLUSTER}concurrency: "8"`, 'line 4: concurrency: got "8"; expected a number'],
    [
      "with a fraction",
      `${CLUSTER}concurrency: 1.5`,
      "line 4: concurrency: got 1.5; expected a whole number",
    ],
    ["with a negative number", `${CLUSTER}concurrency: -1`, "concurrency: got -1; expected at least 1"],
    [
      "with a port out of range",
      `${CLUSTER}server: {port: 65536}`,
      "server.port: got 65536; expected at most 65535",
    ],
    [
      "with an unknown mode",
      `${CLUSTER}mode: dare`,
      'mode: got "dare"; expected one of observe, approve, act',
    ],
    [
      "with a duration without unit",
      `${CLUSTER}interval: "2"`,
      'interval: got "2"; expected a duration above 0',
    ],
    ["with a duration of 0", `${CLUSTER}interval: 0s`, 'interval: got "0s"; expected a duration above 0'],
    [
      "with a URL that is not http",
      "clusters: [{name: a, url: ftp://x}]",
      'clusters[0].url: got "ftp://x"; expected an http or https URL such as',
    ],
    [
      "with credentials in a URL",
      "clusters: [{name: a, url: http://u:hunter2@x}]",
      'clusters[0].url: got "http://<secret>@x"; expected a URL without credentials: put them under auth',
    ],
    [
      "with two clusters of one name",
      "clusters: [{name: a, url: http://x}, {name: a, url: http://y}]",
      "clusters: got a list; expected a different name for every cluster",
    ],
    [
      "with two kinds of auth",
      `${CLUSTER}    auth: {bearer: hunter2, username: u, password: hunter2}`,
      "clusters[0].auth: got a mapping; expected exactly one of bearer, bearerFile, or username with password",
    ],
    ["with a wrong secret", `${CLUSTER}    auth: {bearer: [hunter2]}`, "got <secret>; expected a text"],
    [
      "with a user name alone",
      `${CLUSTER}    auth: {username: u}`,
      "clusters[0].auth: got a mapping; expected username and password together",
    ],
    [
      "with an open server and no token",
      `${CLUSTER}server:\n  host: 0.0.0.0`,
      'line 5: server.host: got "0.0.0.0"; expected a loopback address such as 127.0.0.1, or at least one entry',
    ],
    ["with more than 1 MiB", `# ${"x".repeat(1 << 20)}`, "got more than 1 MiB"],
    ["with an alias bomb", `a: &a [x, x]\nb: [${"*a,".repeat(200)}]`, "cannot be unfolded"],
  ])("%s", (_name, text, message) => {
    expect(refusalOf(text)).toContain(message);
    expect(refusalOf(text)).not.toContain("hunter2");
  });
  test("and every problem is named in one message, with where it comes from", () => {
    const text = `${CLUSTER}intreval: 2s\nserver: {host: 0.0.0.0, port: -1}\nclusters2: 1\n`;
    const env = { OUTRIDER_LOG__LEVEL: "loud", OUTRIDER_AUTOSCALER__TARGET: "1" };
    const message = refusalOf(text, { env, overrides: { concurrency: 0 } });
    expect(message.split("\n")[0]).toBe("cannot use o.yaml: 7 problems");
    for (const part of [
      "  line 4: intreval: unknown key; did you mean interval?",
      "  line 5: server.port: got -1; expected at least 0",
      "  line 5: server.host: ",
      "  line 6: clusters2: unknown key; did you mean clusters?",
      '  OUTRIDER_LOG__LEVEL: log.level: got "loud"; expected one of trace',
      "  OUTRIDER_AUTOSCALER__TARGET: autoscaler.target: unknown key",
      "  flag for concurrency: concurrency: got 0; expected at least 1",
    ]) {
      expect(message).toContain(part);
    }
  });
  test.each<[string, string, string]>([
    ["CLUSTERS__3__URL", "http://x", "OUTRIDER_CLUSTERS__3__URL: got index 3; expected at most 1"],
    [
      "JOBS",
      "{a: {autoscaler: {cooldownUp: soon}}}",
      'OUTRIDER_JOBS: jobs.a.autoscaler.cooldownUp: got "soon"',
    ],
    ["__PROTO____X", "1", "unknown key"],
    ["FOO", "1", "OUTRIDER_FOO: foo: unknown key"],
  ])("in the environment: %s=%s", (name, value, message) => {
    expect(refusalOf(CLUSTER, { env: { [`OUTRIDER_${name}`]: value } })).toContain(message);
  });
  test("and a secret that looks like an alias is not repeated", () => {
    expect(refusalOf(`${CLUSTER}    auth: {bearer: *hunter2 }`)).toMatch(
      /cannot be (unfolded|read) \((?!.*hunter2)/,
    );
  });
  test("when the file is not there", () => {
    expect(() => loadConfig({ file: "/nowhere/o.yaml" })).toThrow(
      /cannot read the configuration: \/nowhere\/o.yaml/,
    );
  });
});

test("the effective view hides secrets by type and nothing else", () => {
  const { config } = load(
    `${CLUSTER}    auth: {username: u, password: hunter2}\ntokens: [{name: ci, role: admin, value: hunter2}]\n`,
  );
  expect(effectiveView(config)).toMatchObject({
    clusters: [{ url: "http://flink:8081", auth: { username: "u", password: "<secret>" } }],
    tokens: [{ name: "ci", role: "admin", value: "<secret>" }],
  });
});

test("a job's settings are the installation's with each match laid over", () => {
  const { config } = load(
    `${CLUSTER}mode: approve\njobs:\n  "prod/*": {autoscaler: {minParallelism: 2, cooldownUp: 30s}}\n  "*/b": {mode: act}\n`,
  );
  expect(settingsOf(config, "dev/default/a")).toMatchObject({
    mode: "approve",
    autoscaler: { minParallelism: 1 },
  });
  expect(settingsOf(config, "prod/default/b")).toMatchObject({
    mode: "act",
    autoscaler: { minParallelism: 2, cooldownUpMs: 30_000, favour: "balanced" },
  });
});

test("what the guide on targets writes is a configuration, and says what the code does", () => {
  const guide = readFileSync(join(import.meta.dirname, "../../docs/guides/scaling-targets.md"), "utf8");
  const blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map((m) => m[1] ?? "");
  const [first] = blocks.map((text) => load(`${CLUSTER}${text}`).config);
  if (first === undefined) throw new TypeError("the guide has no YAML");
  expect(settingsOf(first, "prod/default/payments").autoscaler.schedule).toHaveLength(1);
  for (const favour of ["latency", "balanced", "cost"] as const) {
    const { autoscaler } = load(`${CLUSTER}autoscaler: {favour: ${favour}}`).config;
    const { targetUtilization, catchUpMs } = compileAutoscalerSettings(autoscaler);
    const catchUp = catchUpMs <= 60_000 ? `${catchUpMs / 1_000}s` : `${catchUpMs / 60_000}min`;
    expect(guide).toContain(`| \`${favour}\` | ${targetUtilization} | ${catchUp} |`);
  }
});

test("exclude wins over include, and all are watched without either", () => {
  const [plain] = load(CLUSTER).config.clusters;
  const [picky] = load(`${CLUSTER}    jobs: {include: ["a*"], exclude: ["ab"]}\n`).config.clusters;
  expect(plain && isWatched(plain, "x")).toBe(true);
  expect(["a", "ab", "b"].map((name) => picky && isWatched(picky, name))).toEqual([true, false, false]);
});

test.each<[string, string, boolean]>([
  ["a*", "abc", true],
  ["a*", "ba", false],
  ["a?c", "abc", true],
  ["a.c", "abc", false],
  ["*/orders (eu)", "c/default/orders (eu)", true],
  ["[x]", "x", false],
])("glob %s on %s: %s", (glob, text, expected) => {
  expect(matchesGlob(glob, text)).toBe(expected);
});

test("every leaf of the schema has a description", () => {
  const bare: string[] = [];
  const visit = (schema: JsonSchema, path: string): void => {
    const children = Object.entries(schema.properties ?? {});
    if (schema.items?.properties) children.push(...Object.entries(schema.items.properties));
    if (typeof schema.additionalProperties === "object") children.push(["*", schema.additionalProperties]);
    for (const [key, child] of children) visit(child, `${path}.${key}`);
    if (children.length === 0 && !schema.description) bare.push(path);
  };
  visit(configJsonSchema(), "");
  expect(bare).toEqual([]);
});

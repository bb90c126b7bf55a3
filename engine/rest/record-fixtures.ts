/**
 * Records what a real Flink answers to the requests of our client:
 *
 *   node engine/rest/record-fixtures.ts --url http://127.0.0.1:8081 --out engine/rest/fixtures/2.3 [--page URL]
 *
 * One file per request, `{request, status, reply}`. Local paths, host names and lists that only make the files
 * long are scrubbed. With `--job ID --name NAME` only what recovery asks of that one job and of the cluster, for a job in
 * trouble at the moment in which it is; such recordings live in `fixtures/VERSION/health`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PRESSURE_METRICS } from "./machine-pressure.ts";
import { sourceNamesIn } from "./source-metrics.ts";

interface Recorded {
  readonly request: string;
  readonly status: number;
  readonly reply: unknown;
}

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    out: { type: "string" },
    page: { type: "string" },
    job: { type: "string" },
    name: { type: "string" },
  },
});
if (values.url === undefined || values.out === undefined) throw new Error("needs --url and --out");
const { url, out } = { url: values.url, out: values.out };
mkdirSync(out, { recursive: true });

async function ask(path: string): Promise<{ reply: unknown; recorded: Recorded }> {
  const response = await fetch(url + path);
  const reply: unknown = JSON.parse(scrub(await response.text()));
  return { reply, recorded: { request: `GET ${path}`, status: response.status, reply: shortened(reply) } };
}

async function record(name: string, path: string): Promise<unknown> {
  const { reply, recorded } = await ask(path);
  writeFileSync(join(out, `${name}.json`), `${JSON.stringify(recorded, null, 1)}\n`);
  return reply;
}

function scrub(text: string): string {
  return text
    .replaceAll(/file:\/+(?:[^"/]+\/)+(checkpoints|savepoints)/g, "file:/data/flink/$1")
    .replaceAll(/\/tmp\/(?:outrider-)?flink-(?!web-)[\w-]+/g, "/data/flink")
    .replaceAll(/"\/(?:[^"/]+\/)*([^"/]+)"/g, '"/data/flink/$1"')
    .replaceAll(
      /"physicalMemory":\d+,"freeMemory":\d+/g,
      '"physicalMemory":8589934592,"freeMemory":194641920',
    );
}

/** All causes of a stack trace, each with its first three frames. */
function firstFrames(stack: string): string {
  let frames = 0;
  const kept = stack.split("\n").filter((line) => {
    frames = /^\s+(?:at |\.\.\. )/.test(line) ? frames + 1 : 0;
    return frames <= 3;
  });
  return kept.join("\n");
}

/** Keeps the first lines of stack traces and three entries of histories. */
function shortened(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    return (key === "history" ? value.slice(0, 3) : value).map((v) => shortened(v));
  }
  if (typeof value === "string") {
    if (key === "serialized-throwable") return "";
    if (/stack-?trace|root-exception/.test(key)) return firstFrames(value);
    return value.length > 600 ? `${value.slice(0, 600)}…` : value;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shortened(v, k)]));
}

const idsIn = (reply: unknown, list: string, id: string): string[] => {
  if (typeof reply !== "object" || reply === null) return [];
  const items: unknown = Reflect.get(reply, list);
  return Array.isArray(items) ? items.map((item) => String(item[id])) : [];
};

async function recordVertex(job: string, vertex: string, name: string): Promise<void> {
  const path = `/jobs/${job}/vertices/${vertex}`;
  const names = await record(`${name}-metric-names`, `${path}/subtasks/metrics`);
  const ids = Array.isArray(names) ? names.map((n) => String(n.id)) : [];
  const { pendingRecords, consumedRecords, taskClock } = sourceNamesIn(ids);
  const get = [pendingRecords, consumedRecords, ...taskClock].filter((n) => n !== undefined);
  if (pendingRecords !== undefined) {
    await record(`${name}-metrics`, `${path}/subtasks/metrics?get=${get.join(",")}&agg=sum`);
  }
  await record(`${name}-hottest`, `${path}/subtasks/metrics?get=busyTimeMsPerSecond&agg=max`);
  await record(`${name}-details`, path);
  await record(`${name}-backpressure`, `${path}/backpressure`);
  await record(`${name}-watermarks`, `${path}/watermarks`);
}

/** Everything that recovery asks of one job, in one file. */
async function recordHealth(job: string, name: string): Promise<void> {
  const path = `/jobs/${job}`;
  const asked = [
    path,
    `${path}/metrics?get=numRestarts,fullRestarts`,
    `${path}/exceptions?maxExceptions=20`,
    `${path}/checkpoints`,
    `${path}/checkpoints/config`,
    `${path}/execution-result`,
  ];
  const moment = await Promise.all(asked.map(async (one) => (await ask(one)).recorded));
  writeFileSync(join(out, `${name}.json`), `${JSON.stringify(moment, null, 1)}\n`);
  const cluster = [(await ask("/jobmanager/config")).recorded];
  writeFileSync(join(out, "cluster.json"), `${JSON.stringify(cluster, null, 1)}\n`);
}

if (values.job !== undefined && values.name !== undefined) {
  await recordHealth(values.job, values.name);
  process.exit();
}

const NOBODY = "0".repeat(32);
await record("config", "/config");
await record("overview", "/overview");
await record("taskmanagers", "/taskmanagers");
await record("taskmanagers-metrics", `/taskmanagers/metrics?get=${PRESSURE_METRICS.join(",")}&agg=max,min`);
await record("jars", "/jars");
const jobs = await record("jobs-overview", "/jobs/overview");
for (const [at, job] of idsIn(jobs, "jobs", "jid").entries()) {
  const prefix = at === 0 ? "job" : `job-${at}`;
  for (const [index, vertex] of idsIn(await record(prefix, `/jobs/${job}`), "vertices", "id").entries()) {
    if (index < 2) await recordVertex(job, vertex, `${prefix}-vertex-${index}`);
  }
  // Once more, so that the counters of the job are not older than those of its sources.
  await record(prefix, `/jobs/${job}`);
  await record(`${prefix}-status`, `/jobs/${job}/status`);
  await record(`${prefix}-exceptions`, `/jobs/${job}/exceptions?maxExceptions=3`);
  await record(`${prefix}-requirements`, `/jobs/${job}/resource-requirements`);
  await record(`${prefix}-checkpoints`, `/jobs/${job}/checkpoints`);
  await record(`${prefix}-checkpoints-config`, `/jobs/${job}/checkpoints/config`);
  await record(`${prefix}-effective-config`, `/jobs/${job}/jobmanager/config`);
}
await record("unknown-job", `/jobs/${NOBODY}`);
await record("unknown-job-status", `/jobs/${NOBODY}/status`);
await record("unknown-job-requirements", `/jobs/${NOBODY}/resource-requirements`);
await record("unknown-trigger", `/jobs/${idsIn(jobs, "jobs", "jid")[0] ?? NOBODY}/savepoints/${NOBODY}`);

if (values.page !== undefined) {
  const text = await (await fetch(values.page)).text();
  const wanted = /_task_(?:accumulate\w+TimeMs|numRecords(?:In|Out)|busyTimeMsPerSecond)\{/;
  const wantedOfSource = /_task_operator_(?:pendingRecords|numRecordsIn|split_watermark_currentWatermark)\{/;
  const lines = text.split("\n").filter((line) => wanted.test(line) || wantedOfSource.test(line));
  writeFileSync(join(out, "reporter-page.txt"), `${lines.join("\n")}\n`);
}

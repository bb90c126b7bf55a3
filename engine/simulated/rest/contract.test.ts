import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flinkSamples } from "../../../test/support/flink-samples.ts";
import { differences } from "../../../test/support/reply-skeleton.ts";
import { JOB, type SimulatedFlink, simulatedFlink } from "../../../test/support/simulated-flink.ts";
import { RECORDED_VERSIONS, recordingsOf } from "../../rest/fixtures.ts";
import type { SimulatorReply } from "./reply.ts";

/** A request to a real Flink and its answer. */
interface Recorded {
  readonly name: string;
  readonly request: string;
  readonly status: number;
  readonly reply: unknown;
}

/** What is no contract of the simulated Flink: savepoints, applications, rescale history, flame graphs, jars. */
const NOT_SERVED =
  /^(savepoint|stop-|application|rescales-|jars|error-savepoint)|flamegraph|checkpoint-details-subtasks|environment/;
/** Needs a body or an id of its own; `acts.test.ts` has them. */
const WITH_OWN_ID = /^(checkpoint-trigger|requirements-default)/;
/** Metrics that depend on the program: its own ones, and those of sources that give watermarks. */
const OF_PROGRAM = /(\.consumed|\.key0Count|\.watermarkLag)$/;
/** Flink names the task of an exception where there was one; not every history holds a failure. */
const OPTIONAL = [/\.(taskName|endpoint|taskManagerId)$/, /\.history\[\]\.failure_(timestamp|message)$/];

function samplesOf(version: string): Recorded[] {
  const samples = flinkSamples();
  if (samples === undefined) return [];
  const folder = join(samples, version);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => ({
      name: file.slice(0, -".json".length),
      ...(JSON.parse(readFileSync(join(folder, file), "utf8")) as Omit<Recorded, "name">),
    }));
}

function recordedOf(version: string): Recorded[] {
  const fixtures = [...recordingsOf(version)].map(([name, r]) => ({ name, ...r }));
  return [...fixtures, ...samplesOf(version).map((s) => ({ ...s, name: `sample ${s.name}` }))].filter(
    ({ name, request }) => {
      const bare = name.replace("sample ", "");
      return request?.includes(" /") && !NOT_SERVED.test(bare) && !WITH_OWN_ID.test(bare);
    },
  );
}

/** The same question about our job; ids of vertices are the same, ids of jobs, machines and checkpoints are not. */
function adapted(request: string, flink: SimulatedFlink): string {
  const checkpoint = flink.cluster.jobs[0]?.checkpoints.latestCompleted?.id ?? 0;
  const taskManager = flink.cluster.taskManagers[0]?.id ?? "";
  return request
    .replace(/\/jobs\/(?!0{32})[0-9a-f]{32}/, `/jobs/${JOB}`)
    .replace(/\/taskmanagers\/tm-1/, `/taskmanagers/${taskManager}`)
    .replace(/\/details\/\d{1,3}$/, `/details/${checkpoint}`);
}

const idsIn = (reply: unknown): Set<string> =>
  new Set((reply as { id: string }[]).map(({ id }) => id).filter((id) => !OF_PROGRAM.test(id)));

function asked(flink: SimulatedFlink, request: string): SimulatorReply {
  return flink.ask(adapted(request, flink));
}

describe.each(RECORDED_VERSIONS)("replies are built like those of real Flink %s", (version) => {
  const flink = simulatedFlink({
    parallelism: 2,
    cluster: { flinkVersion: version === "1.20" ? "1.20.5" : "2.3.0" },
    trouble: [
      {
        atMs: 20_000,
        kind: "job-exception",
        job: "orders",
        vertex: "work",
        exception: "java.lang.IllegalStateException",
        message: "a bad record",
      },
      { atMs: 85_000, kind: "checkpoints-fail", job: "orders", forMs: 6_000 },
    ],
  });
  // Somebody has asked before, so that the metric store holds something.
  for (const seconds of [100, 110, 120]) {
    flink.at(seconds);
    flink.ask("GET /jobmanager/metrics");
  }

  it.each(recordedOf(version))("$name: $request", ({ request, status, reply }) => {
    const ours = asked(flink, request);
    expect(ours.status).toBe(status);
    expect(differences(ours.body, reply, OPTIONAL)).toEqual([]);
  });

  const lists = recordedOf(version).filter(({ request }) => /^GET \S+\/metrics$/.test(request));
  it.each(lists)("$name lists the same metrics", ({ request, reply }) => {
    if ((reply as unknown[]).length === 0) return;
    expect(idsIn(asked(flink, request).body)).toEqual(idsIn(reply));
  });

  it("errors say the same in their first line", () => {
    const first = (body: unknown): string[] =>
      (body as { errors: string[] }).errors.map((e) => e.split("\n\tat")[0] ?? "");
    const failed = recordedOf(version).filter(({ status }) => status >= 400);
    expect(failed.length).toBeGreaterThan(3);
    for (const { request, reply } of failed) {
      const said = first(asked(flink, request).body).map((line) => line.replaceAll(JOB, "JOB"));
      const theirs = first(reply).map((line) => line.replace(/for job [0-9a-f]{32}/, "for job JOB"));
      expect(said).toEqual(theirs);
    }
  });
});

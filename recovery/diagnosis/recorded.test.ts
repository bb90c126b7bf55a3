import { afterAll, describe, expect, it } from "vitest";
import { createFlinkRest } from "../../engine/rest/client.ts";
import {
  type HEALTH_MOMENTS,
  healthRecordingsOf,
  RECORDED_VERSIONS,
  replay,
} from "../../engine/rest/fixtures.ts";
import { createHealthReader } from "../../engine/rest/read-health.ts";
import type { DiagnosisKind, FaultClass, HealthReadout } from "../../model/index.ts";
import { diagnose } from "./diagnose.ts";
import { SETTINGS } from "./story.ts";
import { keepTrail } from "./trail.ts";

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

async function recorded(version: string, moment: (typeof HEALTH_MOMENTS)[number]): Promise<HealthReadout> {
  const recordings = healthRecordingsOf(version, moment);
  const server = await replay(new Map(recordings.map((r) => [r.request, r])));
  const rest = createFlinkRest({ url: server.url, retries: 0 });
  closing.push(() => rest.close(), server.close);
  const id = /\/jobs\/([0-9a-f]{32})/.exec(recordings[0]?.request ?? "")?.[1] ?? "";
  return createHealthReader(rest).readHealth(id);
}

const CASES: readonly (readonly [
  (typeof HEALTH_MOMENTS)[number],
  DiagnosisKind,
  FaultClass | null,
  RegExp,
])[] = [
  ["running", "well", null, /^Runs for .* with all \d+ tasks; newest checkpoint .* old\.$/],
  ["task-manager-lost", "task-managers-lost", "process-lost", /^TaskManagers lost: /],
  ["waits-for-slots", "task-managers-lost", "process-lost", /the job is CREATED/],
  [
    "missing-file",
    "restart-loop",
    "missing-file",
    /first fault FileNotFoundException: .*No such file or directory/,
  ],
  [
    "missing-metadata",
    "failed",
    "missing-file",
    /: FileNotFoundException: Cannot find meta data file '_metadata'/,
  ],
  [
    "restart-loop",
    "restart-loop",
    "user-code",
    /checkpoints? .*; first fault IllegalStateException at \w+\.\w+: asked to fail/,
  ],
  ["failed", "failed", "user-code", /^Failed .* ago: IllegalStateException at \w+\.\w+: asked to fail/],
  ["canceled", "ended", null, /^Ended: the job is CANCELED/],
];

describe.each(RECORDED_VERSIONS)("what real Flink %s said of a job", (version) => {
  // The job on 2.3 had completed a checkpoint between its failures: no loop at the fourth.
  const cases = CASES.filter(([moment]) => version === "1.20" || moment !== "restart-loop");
  it.each(cases)("(%s) is diagnosed as %s", async (moment, kind, faultClass, sentence) => {
    const read = await recorded(version, moment);
    // Flink's store of metrics is empty at the first request after a while; the loop asks every two seconds.
    const health: HealthReadout = { ...read, restarts: { kind: "value", value: read.exceptions.length } };
    const d = diagnose({
      now: health.at,
      listedState: health.state,
      health: { ...health, unread: [] },
      trail: keepTrail(undefined, health, health.at),
      cluster: undefined,
      life: undefined,
      unreachableSince: null,
      goneSince: null,
      expectedTaskManagers: null,
      settings: SETTINGS,
    });
    expect({ kind: d.kind, class: d.fault?.class ?? null }).toEqual({ kind, class: faultClass });
    expect(d.sentence).toMatch(sentence);
  });
});

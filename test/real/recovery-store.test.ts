import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { flinkVersions } from "./flink/fetch.ts";
import { restoresOf } from "./recovery/asking.ts";
import { newestIn } from "./recovery/checkpoints.ts";
import { startDrill } from "./recovery/drill.ts";
import { FULL, PORTS, startLab } from "./recovery/lab.ts";
import { flinkJob } from "./recovery/records.ts";
import { expectRestored } from "./recovery/restored.ts";
import { startS3 } from "./s3/server.ts";
import { s3Plugin } from "./snapshots/s3-plugin.ts";
import { s3Store } from "./snapshots/stores.ts";
import { waitFor } from "./support/child.ts";

const MINUTES = 60_000;
const BUCKET = "flink";
const AWAY_MS = 60_000;

describe.runIf(FULL).each(flinkVersions)("on Flink %s", (version) => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  it("while the store of the snapshots is away Outrider waits, and takes the newest one afterwards", {
    timeout: 9 * MINUTES,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "outrider-drill-s3-"));
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    const buckets = join(folder, "buckets");
    mkdirSync(join(buckets, BUCKET), { recursive: true });
    const serve = () => startS3({ port: PORTS.s3, folder: buckets, workDir: folder });
    let s3 = await serve();
    closing.push(() => s3.stop());
    const store = s3Store({ url: s3.url, folder: buckets, bucket: BUCKET });
    const cluster = await startLab({
      version,
      plugins: [await s3Plugin(version)],
      config: { ...store.clusterConfiguration, ...IMPATIENT },
    });
    closing.push(cluster.stop);
    const drill = await startDrill(cluster, {
      name: "store-away",
      checkpointRoot: join(buckets, BUCKET, "ckpt"),
      settings: { storage: { s3: { endpoint: s3.url } } },
      env: s3.env,
    });
    closing.push(drill.stop);

    const faultAt = Date.now();
    await s3.child.kill();
    drill.failNow();
    await waitFor("the job to fail", MINUTES, async () =>
      (await flinkJob(cluster, drill.job.jobId))?.state === "FAILED" ? true : undefined,
    );
    const newest = newestIn(drill.checkpointDir);
    await sleep(Math.max(0, faultAt + AWAY_MS - Date.now()));
    const meanwhile = await restoresOf(drill);
    expect(meanwhile, "it was seen").not.toEqual([]);
    expect(
      meanwhile.flatMap((h) => h.attempts).filter((a) => a.step === "run"),
      "nothing was started",
    ).toEqual([]);
    const backAt = Date.now();
    s3 = await serve();

    const { done } = await expectRestored(drill, "store away for 60 s", version, faultAt);
    expect(done.attempts.find((a) => a.step === "run")?.at).toBeGreaterThanOrEqual(backAt);
    expect(newest.endsWith(done.record.effective?.snapshot?.split("/").at(-1) ?? "nothing")).toBe(true);
  });
});

/** Else the S3 client of Flink tries for minutes before a task may end. */
const IMPATIENT = {
  "s3.retry.limit": "2",
  "s3.attempts.maximum": "2",
  "s3.connection.establish.timeout": "2000",
  "s3.connection.timeout": "5000",
};

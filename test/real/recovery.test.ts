import { existsSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Cluster } from "./flink/cluster.ts";
import { flinkVersions } from "./flink/fetch.ts";
import { awaitRestore, pagesOf, restoresOf } from "./recovery/asking.ts";
import { checkpointsIn, filesOf, freshlyCompleted, newestIn } from "./recovery/checkpoints.ts";
import { removeSharedFile, truncateMetadata } from "./recovery/damage.ts";
import { type Drill, type DrillOptions, startDrill } from "./recovery/drill.ts";
import { standFigures } from "./recovery/figures.ts";
import { FULL, LOOPING, startLab } from "./recovery/lab.ts";
import { flinkJob } from "./recovery/records.ts";
import { expectRestored } from "./recovery/restored.ts";
import { waitFor } from "./support/child.ts";

const MINUTES = 60_000;
const limit = { timeout: 6 * MINUTES };

describe.each(flinkVersions)("on Flink %s", (version) => {
  let cluster: Cluster;
  let drill: Drill | undefined;
  beforeAll(async () => {
    cluster = await startLab({ version });
  });
  afterEach(async () => {
    await drill?.stop();
    drill = undefined;
  });
  afterAll(() => cluster?.stop());

  const start = async (options: DrillOptions): Promise<Drill> => {
    drill = await startDrill(cluster, options);
    return drill;
  };

  it("a job that an exception ended comes back from its newest checkpoint", limit, async () => {
    const d = await start({ name: "failed" });
    const faultAt = Date.now();
    d.failNow();
    const { figures } = await expectRestored(d, "job failed", version, faultAt);
    expect(figures.detectS).toBeLessThanOrEqual(30);
    expect(figures.chooseS).toBeLessThanOrEqual(10);
    expect(figures.runningS).toBeLessThanOrEqual(20);
  });

  it(
    "a newest checkpoint that is cut is passed over, named, and the one before it taken",
    limit,
    async () => {
      const configuration = { "execution.checkpointing.interval": "10s" };
      const d = await start({ name: "cut-metadata", configuration });
      const broken = await freshlyCompleted(d.checkpointDir);
      const faultAt = Date.now();
      truncateMetadata(broken);
      d.failNow();
      const { done } = await expectRestored(d, "newest `_metadata` cut", version, faultAt);
      expect(done.record.effective?.snapshot).not.toContain(broken);
      const passedOver = done.record.inputs.candidates.find((c) => c.path.endsWith(broken));
      expect(passedOver?.state).toBe("corrupt");
      expect(done.record.sentence, "which is taken, and what is replayed").toMatch(/chk-\d+ .*to replay/);
    },
  );

  it(
    "a checkpoint that lacks a shared RocksDB file is passed over, and the file is named",
    limit,
    async () => {
      const d = await start({ name: "missing-file", configuration: INCREMENTAL });
      const broken = await freshlyCompleted(d.checkpointDir);
      const faultAt = Date.now();
      const others = checkpointsIn(d.checkpointDir).filter((c) => c !== broken);
      const gone = removeSharedFile(join(dirname(broken), "shared"), filesOf(broken), others.map(filesOf));
      d.failNow();
      const { done } = await expectRestored(d, "shared file gone", version, faultAt);
      expect(done.record.effective?.snapshot).not.toContain(broken);
      const candidate = done.record.inputs.candidates.find((c) => c.path.endsWith(broken));
      expect(candidate?.state).toBe("incomplete");
      expect(candidate?.sentence).toContain(basename(gone));
    },
  );

  it(
    "a restart loop of the job's own making is ended, its state kept, its first fault named",
    limit,
    async () => {
      const d = await start({
        name: "loop",
        args: { "fail-after-s": 4 },
        recovery: { endLoopAfter: "15s" },
        configuration: LOOPING,
      });
      const done = await awaitRestore(
        d,
        "the loop is ended",
        3 * MINUTES,
        (history) => history.outcome?.verdict === "reached",
      );
      await standFigures(d, { drill: "restart loop", version, did: "ended the loop" }, null, done);
      expect(done.record.effective?.action).toBe("stop");
      expect(done.record.sentence).toContain("IllegalStateException");
      expect((await flinkJob(cluster, d.job.jobId))?.state).toBe("CANCELED");
      expect(existsSync(newestIn(d.checkpointDir))).toBe(true);
    },
  );

  it(
    "a loop whose end would delete its checkpoints is not ended: Outrider refuses and pages",
    limit,
    async () => {
      const d = await start({
        name: "loop-not-retained",
        args: { "fail-after-s": 4 },
        recovery: { endLoopAfter: "15s", escalateAfter: "20s" },
        configuration: {
          ...LOOPING,
          "execution.checkpointing.externalized-checkpoint-retention": "NO_EXTERNALIZED_CHECKPOINTS",
        },
      });
      const held = await awaitRestore(
        d,
        "the refusal",
        3 * MINUTES,
        (history) => history.record.reason === "would-delete-snapshot",
      );
      expect(held.record.effective).toBeNull();
      await waitFor("the page", MINUTES, async () => ((await pagesOf(d)).length > 0 ? true : undefined));
      await sleep(FULL ? 30_000 : 5_000);
      await standFigures(d, { drill: "restart loop, not retained", version, did: "refused" }, null, held);
      expect((await flinkJob(cluster, d.job.jobId))?.state).not.toBe("CANCELED");
      expect(existsSync(newestIn(d.checkpointDir))).toBe(true);
    },
  );

  it.runIf(FULL)("a poison record stops after two restores, and its exception is named", limit, async () => {
    const d = await start({
      name: "poison",
      args: { poison: "0:600" },
      recovery: { attemptDelay: "2s" },
    });
    const held = await awaitRestore(
      d,
      "the refusal",
      5 * MINUTES,
      (history) => history.record.reason === "deterministic-fault",
    );
    expect(held.record.sentence).toContain("PoisonRecordException");
    const restores = await restoresOf(d);
    expect(restores.filter((h) => h.attempts.some((a) => a.step === "run"))).toHaveLength(2);
    await sleep(15_000);
    await standFigures(d, { drill: "poison record", version, did: "refused" }, null, held);
    expect(await restoresOf(d), "it stays stopped").toHaveLength(restores.length);
  });

  // The last one on this cluster: jobs of the drills before it are forgotten with the JobManager.
  it(
    "a job that went with its JobManager comes back in the restarted cluster, its jar uploaded again",
    limit,
    async () => {
      const d = await start({ name: "job-manager-lost" });
      const faultAt = Date.now();
      await cluster.killJobManager();
      // By default Flink keeps uploaded jars in a temporary folder of the process; ours would survive it.
      rmSync(join(cluster.workDir, "upload"), { recursive: true });
      await cluster.restartJobManager();
      const { done } = await expectRestored(d, "JobManager lost", version, faultAt);
      expect(done.attempts.map((a) => a.step)).toContain("upload-jar");
      expect(await flinkJob(cluster, d.job.jobId), "the new JobManager never knew it").toBeUndefined();
    },
  );
});

/** RocksDB whose checkpoints share files. */
const INCREMENTAL = {
  "state.backend.type": "rocksdb",
  "execution.checkpointing.incremental": "true",
  "execution.checkpointing.interval": "10s",
};

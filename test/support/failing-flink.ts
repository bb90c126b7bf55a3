import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { steppedClock } from "../../engine/simulated/clock.ts";
import { Simulation } from "../../engine/simulated/cluster.ts";
import { createSimulatorServer, type SimulatorServer } from "../../engine/simulated/rest/server.ts";
import type { ClusterPlan, KeptPlan, RestartStrategy, Trouble } from "../../engine/simulated/world.ts";
import type { RestoreSpec } from "../../model/index.ts";
import { JOB_NAME } from "./troubled-flink.ts";
import { anEdge, aSource, aVertex, aWorld, CHECKPOINTS, stepLoad } from "./worlds.ts";

export interface FailingFlinkOptions {
  /** What becomes of the checkpoints when the job is cancelled; they are kept. */
  readonly retention?: KeptPlan["retention"];
  /** Flink's own answer to a failure; none, so that the first one is the last. */
  readonly strategy?: RestartStrategy;
  /** Between checkpoints; 5 s. */
  readonly intervalMs?: number;
  readonly cluster?: Partial<ClusterPlan>;
}

type Unplaced<T> = T extends unknown ? Omit<T, "atMs"> : never;
export type Mishap = Unplaced<Trouble>;

/**
 * The simulated Flink over HTTP with one job that keeps its checkpoints on disk, and a hand that does it harm. Its
 * time moves by `advance` (or `POST /simulator/clock`) only.
 */
export class FailingFlink {
  url = "";
  readonly folder = mkdtempSync(join(tmpdir(), "outrider-flink-"));
  readonly simulation: Simulation;
  private readonly server: SimulatorServer;

  constructor(options: FailingFlinkOptions = {}) {
    const { retention = "retain", strategy = { kind: "none" }, cluster = {}, intervalMs = 5_000 } = options;
    const world = aWorld({
      vertices: [
        aSource("a".repeat(32), stepLoad([[0, 100]]), { name: "Source: gen", waitMs: 0.1 }),
        aVertex("b".repeat(32), { name: "work", waitMs: 2, stateBytes: 20_000 }),
      ],
      edges: [anEdge(`${"a".repeat(32)}>${"b".repeat(32)}`, "HASH")],
      cluster: {
        taskManagers: 2,
        slotsPerTaskManager: 2,
        heartbeatTimeoutMs: 20_000,
        storage: { checkpoints: `file:${this.folder}/ckpt`, savepoints: `file:${this.folder}/svp` },
        ...cluster,
      },
      job: {
        name: JOB_NAME,
        entryClass: FLINK_ENTRY,
        restart: { baseMs: 200, startMs: 500, bytesPerSecond: 2e8, warmUpMs: 0, warmUpFactor: 1, strategy },
        checkpoints: {
          ...CHECKPOINTS,
          intervalMs,
          kept: { retained: 3, retention, incremental: true },
        },
      },
    });
    this.simulation = new Simulation(world);
    const setLoad = (job: string, rate: number): void => this.simulation.setLoad(job, rate);
    this.server = createSimulatorServer({ cluster: this.simulation, clock: steppedClock(), setLoad });
    writeFileSync(this.spec.jar, "a jar, as far as the simulated Flink looks");
  }

  /** How the job is submitted again. */
  get spec(): RestoreSpec {
    const jar = join(this.folder, `${JOB_NAME}.jar`);
    return { jar, entryClass: FLINK_ENTRY, args: [], parallelism: null, configuration: {} };
  }

  async listen(): Promise<this> {
    this.url = await this.server.listen(0);
    return this;
  }

  async close(): Promise<void> {
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get now(): number {
    return this.simulation.now();
  }

  advance(ms: number): number {
    this.simulation.advanceTo(this.now + ms);
    return this.now;
  }

  /** Does it harm now. */
  harm(mishap: Mishap): void {
    this.simulation.applyTrouble({ atMs: 0, ...mishap } as Trouble);
  }

  /** The job fails for good. */
  fail(message = "boom"): void {
    this.harm({ ...aFault(message), kind: "job-exception", terminal: true });
  }

  get job() {
    return this.simulation.jobNamed(JOB_NAME);
  }

  /** What each life of the job has read and counted. */
  get progress() {
    return this.simulation.progress().filter((life) => life.name === JOB_NAME);
  }

  /** Submissions since the beginning that took effect. */
  get submissions(): number {
    return this.simulation.submissions.get(JOB_NAME) ?? 0;
  }

  /** The most copies of the job that ever worked at the same time. */
  get mostCopies(): number {
    return this.simulation.mostLiveCopies(JOB_NAME);
  }
}

export const FLINK_ENTRY = "com.example.Orders";

/** Something that the code of vertex `work` throws. */
export const aFault = (message: string) => ({
  job: JOB_NAME,
  vertex: "work",
  exception: "java.lang.IllegalStateException",
  message,
});

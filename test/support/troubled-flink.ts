import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { steppedClock } from "../../engine/simulated/clock.ts";
import { Simulation } from "../../engine/simulated/cluster.ts";
import { createSimulatorServer, type SimulatorServer } from "../../engine/simulated/rest/server.ts";
import type { Instant, Parallelism, VertexId } from "../../model/index.ts";
import { distort, type Reply, refusalOf } from "./distorted-replies.ts";
import { anEdge, aSource, aVertex, aWorld, EPOCH, stepLoad } from "./worlds.ts";

export const SOURCE = "a".repeat(32);
export const WORK = "b".repeat(32);
export const SINK = "c".repeat(32);
export const JOB_NAME = "orders";

export type TroubleKind =
  | (
      | "down"
      | "slow"
      | "endless"
      | "garbage"
      | "html"
      | "wrong-shape"
      | "proxy-error"
      | "not-ready"
      | "vanished"
    )
  | ("half-missing" | "nan" | "not-adaptive" | "namesakes" | "put-refused" | "put-unanswered" | "put-stuck");

/** `on`: only requests whose `METHOD path` matches; without it all. */
export interface Trouble {
  readonly kind: TroubleKind;
  readonly on?: RegExp;
}

export interface FlinkOptions {
  /** Records per second. */
  readonly arrival?: number;
  /** Of `work`; the others have one. */
  readonly parallelism?: number;
  /** Pause of a rescale. */
  readonly rescaleMs?: number;
  /** When its time begins. */
  readonly epoch?: Instant;
}

/**
 * The simulated Flink over HTTP with one job whose time only `advance` (or `POST /simulator/clock`) moves, and a
 * hand on its replies. `work` is the narrow place: 50 records/s per subtask.
 */
export class TroubledFlink {
  trouble: Trouble | undefined;
  url = "";
  /** Requirements that differed from those before, in order; `puts` also counts those that did not. */
  readonly changes: Parallelism[] = [];
  puts = 0;
  private readonly simulation: Simulation;
  private readonly simulator: SimulatorServer;
  private readonly http = createServer((request, response) => void this.serve(request, response));

  constructor(options: FlinkOptions = {}) {
    const { arrival = 30, parallelism = 1, rescaleMs = 2_000, epoch = EPOCH } = options;
    // Records so large that few of them wait in the network: decisions stand on what is pending.
    const large = { recordBytes: 2_000 };
    const world = aWorld({
      epoch,
      vertices: [
        aSource(SOURCE, stepLoad([[0, arrival]]), { name: "Source: gen", waitMs: 0.1 }),
        aVertex(WORK, { name: "work", waitMs: 20, parallelism }),
        aVertex(SINK, { name: "sink", waitMs: 0.5 }),
      ],
      edges: [anEdge(`${SOURCE}>${WORK}`, "REBALANCE", large), anEdge(`${WORK}>${SINK}`, "HASH", large)],
      cluster: {
        taskManagers: 1,
        slotsPerTaskManager: 40,
        rescaleCooldownMs: 0,
        fetcherIntervalMs: 1_000,
        refreshIntervalMs: 300,
      },
      job: {
        name: JOB_NAME,
        restart: { baseMs: rescaleMs, startMs: 0, bytesPerSecond: 2e8, warmUpMs: 0, warmUpFactor: 1 },
        checkpoints: {
          intervalMs: 1_000,
          timeoutMs: 600_000,
          minPauseMs: 0,
          unaligned: false,
          syncMs: 5,
          bytesPerSecond: 1e8,
        },
      },
    });
    this.simulation = new Simulation(world);
    this.simulator = createSimulatorServer({ cluster: this.simulation, clock: steppedClock() });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.http.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.http.close(() => resolve());
      this.http.closeAllConnections();
    });
    await this.simulator.close();
  }

  get now(): number {
    return this.simulation.now();
  }

  advance(ms: number): number {
    this.simulation.advanceTo(this.now + ms);
    return this.now;
  }

  get jobId(): string {
    return this.job.id;
  }

  private get job() {
    const job = this.simulation.jobs.at(-1);
    if (job === undefined) throw new TypeError("a world has a job");
    return job;
  }

  /** Records per second from now on. */
  set arrival(rate: number) {
    for (const broker of this.job.brokers.values()) broker.setRate(rate);
  }

  get pending(): number {
    return this.vertex(SOURCE).subtasks.reduce((sum, t) => sum + (t.pendingRecords ?? 0), 0);
  }

  get parallelism(): Record<VertexId, number> {
    return Object.fromEntries(this.job.vertices.map((v) => [v.id, v.parallelism]));
  }

  get runningSince(): number {
    return this.job.timestamps.RUNNING ?? EPOCH;
  }

  private vertex(id: VertexId) {
    const vertex = this.job.vertices.find((v) => v.id === id);
    if (vertex === undefined) throw new TypeError(`no vertex ${id}`);
    return vertex;
  }

  /** As if somebody had deployed the job again: another id, the old one is cancelled, the load is what it was. */
  resubmit(): void {
    const { plan, brokers } = this.job;
    const rate = brokers.get(SOURCE)?.rate ?? 0;
    this.simulation.cancel(plan.id);
    this.simulation.submit({ ...plan, id: "2".repeat(32) });
    this.arrival = rate;
  }

  /** Sets requirements, as a request does or somebody else. */
  put(target: Parallelism): void {
    const before = this.job.requirements ?? {};
    if (Object.entries(target).some(([id, p]) => before[id]?.upperBound !== p)) this.changes.push(target);
    const wish = Object.fromEntries(
      Object.entries(target).map(([id, p]) => [id, { lowerBound: 1, upperBound: p }]),
    );
    // Accepted and never done, as in a cluster that cannot have the slots.
    if (this.trouble?.kind === "put-stuck") this.job.requirements = wish;
    else this.simulation.putRequirements(this.jobId, wish);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = `${request.method} ${request.url}`;
    const met = this.trouble?.on?.test(asked) === false ? undefined : this.trouble?.kind;
    const trouble = asked.includes("/simulator/") ? undefined : met;
    if (spoil(trouble, request, response)) return;
    const reply = this.answer(asked, await text(request), trouble);
    if (reply === undefined) {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { "content-type": "application/json" });
    response.end(JSON.stringify(reply.body));
  }

  /** `undefined`: the request was done, but its reply gets lost. */
  private answer(asked: string, body: string, trouble: TroubleKind | undefined): Reply | undefined {
    const isPut = asked.startsWith("PUT");
    if (isPut) this.puts += 1;
    const refused = refusalOf(asked, trouble, this.jobId);
    if (refused !== undefined) return refused;
    if (isPut) {
      const wish = JSON.parse(body) as Record<string, { parallelism: { upperBound: number } }>;
      this.put(Object.fromEntries(Object.entries(wish).map(([id, w]) => [id, w.parallelism.upperBound])));
      return trouble === "put-unanswered" ? undefined : { status: 200, body: {} };
    }
    return distort(trouble, asked, this.jobId, (real) => {
      const [method = "", url = ""] = real.split(" ");
      const [path = "", query = ""] = url.split("?");
      const reply = this.simulator.answer({ method, path, query, body });
      return { status: reply.status, body: JSON.parse(JSON.stringify(reply.body ?? null)) as unknown };
    });
  }
}

/** Troubles that are the same for every request; true when the reply has been dealt with. */
function spoil(
  trouble: TroubleKind | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const plain: Partial<Record<TroubleKind, readonly [number, string]>> = {
    garbage: [200, '{"jobs": [{"jid": '],
    html: [200, "<html><title>Sign in</title></html>"],
    "wrong-shape": [200, '{"jobs": [{"jid": 7}], "vertices": "none"}'],
    "proxy-error": [502, "<html>Bad gateway</html>"],
    "not-ready": [503, '{"errors": ["Service temporarily unavailable due to an ongoing leader election."]}'],
  };
  const said = trouble === undefined ? undefined : plain[trouble];
  if (trouble === "down") request.socket.destroy();
  else if (trouble === "endless") pour(response);
  else if (said !== undefined) response.writeHead(said[0]).end(said[1]);
  return trouble === "down" || trouble === "slow" || trouble === "endless" || said !== undefined;
}

function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(16_384, " ");
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.writeHead(200).on("drain", more);
  more();
}

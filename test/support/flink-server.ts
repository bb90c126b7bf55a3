import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Parallelism, VertexId } from "../../model/index.ts";
import { LoadPhysics, SINK, SOURCE, WORK } from "./load-physics.ts";

const NAMES: Readonly<Record<VertexId, string>> = { [SOURCE]: "Source: gen", [WORK]: "work", [SINK]: "sink" };
const INPUTS: Readonly<Record<VertexId, { id: VertexId; ship_strategy: string }[]>> = {
  [SOURCE]: [],
  [WORK]: [{ id: SOURCE, ship_strategy: "REBALANCE" }],
  [SINK]: [{ id: WORK, ship_strategy: "HASH" }],
};
const SLOTS = 40;
const NAMESAKE = "3".repeat(32);
export const JOB_NAME = "orders";
export const START = Date.UTC(2026, 10, 21, 12);

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

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const ok = (body: unknown): Reply => ({ status: 200, body });
const error = (status: number, ...errors: string[]): Reply => ({ status, body: { errors } });
const notFound = (id: string): Reply =>
  error(404, `org.apache.flink.runtime.rest.NotFoundException: Job ${id} not found\n\tat x.Y.z(Y.java:1)`);

export interface ScriptedOptions {
  readonly arrival?: number;
  readonly parallelism?: number;
  readonly rescaleMs?: number;
}

/** A test double of Flink's REST API with one job whose time only `advance` (or `POST /advance?ms=`) moves. */
export class ScriptedFlink {
  now = START;
  trouble: Trouble | undefined;
  load: LoadPhysics;
  jobId = "1".repeat(32);
  url = "";
  /** Requirements that differed from those before, in order; `puts` also counts those that did not. */
  readonly changes: Parallelism[] = [];
  puts = 0;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  constructor(options: ScriptedOptions = {}) {
    const { arrival = 30, parallelism = 1, rescaleMs = 3_000 } = options;
    this.load = new LoadPhysics({ startedAt: START, arrival, parallelism, rescaleMs });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  advance(ms: number): number {
    this.now += ms;
    this.load.advanceTo(this.now);
    return this.now;
  }

  /** As if somebody had deployed the job again: another id, nothing of the old one is known any more. */
  resubmit(): void {
    this.jobId = "2".repeat(32);
    this.load.restart();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = `${request.method} ${request.url}`;
    const advance = /^POST \/advance\?ms=(\d+)$/.exec(asked);
    const trouble = this.trouble?.on?.test(asked) === false ? undefined : this.trouble?.kind;
    if (advance === null && spoil(trouble, request, response)) return;
    const body = await text(request);
    const reply = advance === null ? this.route(asked, body, trouble) : ok(this.advance(Number(advance[1])));
    if (reply === undefined) {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { "content-type": "application/json" });
    response.end(JSON.stringify(reply.body));
  }

  /** `undefined`: the request was done, but its reply gets lost. */
  private route(asked: string, body: string, trouble: TroubleKind | undefined): Reply | undefined {
    const path = asked.replace(/\?.*$/, "");
    if (path === "GET /jobs/overview") return ok({ jobs: this.listed(trouble) });
    if (path === "GET /config") return ok({ "flink-version": "2.3.0", features: { "web-rescale": true } });
    if (path === "GET /overview") return ok(this.overview());
    const [, id = "", rest = ""] = /^[A-Z]+ \/jobs\/([0-9a-f]+)(.*)$/.exec(path) ?? [];
    if (id === "") return error(404, "Unable to load requested file.");
    const known = id === this.jobId || (id === NAMESAKE && trouble === "namesakes");
    if (!known || trouble === "vanished") return notFound(id);
    if (rest === "") return ok(this.details(id, trouble));
    if (rest === "/checkpoints") return error(404, "Checkpointing has not been enabled");
    if (rest === "/resource-requirements") return this.requirements(asked, body, trouble);
    const vertex = /^\/vertices\/([0-9a-f]+)\/subtasks\/metrics$/.exec(rest)?.[1];
    return vertex === undefined
      ? error(404, "Unable to load requested file.")
      : ok(this.metrics(vertex, asked, trouble));
  }

  private listed(trouble: TroubleKind | undefined) {
    const job = { jid: this.jobId, name: JOB_NAME, state: this.state(), "start-time": START };
    return trouble === "namesakes" ? [job, { ...job, jid: NAMESAKE }] : [job];
  }

  private state(): string {
    return this.load.running ? "RUNNING" : "RESTARTING";
  }

  private overview() {
    const used = Math.max(...Object.values(this.load.parallelism));
    const jobs = { "jobs-running": 1, "jobs-finished": 0, "jobs-cancelled": 0, "jobs-failed": 0 };
    const slots = { "slots-total": SLOTS, "slots-available": SLOTS - used };
    return { taskmanagers: 1, ...slots, ...jobs, "flink-version": "2.3.0" };
  }

  private details(id: string, trouble: TroubleKind | undefined) {
    const vertices = [SOURCE, WORK, SINK].map((vertex) => ({
      id: vertex,
      name: NAMES[vertex],
      maxParallelism: 128,
      parallelism: this.load.parallelism[vertex],
      status: "RUNNING",
      slotSharingGroupId: "d".repeat(32),
      metrics: this.counters(vertex, trouble),
    }));
    const timestamps = { RUNNING: this.load.runningSince, CREATED: START };
    const plan = { nodes: vertices.map((v) => ({ id: v.id, inputs: INPUTS[v.id] })) };
    const job = { jid: id, name: JOB_NAME, state: this.state(), "start-time": START, now: this.now };
    return { ...job, timestamps, vertices, plan };
  }

  private counters(id: VertexId, trouble: TroubleKind | undefined) {
    if (trouble === "half-missing" && id !== SOURCE) return {};
    const { read, busy, idle, held } = this.load.of(id);
    return {
      "read-records": Math.round(read),
      "write-records": id === SINK ? 0 : Math.round(read),
      "accumulated-busy-time": trouble === "nan" && id === WORK ? "NaN" : Math.round(busy),
      "accumulated-idle-time": Math.round(idle),
      "accumulated-backpressured-time": Math.round(held),
    };
  }

  private metrics(id: VertexId, asked: string, trouble: TroubleKind | undefined): unknown[] {
    // Tasks that ended take their metrics with them.
    if (!this.load.running) return [];
    const { read, busy, idle, held } = this.load.of(id);
    const all = new Map<string, number>([
      ["accumulateBusyTimeMs", busy],
      ["accumulateIdleTimeMs", idle],
      ["accumulateBackPressuredTimeMs", held],
      ["busyTimeMsPerSecond", (busy / Math.max(1, busy + idle + held)) * 1_000],
    ]);
    if (id === SOURCE) all.set("Source__gen.numRecordsIn", read);
    if (id === SOURCE && trouble !== "half-missing") all.set("Source__gen.pendingRecords", this.load.pending);
    const query = new URL(asked.replace(/^[A-Z]+ /, ""), "http://x").searchParams;
    const get = query.get("get")?.split(",");
    const aggregation = query.get("agg") ?? "sum";
    if (get === undefined) return [...all.keys()].map((name) => ({ id: name }));
    if (get.some((name) => !all.has(name))) return [];
    return get.map((name) => ({ id: name, [aggregation]: Math.round(all.get(name) ?? 0) }));
  }

  private requirements(asked: string, body: string, trouble: TroubleKind | undefined): Reply | undefined {
    if (trouble === "not-adaptive") {
      const why = "The DefaultScheduler does not support changing the parallelism";
      return error(500, "Internal server error.", `java.lang.UnsupportedOperationException: ${why}`);
    }
    if (asked.startsWith("GET")) {
      const present = Object.entries(this.load.requirements);
      return ok(
        Object.fromEntries(present.map(([id, p]) => [id, { parallelism: { lowerBound: 1, upperBound: p } }])),
      );
    }
    this.puts += 1;
    if (trouble === "put-refused") return error(400, "The upper bound is above what this cluster allows");
    const wish = JSON.parse(body) as Record<string, { parallelism: { upperBound: number } }>;
    this.load.stuck = trouble === "put-stuck";
    this.put(Object.fromEntries(Object.entries(wish).map(([id, w]) => [id, w.parallelism.upperBound])));
    return trouble === "put-unanswered" ? undefined : ok({});
  }

  /** Sets requirements, as a request does or somebody else. */
  put(target: Parallelism): void {
    if (this.load.require(target)) this.changes.push(target);
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

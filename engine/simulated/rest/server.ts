import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { advanceInTurns, type SimulationClock } from "../clock.ts";
import type { SimulatedCluster } from "../view.ts";
import type { Trouble } from "../world.ts";
import { createAnswer, isSimulatorPath } from "./answer.ts";
import { createDesk } from "./desk.ts";
import { UPLOAD_PATH } from "./jar-routes.ts";
import { plainError, type SimulatorReply, type SimulatorRequest } from "./reply.ts";
import { CLOCK_PATH, type SimulatorControls, steppedTo } from "./simulator-routes.ts";

export interface SimulatorOptions {
  readonly cluster: SimulatedCluster;
  readonly clock: SimulationClock;
  /** The world's trouble; the protocols obey `metrics-missing`, `rest-slow` and `rest-fails`. */
  readonly trouble?: readonly Trouble[];
  /** Makes `POST /simulator/load` work. */
  readonly setLoad?: NonNullable<SimulatorControls["setLoad"]>;
  /** Makes `POST /simulator/trouble` and `GET /simulator/jobs` work. */
  readonly operator?: NonNullable<SimulatorControls["operator"]>;
}

/** A simulated Flink that can be asked, over HTTP and in process. */
export interface SimulatorServer {
  /** In process, without the delays of `rest-slow`. Never throws. */
  readonly answer: (request: SimulatorRequest) => SimulatorReply;
  /** Returns the base address, without a slash at its end. `port` 0: any free one. */
  listen(port: number, host?: string): Promise<string>;
  /**
   * Serves the reporter pages on ports of their own too, any path giving the page: the JobManager's on
   * `firstPort`, TaskManager `i`'s on `firstPort + 1 + i`. Returns their addresses in this order.
   */
  listenReporters(firstPort: number, host?: string): Promise<readonly string[]>;
  /** Stops the clock, ends all connections. */
  close(): Promise<void>;
}

/** Flink limits what it reads of a JSON body too. */
const MAX_BODY = 1024 * 1024;
/** Of a jar only the head of the upload is kept, which names it. */
const MAX_UPLOAD = 1024 * 1024 * 1024;
const UPLOAD_HEAD = 16 * 1024;
/** In a stepped simulation time stands still, so slowness can only be hinted at. */
const MAX_STEPPED_DELAY_MS = 50;

export function createSimulatorServer(options: SimulatorOptions): SimulatorServer {
  const { cluster, clock, trouble = [], setLoad } = options;
  const desk = createDesk(cluster, trouble);
  const answer = createAnswer(desk, {
    clock,
    ...(setLoad === undefined ? {} : { setLoad }),
    ...(options.operator === undefined ? {} : { operator: options.operator }),
  });
  const servers: Server[] = [];
  let closed = false;
  clock.start(cluster);

  /** How long the world's trouble holds a reply back, in the time of this machine. */
  function delayMs(path: string): number {
    const delay = isSimulatorPath(path) ? 0 : desk.troubles.restDelayMs();
    return clock.speed === undefined ? Math.min(delay, MAX_STEPPED_DELAY_MS) : delay / clock.speed;
  }

  /** Nothing listens where the JobManager has died; the simulator's own routes go on. */
  function isDead(path: string): boolean {
    if (isSimulatorPath(path)) return false;
    clock.catchUp();
    return cluster.jobManager.state === "down";
  }

  /** A long step of a stepped clock is done in turns; the answer then does what is left of it, and checks it. */
  async function stepAhead(path: string, body: string): Promise<void> {
    const to = path === CLOCK_PATH && clock.mode === "stepped" ? steppedTo(body, cluster.now()) : undefined;
    if (to !== undefined) await advanceInTurns(cluster, to, () => closed);
  }

  async function open(
    port: number,
    host: string,
    pathOf: (request: IncomingMessage) => string,
  ): Promise<string> {
    const server = createServer((request, response) => {
      const path = pathOf(request);
      if (isDead(path.replace(/\?.*$/s, ""))) {
        request.socket.destroy();
        return;
      }
      serve(request, path, answer, delayMs, stepAhead).then(
        (reply) => send(response, request.method ?? "GET", reply),
        () => response.destroy(),
      );
    });
    servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    const { port: opened } = server.address() as AddressInfo;
    return `http://${host.includes(":") ? `[${host}]` : host}:${opened}`;
  }

  return {
    answer,
    listen: (port, host = "127.0.0.1") => open(port, host, (request) => request.url ?? "/"),
    async listenReporters(firstPort, host = "127.0.0.1") {
      const paths = ["jobmanager", ...cluster.taskManagers.map((t) => `taskmanagers/${t.index}`)];
      const addresses: string[] = [];
      for (const [i, path] of paths.entries()) {
        const port = firstPort === 0 ? 0 : firstPort + i;
        addresses.push(await open(port, host, (r) => `/simulator/reporter/${path}${queryOf(r.url ?? "")}`));
      }
      return addresses;
    },
    async close() {
      closed = true;
      clock.stop();
      await Promise.all(
        servers.splice(0).map(async (server) => {
          const closed = new Promise<void>((resolve) => server.close(() => resolve()));
          server.closeAllConnections();
          await closed;
        }),
      );
    },
  };
}

const queryOf = (url: string): string => (url.includes("?") ? url.slice(url.indexOf("?")) : "");

async function serve(
  request: IncomingMessage,
  url: string,
  answer: SimulatorServer["answer"],
  delayMs: (path: string) => number,
  before: (path: string, body: string) => Promise<void>,
): Promise<SimulatorReply> {
  const { method = "GET" } = request;
  const path = url.replace(/\?.*$/s, "");
  const isUpload = UPLOAD_PATH.test(path);
  const limits = isUpload ? { most: MAX_UPLOAD, kept: UPLOAD_HEAD } : { most: MAX_BODY, kept: MAX_BODY };
  const body = await bodyOf(request, limits);
  if (body === undefined) return plainError(413, `The request's body is larger than ${limits.most} bytes.`);
  const delay = delayMs(path);
  if (delay > 0) await sleep(delay);
  if (method === "POST") await before(path, body);
  // Flink's clients send a body with a GET; it means nothing.
  const read = method === "GET" || method === "HEAD" ? "" : body;
  return answer({ method, path, query: queryOf(url), body: read });
}

/** Undefined where it is too large; the rest is read and thrown away, so that the reply can arrive. */
async function bodyOf(
  request: IncomingMessage,
  { most, kept }: { readonly most: number; readonly kept: number },
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size < kept) chunks.push(chunk.subarray(0, kept - size));
    size += chunk.length;
  }
  return size <= most ? Buffer.concat(chunks).toString("utf8") : undefined;
}

function send(response: ServerResponse, method: string, reply: SimulatorReply): void {
  const { status, body, contentType } = reply;
  const text = contentType === undefined ? JSON.stringify(body) : String(body);
  response.writeHead(status, {
    "content-type": contentType ?? "application/json; charset=UTF-8",
    "content-length": Buffer.byteLength(text),
  });
  response.end(method === "HEAD" ? undefined : text);
}

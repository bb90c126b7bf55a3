import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A request that changes something, as it passed by. */
export interface Change {
  readonly at: number;
  readonly method: string;
  readonly path: string;
}

/** One address before several JobManagers, as a load balancer: the first that takes a connection answers. */
export interface Front {
  readonly url: string;
  /** Whatever was not merely a question, oldest first. */
  readonly changes: readonly Change[];
  close(): Promise<void>;
}

export async function startFront(port: number, backends: readonly string[]): Promise<Front> {
  const changes: Change[] = [];
  const server = createServer((request, response) => {
    const { method = "GET", url: path = "/" } = request;
    if (method !== "GET") changes.push({ at: Date.now(), method, path });
    pass(request, response, backends).catch((error: unknown) => {
      response.writeHead(502).end(JSON.stringify({ errors: [String(error)] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    changes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  backends: readonly string[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = "GET", url: path = "/", headers } = request;
  const type = headers["content-type"];
  const init: RequestInit = {
    method,
    ...(type === undefined ? {} : { headers: { "content-type": type } }),
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  };
  const reply = await firstReply(backends, path, init);
  const body = Buffer.from(await reply.arrayBuffer());
  response.writeHead(reply.status, { "content-type": reply.headers.get("content-type") ?? "text/plain" });
  response.end(body);
}

async function firstReply(backends: readonly string[], path: string, init: RequestInit): Promise<Response> {
  let problem: unknown = new Error("no JobManager to ask");
  for (const backend of backends) {
    try {
      return await fetch(`${backend}${path}`, init);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

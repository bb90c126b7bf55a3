import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a store that is played by a test answers. */
export interface FakeReply {
  readonly status?: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Says no more after the body, and does not end. */
  readonly hangs?: boolean;
}

/** A store that is played by a test, on loopback. */
export interface FakeHttp {
  readonly url: string;
  /** Method and path with query of every request so far. */
  readonly requests: string[];
  /** Connections that clients hold. */
  open(): Promise<number>;
  close(): Promise<void>;
}

/** Starts a server that answers what `reply` says; nothing, and the connection cut, where it says "cut". */
export async function fakeHttp(reply: (url: URL, method: string) => FakeReply | "cut"): Promise<FakeHttp> {
  const requests: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const method = request.method ?? "GET";
    requests.push(`${method} ${request.url}`);
    const said = reply(new URL(request.url ?? "/", "http://fake"), method);
    if (said === "cut") {
      response.destroy();
      return;
    }
    // A reply may be made to end where the connection does.
    if (said.headers?.["transfer-encoding"] === "") response.removeHeader("transfer-encoding");
    const headers = Object.entries({ "content-type": "application/xml", ...said.headers });
    response.writeHead(said.status ?? 200, Object.fromEntries(headers.filter(([, value]) => value !== "")));
    if (said.hangs === true) response.write(said.body ?? "");
    else response.end(method === "HEAD" ? undefined : (said.body ?? ""));
  };
  const server = createServer((request, response) => {
    request.resume().once("end", () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    open: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

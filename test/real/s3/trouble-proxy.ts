import { connect, createServer, type Socket } from "node:net";

/** What the proxy does to replies: nothing, go silent after so many bytes of a connection, or cut it there. */
export type Trouble =
  | { readonly kind: "none" }
  | { readonly kind: "stall" | "cut"; readonly afterBytes: number };

/** A TCP proxy before a server on loopback. */
export interface TroubleProxy {
  readonly url: string;
  /** Holds for the bytes that come from now on. */
  trouble: Trouble;
  /** Connections that clients have open. */
  open(): number;
  close(): Promise<void>;
}

/** Starts a proxy on `port` before the server on `target`. */
export async function startTroubleProxy(port: number, target: number): Promise<TroubleProxy> {
  const clients = new Set<Socket>();
  const proxy = { trouble: { kind: "none" } as Trouble };
  const server = createServer((client) => {
    clients.add(client);
    const upstream = connect(target, "127.0.0.1");
    let bytes = 0;
    upstream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      const { trouble } = proxy;
      const passed = trouble.kind === "none" ? chunk.length : trouble.afterBytes - (bytes - chunk.length);
      if (passed > 0) client.write(chunk.subarray(0, passed));
      if (trouble.kind === "cut" && bytes >= trouble.afterBytes) client.destroy();
    });
    client.pipe(upstream);
    client.on("close", () => {
      clients.delete(client);
      upstream.destroy();
    });
    upstream.on("close", () => {
      // A server that has said all it had to say may hang up; a client that waits for the rest must not see that.
      if (proxy.trouble.kind !== "stall") client.destroy();
    });
    // Either side may end in the middle: that is what this proxy is for.
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    open: () => clients.size,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const client of clients) client.destroy();
      }),
  });
}

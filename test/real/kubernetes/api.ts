import { Agent, request as send } from "node:https";

/** What the API server said: status, parsed body, and the warnings that `kubectl` would print. */
export interface ApiReply<T> {
  readonly status: number;
  readonly body: T;
  readonly warnings: readonly string[];
}

/** Plain requests to a Kubernetes API server, as one user. */
export interface KubernetesApi {
  readonly url: string;
  request<T>(method: string, path: string, body?: unknown, contentType?: string): Promise<ApiReply<T>>;
  /** A request that must succeed; fails with the server's own words otherwise. */
  expect<T>(method: string, path: string, body?: unknown): Promise<T>;
  close(): void;
}

export function createKubernetesApi(options: {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
}): KubernetesApi {
  const agent = new Agent({ ca: options.ca, keepAlive: true, timeout: 20_000 });
  const request = <T>(
    method: string,
    path: string,
    body?: unknown,
    contentType = "application/json",
  ): Promise<ApiReply<T>> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${options.token}`, accept: "application/json" };
      const outgoing = send(`${options.url}${path}`, {
        method,
        agent,
        headers: body === undefined ? headers : { ...headers, "content-type": contentType },
      });
      outgoing.once("timeout", () => outgoing.destroy(new Error(`${method} ${path}: no answer in 20 s`)));
      outgoing.once("error", reject);
      outgoing.once("response", (incoming) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.once("error", reject);
        incoming.once("end", () => {
          const text = Buffer.concat(parts).toString("utf8");
          const warning = incoming.headers["warning"];
          resolve({
            status: incoming.statusCode ?? 0,
            body: (text.startsWith("{") ? JSON.parse(text) : text) as T,
            warnings: warning === undefined ? [] : [warning].flat(),
          });
        });
      });
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    url: options.url,
    request,
    async expect<T>(method: string, path: string, body?: unknown): Promise<T> {
      const reply = await request<T & { message?: string }>(method, path, body);
      if (reply.status >= 300) {
        throw new Error(
          `${method} ${path}: Kubernetes answered ${reply.status}: ${reply.body.message ?? ""}`,
        );
      }
      return reply.body;
    },
    close: () => agent.destroy(),
  };
}

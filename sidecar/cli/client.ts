import { CliError, EXIT } from "./exit.ts";

/** The questions that commands ask of a running Outrider. */
export interface Client {
  readonly server: string;
  get<T>(path: string): Promise<T>;
  /** `timeoutMs`: for a question that takes the server longer than others. */
  send<T>(method: "POST" | "PUT", path: string, body?: unknown, timeoutMs?: number): Promise<T>;
  /** Server-sent events, one `data` text each, until the server or `signal` ends them. */
  follow(path: string, signal: AbortSignal): AsyncIterable<string>;
}

const TIMEOUT_MS = 10_000;

export function createClient(options: { server: string; token?: string | undefined }): Client {
  const server = parseServer(options.server);
  const auth = options.token ? { Authorization: `Bearer ${options.token}` } : {};

  const ask = async (path: string, init: RequestInit, timeoutMs = TIMEOUT_MS): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(`${server}${path}`, { redirect: "error", ...init });
    } catch (error) {
      throw new CliError(
        `cannot ask Outrider at ${server}: ${causeOf(error, timeoutMs)}; is it running? Name it by --server or OUTRIDER_SERVER`,
      );
    }
    if (!response.ok) throw await refusal(response, server);
    return response;
  };
  const read = async <T>(path: string, init: RequestInit, timeoutMs = TIMEOUT_MS): Promise<T> => {
    const response = await ask(path, { ...init, signal: AbortSignal.timeout(timeoutMs) }, timeoutMs);
    try {
      return (await response.json()) as T;
    } catch {
      throw new CliError(`what answers at ${server} is not Outrider: its reply to ${path} is not JSON`);
    }
  };
  return {
    server,
    get: (path) => read(path, { headers: { ...auth, Accept: "application/json" } }),
    send: (method, path, body, timeoutMs) => {
      const headers = { ...auth, Accept: "application/json", "Content-Type": "application/json" };
      return read(path, { method, headers, body: JSON.stringify(body ?? {}) }, timeoutMs);
    },
    async *follow(path, signal) {
      const response = await ask(path, { headers: { ...auth, Accept: "text/event-stream" }, signal });
      if (response.body) yield* dataOf(response.body);
    },
  };
}

function parseServer(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new CliError(`--server: ${JSON.stringify(text)} is not an address; expected http://127.0.0.1:8090`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new CliError("--server: credentials do not belong into the address; use --token or OUTRIDER_TOKEN");
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** The server's own words. A conflict is an answer, "no" (1); everything else is "could not ask" (2). */
async function refusal(response: Response, server: string): Promise<CliError> {
  const text = await response.text();
  let detail: unknown;
  try {
    detail = (JSON.parse(text) as { detail?: unknown }).detail;
  } catch {
    detail = undefined;
  }
  const said = typeof detail === "string" ? detail : `${server} answered ${response.status}`;
  return new CliError(said, response.status === 409 ? EXIT.no : EXIT.usage);
}

function causeOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error) {
    const code = "code" in cause ? String(cause.code) : "";
    if (code === "ECONNREFUSED") return "nothing listens there";
    return cause.message || code;
  }
  return error.message;
}

/** The `data` of each event. Ours are always one line, so that no joining is needed. */
async function* dataOf(body: ReadableStream<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data: ")) yield line.slice(6);
  }
}

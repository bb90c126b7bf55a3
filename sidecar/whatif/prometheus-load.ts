import { z } from "zod";
import { Failure, type Instant, type Milliseconds, sentenceOf } from "../../model/index.ts";
import type { LoadFile } from "./load-file.ts";

export interface PrometheusQuestion {
  /** `http://prometheus:9090`, with a path where it has one. */
  readonly url: string;
  /** One series: records/s at all sources together. */
  readonly query: string;
  readonly lastMs: Milliseconds;
  readonly now: Instant;
  readonly timeoutMs?: Milliseconds;
}

const STEP_MINUTES = 5;
const STEP_MS: Milliseconds = STEP_MINUTES * 60_000;
const TIMEOUT_MS: Milliseconds = 30_000;
const MOST_BYTES = 8 * 2 ** 20;
/** Prometheus itself answers with no more. */
const MOST_POINTS = 11_000;

const replySchema = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])).max(MOST_POINTS) })),
  }),
});
const refusalSchema = z.object({ status: z.literal("error"), error: z.string() });

/**
 * The load of the last days as a Prometheus remembers it, in 5-minute steps by `query_range`. Where it has no value, a
 * negative one or NaN, the step is missing. Throws a `Failure` where it does not answer so, or with several series.
 */
export async function readPrometheusLoad(question: PrometheusQuestion): Promise<LoadFile> {
  const end = Math.floor(question.now / STEP_MS) * STEP_MS;
  const steps = Math.floor(question.lastMs / STEP_MS);
  const start = end - steps * STEP_MS;
  const text = await ask(question, start, end);
  const reply = replySchema.safeParse(jsonOf(text));
  if (!reply.success) throw bad(question, saidBy(text));
  const [series, second] = reply.data.data.result;
  if (series === undefined) throw bad(question, "no series");
  if (second !== undefined)
    throw bad(question, `${reply.data.data.result.length} series; put sum(…) around the query`);
  const values = new Array<number | null>(steps).fill(null);
  for (const [seconds, value] of series.values) {
    // A value at the end of a step stands for it.
    const i = Math.round((seconds * 1_000 - start) / STEP_MS) - 1;
    const rate = Number(value);
    if (i >= 0 && i < steps && Number.isFinite(rate) && rate >= 0) values[i] = rate;
  }
  const first = values.findIndex((v) => v !== null);
  if (first === -1) throw bad(question, "no value that is a rate");
  return { name: "prometheus", stepMinutes: STEP_MINUTES, values: values.slice(first) };
}

async function ask(question: PrometheusQuestion, start: Instant, end: Instant): Promise<string> {
  const base = URL.parse(question.url);
  if (base === null || !/^https?:$/.test(base.protocol))
    throw new Failure(
      "bad-request",
      `cannot ask Prometheus: got ${JSON.stringify(question.url)}; expected http://host:9090`,
    );
  const url = `${base.origin}${base.pathname.replace(/\/+$/, "")}/api/v1/query_range`;
  const body = new URLSearchParams({
    query: question.query,
    start: `${start / 1_000}`,
    end: `${end / 1_000}`,
    step: `${STEP_MS / 1_000}`,
  });
  // Credentials of the address go into a header: a request by address may not hold them.
  const auth =
    base.username === "" ? {} : { Authorization: `Basic ${btoa(`${base.username}:${base.password}`)}` };
  const timeoutMs = question.timeoutMs ?? TIMEOUT_MS;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: "POST", body, headers: auth, redirect: "error", signal });
    return await boundedText(response, url);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const late = cause instanceof Error && cause.name === "TimeoutError";
    const [got, expected] = late
      ? [`no answer within ${timeoutMs / 1_000} s`, "one in time: ask for less time, or a recording rule"]
      : [`no answer (${causeOf(cause)})`, "a Prometheus there: check address and port, and the way to it"];
    throw new Failure(
      late ? "timeout" : "unreachable",
      `cannot ask Prometheus at ${url}: got ${got}; expected ${expected}`,
      { cause },
    );
  }
}

/** `fetch` itself only says that it failed; what is beneath knows why. */
function causeOf(error: unknown): string {
  const { cause } = error as { readonly cause?: NodeJS.ErrnoException };
  return cause?.code ?? cause?.message ?? sentenceOf(error);
}

async function boundedText(response: Response, url: string): Promise<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES)
      throw new Failure("too-large", `cannot read from ${url}: got over ${MOST_BYTES} bytes; expected fewer`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Its own words where it refused. */
function saidBy(text: string): string {
  const refusal = refusalSchema.safeParse(jsonOf(text));
  return refusal.success ? refusal.data.error.slice(0, 300) : JSON.stringify(text.slice(0, 100));
}

const bad = ({ query, url }: PrometheusQuestion, got: string): Failure =>
  new Failure(
    "bad-reply",
    `cannot read load from Prometheus at ${URL.parse(url)?.host ?? ""}: query ${query.slice(0, 200)}; got ${got}; expected one series of records/s`,
  );

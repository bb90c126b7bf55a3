import { z } from "zod";
import { Failure } from "../../../model/index.ts";

/** The library's options in force: null where it has no value. Durations are text in Flink's form ("15 s"). */
export type PeerOptions = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

const at = z.number().int();

const optionValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);

/** What the Java peer prints, one object a line; `at` is its clock in epoch milliseconds. */
const peerLine = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("options"),
    mode: z.enum(["live", "stepped"]),
    loopMs: z.number().int(),
    options: z.record(z.string(), optionValue),
  }),
  z.object({
    type: z.literal("put"),
    at,
    job: z.string(),
    parallelism: z.record(z.string(), z.number().int()),
  }),
  z.object({
    type: z.literal("event"),
    at,
    job: z.string(),
    level: z.string(),
    reason: z.string(),
    message: z.string(),
  }),
  z.object({ type: z.literal("error"), at, reason: z.string(), message: z.string() }),
  z.object({ type: z.literal("done"), at, jobs: z.number().int() }),
]);

export type PeerLine = z.infer<typeof peerLine>;
/** New requirements that Flink accepted: upper bounds by vertex id. */
export type PeerPut = Extract<PeerLine, { type: "put" }>;
/** Something that the library reported. */
export type PeerEvent = Extract<PeerLine, { type: "event" }>;
/** Something that went wrong in a pass; the peer goes on. */
export type PeerError = Extract<PeerLine, { type: "error" }>;

const LONGEST_LINE = 1 << 20;

/** Reads one line of the peer; throws a `Failure` when it is none. */
export function readPeerLine(text: string): PeerLine {
  const shown = JSON.stringify(text.slice(0, 120));
  const expected = "expected a JSON object of a known type";
  if (text.length > LONGEST_LINE) {
    throw new Failure("too-large", `cannot read the Java peer: a line; got ${text.length} characters`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Failure("bad-reply", `cannot read the Java peer: a line; got ${shown}; ${expected}`, { cause });
  }
  const read = peerLine.safeParse(value);
  if (!read.success) {
    const cause = read.error;
    throw new Failure("bad-reply", `cannot read the Java peer: a line; got ${shown}; ${expected}`, { cause });
  }
  return read.data;
}

import type { FlinkVersion } from "../flink/fetch.ts";
import { compare } from "./agree.ts";
import { askFlink } from "./oracle/ask.ts";
import { reasonFor } from "./stricter.ts";
import type { Subject } from "./subject.ts";

/** What came of comparing many readings. */
export interface Judgement {
  /** How often each verdict was reached, with the reasons where we are stricter. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** The first of those that may not be: laxer, different, or stricter without a known reason. */
  readonly wrong: readonly string[];
}

const MOST_TOLD = 5;

/** Lets Flink and the subject read every input, as if it were the `_metadata` in the directory `pointer`. */
export async function judge(
  version: FlinkVersion,
  pointer: string,
  inputs: readonly Uint8Array[],
  subject: Subject,
): Promise<Judgement> {
  const readings = await askFlink(
    version,
    inputs.map((metadata) => ({ pointer, metadata })),
  );
  const verdicts: Record<string, number> = {};
  const wrong: string[] = [];
  for (const [i, reading] of readings.entries()) {
    const { verdict, words } = compare(inputs[i] ?? new Uint8Array(), reading, subject);
    const reason = verdict === "stricter" ? reasonFor(words) : undefined;
    const key = reason === undefined ? verdict : `${verdict}: ${reason}`;
    verdicts[key] = (verdicts[key] ?? 0) + 1;
    const allowed = verdict === "same" || reason !== undefined;
    if (!allowed) wrong.push(`${verdict}: ${words}`);
  }
  return { verdicts, wrong: wrong.slice(0, MOST_TOLD) };
}

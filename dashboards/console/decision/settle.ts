import { useEffect, useRef, useState } from "preact/hooks";
import type { AnyRecord } from "../../../model/index.ts";

/** What a person is asked about, and from when on an answer can be meant for it. */
export interface Asked {
  readonly question: string;
  /** Milliseconds since 1970, by the clock of this machine. */
  readonly answerableFrom: number;
}

/** Nobody reads a question and answers it in less. */
export const SETTLE_MS = 1_500;

/**
 * The question after a look at what is asked now (undefined: nothing). One that replaces another under the pointer can
 * be answered a little later; the first one at once.
 */
export function askNext(
  before: Asked | undefined,
  question: string | undefined,
  now: number,
): Asked | undefined {
  if (question === undefined || before?.question === question) return before;
  return { question, answerableFrom: before === undefined ? now : now + SETTLE_MS };
}

/** Equal texts are one question: the same decision with the same change. */
export const questionOf = ({ id, effective }: AnyRecord): string => JSON.stringify([id, effective]);

/** False for a moment after the question was replaced by another one. */
export function useSettled(question: string | undefined): boolean {
  const asked = useRef<Asked | undefined>(undefined);
  const [, redraw] = useState(0);
  asked.current = askNext(asked.current, question, Date.now());
  const from = asked.current?.answerableFrom ?? 0;
  useEffect(() => {
    const wait = from - Date.now();
    if (wait <= 0) return undefined;
    const timer = setTimeout(() => redraw((n) => n + 1), wait + 1);
    return () => clearTimeout(timer);
  }, [from]);
  return Date.now() >= from;
}

import type { OutriderEvent } from "../../../model/index.ts";

/** A parser of server-sent events: bytes come in pieces, events come out whole. */
export interface EventParser {
  /** What the piece completes. Comments, and messages that are no event of ours, are skipped. */
  push(piece: string): readonly OutriderEvent[];
}

/** A message that grows beyond this is not ours. */
const LONGEST = 1_000_000;

/** Knows what Outrider sends: `id:` and `data:` lines, comments, a blank line at the end of a message. */
export function createEventParser(): EventParser {
  let rest = "";
  let data: string[] = [];
  const line = (text: string): OutriderEvent | undefined => {
    if (text !== "") {
      if (text.startsWith("data:")) data.push(text.slice(5).replace(/^ /, ""));
      return undefined;
    }
    const message = data.join("\n");
    data = [];
    return message === "" ? undefined : toEvent(message);
  };
  return {
    push: (piece) => {
      rest += piece;
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      if (rest.length > LONGEST) throw new Error("the event stream sends a message without end");
      return lines.map(line).filter((e) => e !== undefined);
    },
  };
}

function toEvent(message: string): OutriderEvent | undefined {
  try {
    const value: unknown = JSON.parse(message);
    const known = typeof value === "object" && value !== null && "seq" in value && "sentence" in value;
    return known ? (value as OutriderEvent) : undefined;
  } catch {
    return undefined;
  }
}

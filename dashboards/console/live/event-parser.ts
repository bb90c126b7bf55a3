import type { OutriderEvent } from "../../../model/index.ts";

/** What the stream says: something happened, or the place to go on from is not one of this server. */
export type StreamMessage =
  | { readonly kind: "event"; readonly event: OutriderEvent }
  | { readonly kind: "reset"; readonly newest: number };

/** A parser of server-sent events: bytes come in pieces, messages come out whole. */
export interface EventParser {
  /** What the piece completes. Comments, and messages that are none of ours, are skipped. */
  push(piece: string): readonly StreamMessage[];
}

/** A message that grows beyond this is not ours. */
const LONGEST = 1_000_000;

/** Knows what Outrider sends: `id:`, `event:` and `data:` lines, comments, a blank line at the end of a message. */
export function createEventParser(): EventParser {
  let rest = "";
  let data: string[] = [];
  let name = "";
  const line = (text: string): StreamMessage | undefined => {
    if (text !== "") {
      if (text.startsWith("data:")) data.push(text.slice(5).replace(/^ /, ""));
      if (text.startsWith("event:")) name = text.slice(6).trim();
      return undefined;
    }
    const message = data.join("\n");
    const kind = name;
    data = [];
    name = "";
    return message === "" ? undefined : toMessage(kind, message);
  };
  return {
    push: (piece) => {
      rest += piece;
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      if (rest.length > LONGEST) throw new Error("the event stream sends a message without end");
      return lines.map(line).filter((m) => m !== undefined);
    },
  };
}

function toMessage(name: string, data: string): StreamMessage | undefined {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null) return undefined;
    if (name === "reset") {
      const newest = "newest" in value ? value.newest : 0;
      return { kind: "reset", newest: typeof newest === "number" ? newest : 0 };
    }
    const known = "seq" in value && "sentence" in value;
    return known ? { kind: "event", event: value as OutriderEvent } : undefined;
  } catch {
    return undefined;
  }
}

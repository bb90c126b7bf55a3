/** One exception of a chain: the outermost, or one behind a `Caused by:`. */
export interface Cause {
  /** Class name in full, as Java prints it; empty where the text does not tell. */
  readonly name: string;
  readonly message: string;
  /** Its frames, `package.Class.method(File.java:1)`, innermost call first. */
  readonly frames: readonly string[];
}

const MAX_CAUSES = 32;
const MAX_FRAMES = 64;
const MAX_MESSAGE = 2_000;
/** Longer than any line that helps; patterns are tried on every one, and an exception's text may come from anywhere. */
const MAX_LINE = 1_000;
/** `a.b.C`, `a.b.C: text`, `C: text` where C is named like a throwable, and Hadoop's `a.b.C(d.e.F): text`. */
const HEADER = /^((?:[\w$]+\.)+[\w$]+(?:\([\w$.]+\))?|[\w$]*(?:Exception|Error|Throwable))(?::\s?(.*))?$/;
const FRAME = /^\s+at\s+(\S.*)$/;
const REPEATED = /^\s+\.\.\. \d+ (?:more|common frames omitted)/;
const NESTED = /^((?:[\w$]+\.){2,}[\w$]*(?:Exception|Error|Failure|Throwable)):\s?(.*)$/;

/**
 * The chain of causes of a Java stack, outermost first. Never fails: text that is no stack is one cause with that
 * text as its message. `name` is the class that Flink gives beside the stack.
 */
export function causesOf(stack: string, name: string): readonly Cause[] {
  const blocks = stack.split(/\nCaused by: /).slice(0, MAX_CAUSES);
  const causes = blocks.flatMap((block, at) => causeOf(block, at === 0 ? name : "") ?? []);
  return causes.length === 0 ? [{ name, message: "", frames: [] }] : unfolded(causes);
}

/** One exception up to the next cause; what it suppressed is left out. */
function causeOf(block: string, name: string): Cause | undefined {
  const lines = block.split("\n").map((line) => line.slice(0, MAX_LINE));
  const end = lines.findIndex((line) => /^\s+Suppressed: /.test(line));
  const own = (end < 0 ? lines : lines.slice(0, end)).filter(
    (line) => line.trim() !== "" && !REPEATED.test(line),
  );
  const [first, ...rest] = own;
  if (first === undefined) return undefined;
  const header = headerOf(first.trim(), name);
  const more = rest.filter((line) => !FRAME.test(line));
  const frames = rest.flatMap((line) => FRAME.exec(line)?.[1] ?? []).slice(0, MAX_FRAMES);
  return {
    name: header.name,
    message: [header.message, ...more].join("\n").trim().slice(0, MAX_MESSAGE),
    frames: frames.map(withoutLoader),
  };
}

function headerOf(text: string, name: string): { readonly name: string; readonly message: string } {
  const match = HEADER.exec(text);
  return match?.[1] === undefined ? { name, message: text } : { name: match[1], message: match[2] ?? "" };
}

/** Java 9 prints `app//a.b.C.m(C.java:1)` and `java.base/java.lang.X.m(…)`; log formats add the jar at the end. */
const withoutLoader = (frame: string): string =>
  frame.replace(/^(?:[\w.@-]*\/{1,2})+(?=[\w$])/, "").replace(/\s*~?\[.*$/, "");

/**
 * Wrappers take their cause's text as their own (`CompletionException: a.b.C: text`). Where the chain ends with one,
 * the cause is only told there.
 */
function unfolded(causes: readonly Cause[]): readonly Cause[] {
  const all = [...causes];
  for (let last = all.at(-1); last !== undefined && all.length < MAX_CAUSES; last = all.at(-1)) {
    const nested = NESTED.exec(last.message.split("\n", 1)[0] ?? "");
    if (nested?.[1] === undefined) break;
    all.push({ name: nested[1], message: nested[2] ?? "", frames: last.frames });
  }
  return all;
}

/** Says nothing by itself: it carries another exception, or was made to carry a sentence. */
const GENERIC =
  /^(?:java\.lang\.(?:Runtime)?Exception|java\.lang\.Throwable|java\.util\.concurrent\.(?:Execution|Completion)Exception|java\.lang\.reflect\.\w+Exception|java\.io\.UncheckedIOException|org\.apache\.flink\.util\.(?:Flink(?:Runtime)?Exception|SerializedThrowable|WrappingRuntimeException)|org\.apache\.flink\.runtime\.JobException|org\.apache\.flink\.runtime\.client\.JobExecutionException|org\.apache\.flink\.streaming\.runtime\.tasks\.AsynchronousException)?$/;

/** The deepest cause that says something: not an empty wrapper. */
export function deepestSpecific(causes: readonly Cause[]): Cause {
  const telling = causes.findLast((c) => !GENERIC.test(c.name) || c.message !== "");
  return telling ?? causes.at(-1) ?? { name: "", message: "", frames: [] };
}

import type { Fault, FaultClass, FlinkException } from "../../model/index.ts";
import { type Cause, causesOf, deepestSpecific } from "./causes.ts";
import { FAULT_RULES, type FaultRule } from "./fault-rules.ts";
import { fingerprintOf, messageOf } from "./fingerprint.ts";
import type { FaultSetting } from "./settings.ts";

/** What one exception means: the telling cause and its class. */
export interface Classified {
  readonly class: FaultClass;
  /** Class name of the cause that tells; of the deepest one that says something where no rule knows it. */
  readonly exception: string;
  /** First line of its message, at most 300 characters. */
  readonly message: string;
  /** The program's own frame that threw it, `Totals.map`. */
  readonly place: string | null;
  /** Not a cause of its own: see `FaultRule.echo`. */
  readonly echo: "pure" | "weak" | null;
}

/** Carries the failure of a job into another place; its own frames say nothing of the failure. */
const WRAPPER =
  /^(?:Recovery is suppressed by|Job execution failed|Global failure triggered by OperatorCoordinator|The program's entry point class)/;
/** Frames that belong to nobody in particular. */
const JDK = /^(?:java|javax|jdk|sun|com\.sun|scala|kotlin)\.|^GeneratedMethodAccessor|^org\.slf4j\./;

/** Flink, its connectors' clients, and what they are made of. */
const NOT_THE_PROGRAM =
  /^(?:org\.apache|akka|org\.rocksdb|com\.amazonaws|software\.amazon|com\.google|com\.mysql|org\.postgresql|org\.elasticsearch|com\.esotericsoftware|com\.fasterxml|io\.(?:netty|grpc|confluent|debezium))\./;

const MAX_NAME = 300;

/** What an exception means, by the settings' rules first and then by Outrider's. Never throws. */
export function classify(exception: FlinkException, faults: readonly FaultSetting[] = []): Classified {
  const causes = withoutWrappers(causesOf(exception.stack, exception.name));
  const deepestFirst = causes.toReversed();
  for (const setting of faults) {
    const pattern = new RegExp(setting.match);
    const hit = deepestFirst.find((c) => pattern.test(`${c.name}: ${c.message}`));
    if (hit !== undefined) return classified(setting.class, hit, null);
  }
  const whole = causes.map((c) => [`${c.name}: ${c.message}`, ...c.frames].join("\n")).join("\n");
  for (const rule of FAULT_RULES) {
    if (rule.context !== undefined && !rule.context.test(whole)) continue;
    const hit = deepestFirst.find((cause) => fits(rule, cause));
    if (hit !== undefined) return classified(rule.class, hit, rule.echo ?? null);
  }
  const onlyWrapped = causes.every((c) => WRAPPER.test(c.message));
  return classified("unrecognised", deepestSpecific(causes), onlyWrapped ? "pure" : null);
}

/**
 * An operator that is chained to a source fails inside the source's call, which then takes it for its own failure
 * ("Failed to deserialize consumer record"): what is outside of the chained operator says nothing.
 */
function withoutWrappers(causes: readonly Cause[]): readonly Cause[] {
  const chained = causes.findLastIndex((c) => c.name.endsWith("ExceptionInChainedOperatorException"));
  const inner = chained >= 0 && chained < causes.length - 1 ? causes.slice(chained + 1) : causes;
  const telling = inner.filter((c) => !WRAPPER.test(c.message));
  return telling.length === 0 ? inner : telling;
}

function classified(faultClass: FaultClass, cause: Cause, echo: Classified["echo"]): Classified {
  return {
    class: faultClass,
    exception: cause.name.slice(0, MAX_NAME),
    message: messageOf(cause.message),
    place: placeOf(cause),
    echo,
  };
}

/** `com.shop.Totals$Inner.map(Totals.java:27)` → `Totals$Inner.map`. */
function placeOf(cause: Cause): string | null {
  const frame = cause.frames.find((f) => !JDK.test(f) && !NOT_THE_PROGRAM.test(f));
  return /([\w$]+\.[\w$<>]+)\(/.exec(frame ?? "")?.[1] ?? null;
}

function fits(rule: FaultRule, cause: Cause): boolean {
  const { exception, message, frames, firstFrame } = rule;
  if (exception !== undefined && !exception.test(cause.name)) return false;
  if (message !== undefined && !message.test(cause.message)) return false;
  if (frames !== undefined && !cause.frames.some((f) => frames.test(f))) return false;
  if (firstFrame === undefined) return true;
  const first = cause.frames.find((f) => !JDK.test(f));
  return first !== undefined && firstFrame.test(first);
}

/** One failure as it is remembered. */
export interface SeenFailure {
  readonly fault: Fault;
  readonly echo: Classified["echo"];
}

/**
 * The fault that a failure shows. Where Flink's choice is an echo and something else failed at the same time, that
 * something is the fault.
 */
export function failureOf(exception: FlinkException, faults: readonly FaultSetting[] = []): SeenFailure {
  const all = [exception, ...(exception.concurrent ?? [])].map((e) => ({ e, found: classify(e, faults) }));
  const rank = { null: 0, weak: 1, pure: 2 } as const;
  const best = all.reduce((a, b) => (rank[`${b.found.echo}`] < rank[`${a.found.echo}`] ? b : a));
  const { e, found } = best;
  const { echo, ...rest } = found;
  const named = { ...rest, task: e.task, taskManager: e.taskManager };
  return { echo, fault: { at: exception.at, ...named, fingerprint: fingerprintOf(named) } };
}

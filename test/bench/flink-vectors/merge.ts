import { overlay } from "../../../autoscaler/flink/evaluate.ts";
import { asNumber, type Json } from "./case.ts";

/** Metrics of a custom evaluator over those that were evaluated, each value of `[current, average]` for itself. */
export function mergeEvaluated(actual: Json, incoming: Json): Json {
  const merged: Record<string, unknown> = { ...actual };
  for (const [name, value] of Object.entries(incoming)) {
    merged[name] = Array.isArray(value) ? mergeLists(actual[name], value) : mergeNumbers(actual[name], value);
  }
  return merged;
}

function mergeLists(actual: unknown, incoming: readonly unknown[]): readonly number[] {
  const before = Array.isArray(actual) ? actual : [];
  return incoming.map((value, i) => mergeNumbers(before[i], value));
}

const mergeNumbers = (actual: unknown, incoming: unknown): number =>
  overlay({ value: asNumber(actual ?? "NaN", "actual") }, { value: asNumber(incoming, "incoming") }).value;

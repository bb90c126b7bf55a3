import { Failure } from "../../../model/index.ts";

/** Options of the Java library by full key, or Outrider itself. */
export interface PeerPolicy {
  readonly name: string;
  readonly kind: "outrider" | "java";
  readonly options: Readonly<Record<string, string>>;
}

const JAVA = "flink-autoscaler 1.10.0 (java)";

/** The rows of `bench:peer`. */
export const POLICIES: readonly PeerPolicy[] = [
  { name: "outrider", kind: "outrider", options: {} },
  { name: JAVA, kind: "java", options: {} },
  {
    // The example of its documentation, as release 1.10 spells it.
    name: "flink-autoscaler 1.10.0 (java, fast)",
    kind: "java",
    options: {
      "job.autoscaler.stabilization.interval": "1m",
      "job.autoscaler.metrics.window": "5m",
      "job.autoscaler.target.utilization": "0.6",
      "job.autoscaler.target.utilization.boundary": "0.2",
      "job.autoscaler.restart.time": "2m",
      "job.autoscaler.catch-up.duration": "5m",
    },
  },
];

/** Those that are named, all where none is. Throws a `Failure` that lists them where a name is unknown. */
export function policiesNamed(names: readonly string[]): readonly PeerPolicy[] {
  const unknown = names.find((name) => !POLICIES.some((p) => p.name === name));
  if (unknown !== undefined) {
    const known = POLICIES.map((p) => p.name).join("; ");
    throw new Failure(
      "bad-request",
      `cannot run the bench: --policy; got ${unknown}; expected one of ${known}`,
    );
  }
  return names.length === 0 ? POLICIES : POLICIES.filter((p) => names.includes(p.name));
}

import { StateFault, type Thrown } from "./state-fault.ts";

/** How something that was asked for fares: a savepoint, a stop, a disposal. */
export type OperationState =
  | { readonly kind: "in-progress" }
  | { readonly kind: "completed"; readonly location: string }
  | { readonly kind: "failed"; readonly thrown: readonly Thrown[] };

/** Something that goes on in the cluster after it was accepted. */
export class Operation {
  state: OperationState = { kind: "in-progress" };

  complete(location: string): void {
    if (this.state.kind === "in-progress") this.state = { kind: "completed", location };
  }

  fail(fault: StateFault): void {
    if (this.state.kind === "in-progress")
      this.state = { kind: "failed", thrown: [fault.thrown, ...fault.causes] };
  }
}

/** As Flink reports a snapshot that came to nothing. */
export function asCheckpointFailure(why: string, below?: StateFault): StateFault {
  const thrown = { name: "org.apache.flink.runtime.checkpoint.CheckpointException", message: why };
  return new StateFault(
    { name: "java.util.concurrent.CompletionException", message: `${thrown.name}: ${why}` },
    [thrown, ...(below === undefined ? [] : [below.thrown, ...below.causes])],
  );
}

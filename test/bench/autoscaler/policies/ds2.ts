import type { VertexId } from "../../../../model/index.ts";

/** What DS2 measures of an operator: rates of one instance while it does useful work, records per second. */
export interface Ds2Operator {
  readonly id: VertexId;
  readonly inputs: readonly VertexId[];
  /** True processing and true output rate of one instance. */
  readonly processing: number;
  readonly output: number;
}

/**
 * DS2's parallelism (Kalavri et al., OSDI 2018, "Three steps is all you need"; code strymon-system/ds2): in topological
 * order, as many instances as the upstream operators' true output at the sources' target rates needs. Linear, without
 * skew, backlog or cost of a restart. `operators` are in topological order; `sourceRates`: what each source puts out.
 */
export function ds2Parallelism(
  operators: readonly Ds2Operator[],
  sourceRates: Readonly<Record<VertexId, number>>,
): Record<VertexId, number> {
  const outputs = new Map<VertexId, number>(Object.entries(sourceRates));
  const parallelism: Record<VertexId, number> = {};
  for (const { id, inputs, processing, output } of operators) {
    const arriving = inputs.reduce((sum, input) => sum + (outputs.get(input) ?? 0), 0);
    parallelism[id] = Math.max(1, Math.ceil(arriving / processing - ROUNDING));
    outputs.set(id, (arriving / processing) * output);
  }
  return parallelism;
}

const ROUNDING = 1e-9;

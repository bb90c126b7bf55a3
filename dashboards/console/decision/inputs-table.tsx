import type { DecisionRecord, VertexInputs } from "../../../model/index.ts";
import { formatCount, formatRate, formatShare, MISSING } from "../format/number.ts";
import { type NumberColumn, NumberTable } from "../ui/number-table.tsx";

interface Row {
  readonly id: string;
  readonly inputs: VertexInputs;
  /** Subtasks that were proposed. */
  readonly to: number | undefined;
}

const COLUMNS: readonly NumberColumn<Row>[] = [
  { title: "Subtasks", cell: ({ inputs }) => inputs.parallelism },
  { title: "Proposed", cell: ({ inputs, to }) => proposed(inputs.parallelism, to) },
  { title: "Arriving", cell: ({ inputs }) => formatRate(inputs.arrivalRate) },
  { title: "Peak", cell: ({ inputs }) => formatRate(inputs.peakArrivalRate) },
  { title: "Capacity", cell: ({ inputs }) => formatRate(inputs.capacity) },
  { title: "Utilization", cell: ({ inputs }) => formatShare(inputs.utilization) },
  { title: "Back-pressured", cell: ({ inputs }) => formatShare(inputs.backPressuredShare) },
  { title: "Cost", cell: ({ inputs }) => withUnit(inputs.costMs, " ms") },
  { title: "Out per in", cell: ({ inputs }) => withUnit(inputs.selectivity, "") },
  { title: "Partitions", cell: ({ inputs }) => (inputs.source ? formatCount(inputs.partitions) : "") },
];

const proposed = (now: number, to: number | undefined) =>
  to === undefined || to === now ? "same" : <b>{to}</b>;

const withUnit = (value: number | null, unit: string): string =>
  value === null ? MISSING : `${Number(value.toPrecision(3))}${unit}`;

/** The numbers that a decision stands on, a vertex a row. */
export function InputsTable({ record }: { readonly record: DecisionRecord }) {
  const to = record.effective ?? record.proposal;
  return (
    <NumberTable
      label="Numbers of the decision"
      caption="The numbers of each vertex that the decision stands on"
      head="Vertex"
      rows={Object.entries(record.inputs.vertices ?? {}).map(([id, inputs]) => ({ id, inputs, to: to[id] }))}
      keyOf={(row) => row.id}
      nameOf={(row) => row.inputs.name}
      columns={COLUMNS}
    />
  );
}

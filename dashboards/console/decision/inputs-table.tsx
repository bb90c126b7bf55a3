import type { DecisionRecord } from "../../../model/index.ts";
import { formatCount, formatRate, formatShare, MISSING } from "../format/number.ts";
import { ScrollArea } from "../ui/scroll-area.tsx";

/** The numbers that a decision stands on, a vertex a row. */
export function InputsTable({ record }: { readonly record: DecisionRecord }) {
  const rows = Object.entries(record.inputs.vertices ?? {});
  const to = record.effective ?? record.proposal;
  return (
    <ScrollArea label="Numbers of the decision">
      <table class="plain">
        <caption class="hidden">The numbers of each vertex that the decision stands on</caption>
        <thead>
          <tr>
            <th scope="col">Vertex</th>
            <th scope="col" class="number">
              Subtasks
            </th>
            <th scope="col" class="number">
              Proposed
            </th>
            <th scope="col" class="number">
              Arriving
            </th>
            <th scope="col" class="number">
              Peak
            </th>
            <th scope="col" class="number">
              Capacity
            </th>
            <th scope="col" class="number">
              Utilization
            </th>
            <th scope="col" class="number">
              Back-pressured
            </th>
            <th scope="col" class="number">
              Cost
            </th>
            <th scope="col" class="number">
              Out per in
            </th>
            <th scope="col" class="number">
              Partitions
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([id, v]) => (
            <tr key={id}>
              <th scope="row" class="wrap" title={id}>
                {v.name}
              </th>
              <td class="number">{v.parallelism}</td>
              <td class="number">
                {to[id] === undefined || to[id] === v.parallelism ? "same" : <b>{to[id]}</b>}
              </td>
              <td class="number">{formatRate(v.arrivalRate)}</td>
              <td class="number">{formatRate(v.peakArrivalRate)}</td>
              <td class="number">{formatRate(v.capacity)}</td>
              <td class="number">{formatShare(v.utilization)}</td>
              <td class="number">{formatShare(v.backPressuredShare)}</td>
              <td class="number">{v.costMs === null ? MISSING : `${Number(v.costMs.toPrecision(3))} ms`}</td>
              <td class="number">
                {v.selectivity === null ? MISSING : Number(v.selectivity.toPrecision(3))}
              </td>
              <td class="number">{v.source ? formatCount(v.partitions) : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

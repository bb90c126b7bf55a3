import type { Topology } from "../api/replies.ts";
import { formatCount, formatRate, formatShare } from "../format/number.ts";
import { ScrollArea } from "../ui/scroll-area.tsx";

/** The numbers of the graph, the busiest vertex first. */
export function VertexTable({ topology }: { readonly topology: Topology }) {
  const sorted = topology.vertices.toSorted((a, b) => (b.busyShare ?? -1) - (a.busyShare ?? -1));
  return (
    <ScrollArea label="Numbers of the vertices">
      <table class="plain">
        <caption class="hidden">Vertices, the busiest first</caption>
        <thead>
          <tr>
            <th scope="col">Vertex</th>
            <th scope="col" class="number">
              Subtasks
            </th>
            <th scope="col" class="number">
              Most
            </th>
            <th scope="col" class="number">
              Busy
            </th>
            <th scope="col" class="number">
              Back-pressured
            </th>
            <th scope="col" class="number">
              Reads
            </th>
            <th scope="col" class="number">
              Writes
            </th>
            <th scope="col" class="number">
              Pending
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((v) => (
            <tr key={v.id}>
              <th scope="row" class="wrap">
                {v.name}
              </th>
              <td class="number">{v.parallelism}</td>
              <td class="number">{v.maxParallelism}</td>
              <td class="number">{formatShare(v.busyShare)}</td>
              <td class="number">{formatShare(v.backPressuredShare)}</td>
              <td class="number">{formatRate(v.inRate)}</td>
              <td class="number">{formatRate(v.outRate)}</td>
              <td class="number">{formatCount(v.pendingRecords)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

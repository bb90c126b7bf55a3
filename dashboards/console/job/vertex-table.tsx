import type { Topology, TopologyVertex } from "../api/replies.ts";
import { formatCount, formatRate, formatShare } from "../format/number.ts";
import { type NumberColumn, NumberTable } from "../ui/number-table.tsx";

const COLUMNS: readonly NumberColumn<TopologyVertex>[] = [
  { title: "Subtasks", cell: (v) => v.parallelism },
  { title: "Most", cell: (v) => v.maxParallelism },
  { title: "Busy", cell: (v) => formatShare(v.busyShare) },
  { title: "Back-pressured", cell: (v) => formatShare(v.backPressuredShare) },
  { title: "Reads", cell: (v) => formatRate(v.inRate) },
  { title: "Writes", cell: (v) => formatRate(v.outRate) },
  { title: "Pending", cell: (v) => formatCount(v.pendingRecords) },
];

/** The numbers of the graph, the busiest vertex first. */
export function VertexTable({ topology }: { readonly topology: Topology }) {
  return (
    <NumberTable
      label="Numbers of the vertices"
      caption="Vertices, the busiest first"
      head="Vertex"
      rows={topology.vertices.toSorted((a, b) => (b.busyShare ?? -1) - (a.busyShare ?? -1))}
      keyOf={(v) => v.id}
      nameOf={(v) => v.name}
      columns={COLUMNS}
    />
  );
}

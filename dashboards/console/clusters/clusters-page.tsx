import type { Cluster, Page } from "../api/replies.ts";
import type { Polled } from "../live/polled.ts";
import { Badge } from "../ui/badge.tsx";
import { Empty, Staleness } from "../ui/notice.tsx";
import { Age } from "../ui/time.tsx";

/** The Flink clusters that are configured, and what each said last. */
export function ClustersPage({ clusters }: { readonly clusters: Polled<Page<Cluster>> }) {
  const items = clusters.data?.items ?? [];
  return (
    <>
      <div class="page-head">
        <h1>Clusters</h1>
      </div>
      <Staleness of={clusters} what="Clusters" />
      {items.length === 0 ? (
        <Empty>{clusters.data === undefined ? "Reading …" : "No cluster is configured."}</Empty>
      ) : (
        <div class="card table-card">
          <table class="plain">
            <caption class="hidden">Flink clusters</caption>
            <thead>
              <tr>
                <th scope="col">Cluster</th>
                <th scope="col">Answers</th>
                <th scope="col">Said last</th>
                <th scope="col">When</th>
                <th scope="col">Flink</th>
                <th scope="col">REST address</th>
              </tr>
            </thead>
            <tbody>
              {items.map((c) => (
                <tr key={c.name}>
                  <th scope="row">{c.name}</th>
                  <td>{said(c)}</td>
                  <td class="wrap">{c.said?.sentence ?? "–"}</td>
                  <td class="small">
                    <Age at={c.said?.at} />
                  </td>
                  <td>{c.flinkVersion ?? "–"}</td>
                  <td class="wrap">{c.url}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function said({ said }: Cluster) {
  if (said === null) return <Badge tone="unknown">Not asked yet</Badge>;
  return said.ok ? <Badge tone="good">Yes</Badge> : <Badge tone="bad">No</Badge>;
}

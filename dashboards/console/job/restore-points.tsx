import { useCallback } from "preact/hooks";
import type { JobKey } from "../../../model/index.ts";
import { api } from "../api/client.ts";
import type { RestorePoint, RestorePoints } from "../api/replies.ts";
import type { Tone } from "../fleet/rank.ts";
import { formatBytes } from "../format/number.ts";
import { usePolled } from "../live/polled.ts";
import { Badge } from "../ui/badge.tsx";
import { Empty, Staleness } from "../ui/notice.tsx";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { Age } from "../ui/time.tsx";

const TONES: Readonly<Record<RestorePoint["state"], Tone>> = {
  verified: "good",
  incomplete: "bad",
  corrupt: "bad",
  unsupported: "warn",
  unknown: "unknown",
  unchecked: "calm",
};
/** Older ones are behind a line that opens. */
const FIRST = 4;

/** From what the job could be restored, and which snapshot a restore would take. */
export function RestorePointsCard({ job }: { readonly job: JobKey }) {
  const points = usePolled(
    `snapshots ${job}`,
    useCallback(() => api.snapshots(job), [job]),
  );
  const { data } = points;
  return (
    <section class="card restore-points" aria-labelledby="restore-points-title">
      <div class="card-head">
        <h2 id="restore-points-title">Restore points</h2>
        {data === undefined ? null : <Newest points={data} />}
      </div>
      <Staleness of={points} what="The list of restore points" />
      {data === undefined ? null : data.items.length === 0 ? (
        <Empty>No snapshot of this job is known: a restore would have nothing to start from.</Empty>
      ) : (
        <>
          <p class="sentence">{sentenceCase(data.choice.sentence)}.</p>
          <PointsTable points={data.items.slice(0, FIRST)} caption="Snapshots, newest first" />
          <Older points={data.items.slice(FIRST)} />
        </>
      )}
    </section>
  );
}

function Newest({ points }: { readonly points: RestorePoints }) {
  const proven = points.items.find((p) => p.state === "verified");
  if (proven === undefined) return points.items.length === 0 ? null : <Badge tone="warn">none proven</Badge>;
  return (
    <span class="hint">
      newest proven: <Age at={proven.takenAt} />
    </span>
  );
}

function Older({ points }: { readonly points: readonly RestorePoint[] }) {
  if (points.length === 0) return null;
  return (
    <details>
      <summary class="hint">{points.length} older</summary>
      <PointsTable points={points} caption="Older snapshots" />
    </details>
  );
}

function PointsTable(props: { readonly points: readonly RestorePoint[]; readonly caption: string }) {
  return (
    <ScrollArea label={props.caption}>
      <table class="plain">
        <caption class="hidden">{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">Snapshot</th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              Taken
            </th>
            <th scope="col" class="number">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {props.points.map((point) => (
            <Point key={point.path} point={point} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Point({ point }: { readonly point: RestorePoint }) {
  const { path, state, takenAt, bytes, chosen, sentence } = point;
  const isPlain = state === "verified" || state === "unchecked";
  return (
    <tr class={chosen ? "chosen" : undefined}>
      <th scope="row" class="wrap" title={path}>
        {nameOf(path)}
        {chosen ? <span class="hint"> would be taken</span> : null}
        {isPlain ? null : <div class="hint">{sentence}</div>}
      </th>
      <td class="nowrap">
        <Badge tone={TONES[state]}>{state === "unchecked" ? "not looked at" : state}</Badge>
      </td>
      <td class="number">
        <Age at={takenAt} />
      </td>
      <td class="number">{formatBytes(bytes)}</td>
    </tr>
  );
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const sentenceCase = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

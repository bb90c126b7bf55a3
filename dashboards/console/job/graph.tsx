import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Topology, TopologyVertex } from "../api/replies.ts";
import { shorten } from "../format/number.ts";
import { useHiddenPart } from "../ui/hidden-part.ts";
import { useMedia } from "../ui/media.ts";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { BOX, type Layout, layOut, pathThrough, structureKey } from "./layout.ts";
import { LOAD_WORDS, LOADS } from "./load.ts";
import { VertexBox } from "./vertex-box.tsx";
import { VertexTable } from "./vertex-table.tsx";

interface GraphProps {
  readonly topology: Topology;
  /** Vertex name → subtasks that the newest decision wants. */
  readonly wanted: Readonly<Record<string, number>> | null;
}

/** More vertices than this are shown in full size and scrolled: fitted, nothing could be read. */
const FITTED = 12;

/** The job graph, drawn along on wide screens and down on narrow ones. */
export function JobGraph({ topology, wanted }: GraphProps) {
  const narrow = useMedia("(max-width: 720px)");
  const [full, setFull] = useState(topology.vertices.length > FITTED);
  const direction = narrow ? "TB" : "LR";
  const key = structureKey(topology);
  // The layout depends on the structure only, not on the numbers that come every other second.
  const layout = useMemo(() => layOut(topology, direction), [key, direction]);
  const area = useRef<HTMLElement>(null);
  useEffect(() => showStart(area.current, layout, full), [layout, full]);
  const hidden = useHiddenPart(area, `${key} ${direction} ${full}`);
  const fed = new Set(topology.edges.map((e) => e.to));
  return (
    <>
      <ScrollArea
        area={area}
        class={full ? "graph-scroll bounded" : "graph-scroll"}
        label={`Job graph, ${topology.vertices.length} vertices`}
      >
        <svg
          class={full ? "graph full" : "graph"}
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          width={layout.width}
          height={layout.height}
        >
          <title>Job graph</title>
          <defs>
            <pattern
              id="hatch"
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="5" height="5" class="hatch-ground" />
              <rect width="2.5" height="5" class="hatch-line" />
            </pattern>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0 L8 4 L0 8 z" class="arrow-head" />
            </marker>
          </defs>
          <Edges layout={layout} topology={topology} beside={narrow} />
          {layout.vertices.map((place) => {
            const vertex = topology.vertices.find((v) => v.id === place.id);
            return vertex === undefined ? null : (
              <VertexBox
                key={place.id}
                vertex={vertex}
                place={place}
                source={!fed.has(place.id)}
                wanted={wantedOf(vertex, wanted)}
              />
            );
          })}
        </svg>
      </ScrollArea>
      {hidden === undefined ? null : (
        <p class="hint graph-hint">
          <span aria-hidden="true">↔ </span>The graph goes on: scroll it {hidden}.
        </p>
      )}
      <Legend>
        {topology.vertices.length > 3 ? (
          <button type="button" class="button small" onClick={() => setFull(!full)}>
            {full ? "Fit to width" : "Full size"}
          </button>
        ) : null}
      </Legend>
      <details class="as-table">
        <summary>The same as a table</summary>
        <VertexTable topology={topology} />
      </details>
    </>
  );
}

/** A graph that is larger than its place begins where the records do. */
function showStart(area: HTMLElement | null, layout: Layout, full: boolean): void {
  const first = layout.vertices.find((v) => layout.edges.every((e) => e.to !== v.id));
  if (area === null || first === undefined || !full) return;
  area.scrollTo(
    first.x + BOX.width / 2 - area.clientWidth / 2,
    first.y + BOX.height / 2 - area.clientHeight / 2,
  );
}

/** Vertices of one name are told apart by the first digits of their id, as the API does. */
function wantedOf(v: TopologyVertex, wanted: GraphProps["wanted"]): number | undefined {
  const to = wanted?.[v.name] ?? wanted?.[`${v.name} (${v.id.slice(0, 8)})`];
  return to === v.parallelism ? undefined : to;
}

interface EdgesProps {
  readonly layout: Layout;
  readonly topology: Topology;
  /** Labels stand beside their line where it runs down, and above and below it where it runs along. */
  readonly beside: boolean;
}

function Edges({ layout, topology, beside }: EdgesProps) {
  const anchor = beside ? "start" : "middle";
  const shift = beside ? 10 : 0;
  return (
    <g>
      {layout.edges.map((e) => {
        const edge = topology.edges.find((t) => t.from === e.from && t.to === e.to);
        const flight = edge?.inFlight ?? null;
        return (
          <g key={`${e.from} ${e.to}`} class="edge">
            <title>{`${edge?.ship ?? ""}, in flight: ${flight === null ? "not assessed" : shorten(flight)}`}</title>
            <path class="edge-line" d={pathThrough(e.points)} marker-end="url(#arrow)" />
            <text class="edge-ship" x={e.x + shift} y={e.y - 7} text-anchor={anchor}>
              {edge?.ship.toLowerCase() ?? ""}
            </text>
            {flight === null ? null : (
              <text class="edge-flight" x={e.x + shift} y={e.y + (beside ? 10 : 15)} text-anchor={anchor}>
                {shorten(flight)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function Legend({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="legend">
      <ul aria-label="Colours of vertices">
        {LOADS.filter((l) => l !== "unknown").map((load) => (
          <li key={load}>
            <span class={`swatch load-${load}`} aria-hidden="true" /> {LOAD_WORDS[load]}
          </li>
        ))}
        <li>
          <span class="swatch load-unknown" aria-hidden="true" /> not assessed
        </li>
      </ul>
      <p class="muted">Bar: busy, held back (hatched), idle. At edges: records in flight.</p>
      {children}
    </div>
  );
}

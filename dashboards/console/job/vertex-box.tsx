import type { TopologyVertex } from "../api/replies.ts";
import { formatRate, formatShare, shorten, shortenName } from "../format/number.ts";
import { BOX, type PlacedVertex } from "./layout.ts";
import { LOAD_WORDS, loadOf, sharesOf } from "./load.ts";

const PAD = 14;
const BAR = BOX.width - 2 * PAD;
/** Letters of a name that fit into a box in most fonts; it is cut off where they do not. */
const LETTERS = 21;

interface VertexBoxProps {
  readonly vertex: TopologyVertex;
  readonly place: PlacedVertex;
  readonly source: boolean;
  /** Subtasks that are wanted, where that differs. */
  readonly wanted: number | undefined;
}

/** A vertex: name, subtasks, how its time is spent, and its rate. All of it is also said in words. */
export function VertexBox({ vertex: v, place, source, wanted }: VertexBoxProps) {
  const load = loadOf(v);
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a group of shapes is one picture to a reader
    <g
      class={`vertex load-${load}`}
      transform={`translate(${place.x},${place.y})`}
      role="img"
      aria-label={told(v, wanted)}
    >
      <title>{told(v, wanted)}</title>
      <rect class="vertex-box" width={BOX.width} height={BOX.height} rx="10" />
      <rect class="vertex-edge" x="0" y="14" width="4" height={BOX.height - 28} rx="2" />
      <svg x={PAD} y="10" width={BAR} height="22" aria-hidden="true">
        <text class="vertex-name" y="16">
          {shortenName(v.name, LETTERS)}
        </text>
      </svg>
      <text class="vertex-count" x={PAD} y="50">
        ×{v.parallelism}
        {wanted === undefined ? null : (
          <tspan class="vertex-wanted" dx="6">
            → {wanted}
          </tspan>
        )}
      </text>
      <text class="vertex-rate" x={BOX.width - PAD} y="50" text-anchor="end">
        {formatRate(v.inRate)}
      </text>
      <TimeBar vertex={v} />
      <text class="vertex-small" x={PAD} y="90">
        busy {formatShare(v.busyShare)}
      </text>
      <text class="vertex-small" x={BOX.width - PAD} y="90" text-anchor="end">
        {heldText(v)}
      </text>
      {source ? (
        <text class="vertex-pending" x={PAD} y={BOX.height + 17}>
          {v.pendingRecords === null ? "pending not assessed" : `${shorten(v.pendingRecords)} pending`}
        </text>
      ) : null}
    </g>
  );
}

const heldText = (v: TopologyVertex): string =>
  v.backPressuredShare === null || v.backPressuredShare < 0.005
    ? ""
    : `held ${formatShare(v.backPressuredShare)}`;

/** Busy, held back, idle; an empty dashed bar where that is not assessed. */
function TimeBar({ vertex }: { readonly vertex: TopologyVertex }) {
  const shares = sharesOf(vertex);
  if (shares === null) return <rect class="bar-unknown" x={PAD} y="62" width={BAR} height="10" rx="3" />;
  const busy = BAR * shares.busy;
  const held = BAR * shares.held;
  return (
    <g>
      <rect class="bar-idle" x={PAD} y="62" width={BAR} height="10" rx="3" />
      <rect class="bar-busy" x={PAD} y="62" width={busy} height="10" rx={Math.min(3, busy / 2)} />
      <rect class="bar-held" x={PAD + busy} y="62" width={held} height="10" />
    </g>
  );
}

function told(v: TopologyVertex, wanted: number | undefined): string {
  const parts = [
    `${v.name}: parallelism ${v.parallelism}${wanted === undefined ? "" : `, wanted ${wanted}`}`,
    LOAD_WORDS[loadOf(v)],
    `busy ${formatShare(v.busyShare)}`,
    `back-pressured ${formatShare(v.backPressuredShare)}`,
    `reads ${formatRate(v.inRate)}`,
    `writes ${formatRate(v.outRate)}`,
    ...(v.pendingRecords === null ? [] : [`${shorten(v.pendingRecords)} records pending`]),
  ];
  return parts.join(", ").replaceAll("–", "not assessed");
}

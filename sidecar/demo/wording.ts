import type { Milliseconds, ScaleDecision, ScaleInputs, VertexInputs } from "../../model/index.ts";

/** A backlog is worth a word when it is that many seconds of the load. */
const BACKLOG_SECONDS = 3;

const records = (n: number): string => Math.round(n).toLocaleString("en-US");
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** `4 s`, `0.3 s`: short lengths of time keep a decimal. */
export function seconds(ms: Milliseconds): string {
  const s = ms / 1_000;
  return `${s < 10 ? Math.round(s * 10) / 10 : Math.round(s)} s`;
}

/** `validate 2 → 5, sink 1 → 2`, in the graph's order. */
export const changesIn = (record: ScaleDecision): string =>
  changingIn(record)
    .map((v) => `${v.name} ${v.parallelism} → ${v.wanted}`)
    .join(", ");

function changingIn({ inputs, effective, proposal }: ScaleDecision) {
  const wanted = effective ?? proposal;
  return Object.entries(inputs.vertices)
    .map(([id, v]) => ({ ...v, wanted: wanted[id] ?? v.parallelism }))
    .filter((v) => v.wanted !== v.parallelism);
}

/** Why: `1,000 records/s arrive, twice what validate can do: validate 1 → 4`. */
export function decisionIn(record: ScaleDecision): string {
  const { inputs } = record;
  const busiest = busiestOf(changingIn(record)) ?? busiestOf(Object.values(inputs.vertices));
  const arrive = `${arrivalIn(inputs)} records/s arrive`;
  if (record.reason === "scale-down") {
    const use = busiest === undefined ? "" : `, ${usesText(busiest)}`;
    return `fewer were enough for ${seconds(inputs.patienceMs)}: ${arrive}${use}; ${changesIn(record)}`;
  }
  const need = busiest === undefined ? "" : `, ${needText(busiest)}`;
  return `${arrive}${need}${backlogIn(inputs)}: ${changesIn(record)}`;
}

/** How a job stands that has what it needs. */
export function standingIn(inputs: ScaleInputs): string {
  const busiest = busiestOf(Object.values(inputs.vertices));
  const use = busiest === undefined ? "" : `, ${usesText(busiest)}`;
  return `keeps up: ${arrivalIn(inputs)} records/s arrive${use}${backlogIn(inputs)}`;
}

const arrivalIn = (inputs: ScaleInputs): string => records(sourceRate(inputs));

/** Records/s that arrive at all sources of a job. */
export function sourceRate(inputs: ScaleInputs): number {
  return Object.values(inputs.vertices).reduce((sum, v) => sum + (v.source ? (v.arrivalRate ?? 0) : 0), 0);
}

function backlogIn(inputs: ScaleInputs): string {
  const { backlog } = inputs;
  const much = backlog !== null && backlog > BACKLOG_SECONDS * sourceRate(inputs);
  return much ? `, and ${records(backlog)} records wait` : "";
}

function timesText(factor: number): string {
  if (factor < 1.15) return "a little more than";
  if (factor > 1.85 && factor < 2.15) return "twice";
  return `${Math.round(factor * 10) / 10} times`;
}

interface Busy {
  readonly name: string;
  readonly utilization: number;
}

const usesText = ({ name, utilization }: Busy): string =>
  `${name} uses ${percent(utilization)} of its capacity`;

const needText = ({ name, utilization }: Busy): string =>
  utilization > 1
    ? `${timesText(utilization)} what ${name} can do`
    : `${name} needs ${percent(utilization)} of its capacity`;

/** The vertex that needs the largest share of its capacity. */
function busiestOf(vertices: readonly VertexInputs[]): Busy | undefined {
  let busiest: Busy | undefined;
  for (const { name, utilization } of vertices) {
    if (utilization !== null && utilization > (busiest?.utilization ?? -1)) busiest = { name, utilization };
  }
  return busiest;
}

import type {
  GuardResult,
  Milliseconds,
  Parallelism,
  ScaleInputs,
  VertexId,
  VertexInputs,
} from "../../model/index.ts";
import type { Proposed } from "../guards.ts";

/** What a veto looks at beside the numbers of the job. */
export type Asked = Pick<Proposed, "config" | "now" | "proposal" | "direction"> & {
  readonly vertices: Readonly<Record<VertexId, { readonly utilization: number }>>;
};

/** What a veto answers; the list of guards adds its name. */
export type Verdict = Omit<GuardResult, "name">;

export const pass = (sentence: string, numbers: Record<string, number> = {}): Verdict => ({
  verdict: "pass",
  sentence,
  numbers,
});
export const veto = (sentence: string, numbers: Record<string, number> = {}): Verdict => ({
  verdict: "veto",
  sentence,
  numbers,
});

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
export const records = (n: number): string => Math.round(n).toLocaleString("en-US");

/** Age of a backlog that goes at `rate` records/s; where none goes it is older than anything. */
export const lagMsAt = (backlog: number, rate: number): Milliseconds =>
  backlog <= 0 ? 0 : rate > 0 ? (backlog / rate) * 1_000 : Number.MAX_SAFE_INTEGER;

/** A vertex that would get more subtasks. */
export interface Growing {
  readonly id: VertexId;
  readonly vertex: VertexInputs;
  readonly to: number;
}

/** The vertices that the proposal gives more subtasks, in the graph's order. */
export const growingIn = (inputs: ScaleInputs, proposal: Parallelism): readonly Growing[] =>
  Object.entries(inputs.vertices)
    .map(([id, vertex]) => ({ id, vertex, to: proposal[id] ?? vertex.parallelism }))
    .filter(({ vertex, to }) => to > vertex.parallelism);

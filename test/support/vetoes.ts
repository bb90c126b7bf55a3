import type * as vetoes from "../../autoscaler/vetoes/index.ts";
import type { Asked, Verdict } from "../../autoscaler/vetoes/verdict.ts";
import type { PressureInputs, ScaleInputs, VertexInputs } from "../../model/index.ts";
import { aRescaleAgo } from "./rescales.ts";
import { aConfig, aVertex, NOW, someInputs } from "./scale-inputs.ts";

export type Veto = (inputs: ScaleInputs, asked: Asked) => Verdict;

export const calm: PressureInputs = someInputs({}).pressure;

/** src → work, and a twin of work; `to`: subtasks of work and twin in the proposal. */
export function asked(
  veto: Veto,
  parts: {
    readonly work?: Partial<VertexInputs>;
    readonly to?: number;
    readonly twin?: number;
    readonly pressure?: Partial<PressureInputs> & Partial<vetoes.ProcessorRoom>;
    readonly inputs?: Partial<ScaleInputs>;
    readonly utilization?: number;
  },
): Verdict {
  const { work = {}, to, twin = 1, pressure = {}, inputs: changes = {}, utilization = 1.5 } = parts;
  const vertices = {
    src: aVertex({ name: "src", source: true, costMs: 0.01, arrivalRate: 450 }),
    work: aVertex({ name: "work", inputs: ["src"], arrivalRate: 450, costMs: 3, ...work }),
    twin: aVertex({ name: "twin", inputs: ["src"], arrivalRate: 450 }),
  };
  const inputs = someInputs(vertices, { pressure: { ...calm, ...pressure }, ...changes });
  const present = vertices.work.parallelism;
  const proposal = { src: 1, work: to ?? present, twin };
  const up = proposal.work > present || twin > 1;
  const down = proposal.work < present;
  const direction = up && down ? "both" : up ? "up" : down ? "down" : "none";
  const of = (p: number, own: number) =>
    ({ direction: "stay", parallelism: p, utilization: own, capped: false }) as const;
  const wishes = { src: of(1, 0.1), work: of(proposal.work, utilization), twin: of(twin, 0.4) };
  return veto(inputs, {
    config: aConfig({ catchUpMs: 60_000 }),
    now: NOW,
    proposal,
    vertices: wishes,
    direction,
  });
}

export const bound = { at: NOW - 720_000, rate: 300, parallelism: 1 };
export const skewed = { parallelism: 4, hottestSubtask: 3, hottestShare: 0.7, hashed: true };
export const checkpoints = { checkpointIntervalMs: 10_000, checkpointsFailing: 0, checkpointAgeMs: 9_000 };
export const HOUR = 3_600_000;

export const seesaw = [aRescaleAgo(40, "up", 450), aRescaleAgo(30, "down", 450), aRescaleAgo(20, "up", 450)];

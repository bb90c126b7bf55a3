import {
  type Candidate,
  formatDuration,
  formatInstant,
  type GuardResult,
  type RestoreDecision,
} from "../../model/index.ts";

export const guardLine = (g: GuardResult): string => `guard ${g.verdict.padEnd(5)} ${g.name}: ${g.sentence}`;

/** The guards that have something to say; of the many others only how many. */
export function guardLines({ guards }: RestoreDecision): readonly string[] {
  const said = guards.filter((g) => g.verdict !== "pass");
  const others = guards.length - said.length;
  return [
    ...said.map(guardLine),
    ...(others === 0 ? [] : [`${others} ${said.length === 0 ? "" : "other "}guards pass`]),
  ];
}

/** What a decision about a job's state stands on: the fault, the snapshots and the plan, a fact a line. */
export function restoreLines(r: RestoreDecision): readonly string[] {
  const { diagnosis, candidates } = r.inputs;
  const plan = r.effective ?? r.proposal;
  const replay = r.estimate.replay;
  return [
    `wrong: ${diagnosis.sentence} (since ${formatInstant(diagnosis.since)})`,
    ...(diagnosis.fault === null ? [] : [`fault: ${diagnosis.fault.class}, ${diagnosis.fault.exception}`]),
    ...(plan === null || (r.effective === null && plan.snapshot === null) ? [] : [`plan: ${planText(plan)}`]),
    ...(replay === null ? [] : [`replay: ${formatDuration(replay.ms)}, from ${formatInstant(replay.from)}`]),
    ...candidates.map((c) => candidateLine(c, plan?.snapshot ?? null)),
  ];
}

function planText(plan: NonNullable<RestoreDecision["proposal"]>): string {
  const steps = plan.steps.join(", ");
  if (plan.action === "stop") return `stop the job: ${steps}`;
  return `restore from ${plan.snapshot ?? "empty state"}: ${steps}`;
}

function candidateLine(c: Candidate, chosen: string | null): string {
  const taken = c.takenAt === null ? "taken at an unknown time" : `taken ${formatInstant(c.takenAt)}`;
  const sign = c.path === chosen ? "→" : " ";
  return `${sign} ${c.state} ${c.path}, ${taken}: ${c.sentence}`;
}

import { formatDuration, type RestoreRecord } from "../../../model/index.ts";
import { Clock } from "../ui/time.tsx";

/** From what a job is restored, what that reads again, and which newer snapshots are passed over. */
export function RestoreSummary({ record }: { readonly record: RestoreRecord }) {
  const { inputs, estimate } = record;
  const plan = record.effective ?? record.proposal;
  const rank = inputs.candidates.findIndex((c) => c.path === plan?.snapshot);
  const newer = rank <= 0 ? [] : inputs.candidates.slice(0, rank);
  return (
    <dl class="facts">
      <div>
        <dt>Wrong</dt>
        <dd>
          {inputs.diagnosis.kind}, since <Clock at={inputs.diagnosis.since} />
        </dd>
      </div>
      {plan === null ? null : (
        <div>
          <dt>{plan.action === "stop" ? "State that stays" : "From"}</dt>
          <dd title={plan.snapshot ?? undefined}>
            {plan.snapshot === null ? "empty state" : nameOf(plan.snapshot)}
          </dd>
        </div>
      )}
      {estimate.replay === null || plan?.action !== "restore" ? null : (
        <div>
          <dt>Read again</dt>
          <dd>{formatDuration(estimate.replay.ms)}</dd>
        </div>
      )}
      {newer.map((c) => (
        <div key={c.path}>
          <dt title={c.path}>Not {nameOf(c.path)}</dt>
          <dd>{c.sentence}</dd>
        </div>
      ))}
    </dl>
  );
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

import type { Decision } from "../api/replies.ts";
import { Answer } from "../decision/answer.tsx";
import { ChangeList } from "../decision/change-list.tsx";
import { Estimate } from "../decision/estimate.tsx";

interface WaitingProps {
  readonly decision: Decision | undefined;
  readonly onDone: () => void;
}

/** The decision that waits for a person, where nobody can miss it. */
export function WaitingDecision({ decision, onDone }: WaitingProps) {
  if (decision === undefined) return null;
  return (
    <section class="card waiting" aria-labelledby="waiting-title">
      <h2 id="waiting-title">This waits for you</h2>
      <ChangeList record={decision.record} />
      <Estimate record={decision.record} />
      <Answer record={decision.record} onDone={onDone} />
    </section>
  );
}

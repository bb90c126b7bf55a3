import { Empty, Staleness } from "../ui/notice.tsx";
import { DecisionCard } from "./decision-card.tsx";
import type { Decisions } from "./use-decisions.ts";

interface ListProps {
  readonly decisions: Decisions;
  /** Id of the decision that waits for a person. */
  readonly waiting: string | undefined;
}

/** What was decided about a job, newest first. */
export function DecisionList({ decisions, waiting }: ListProps) {
  return (
    <section class="decisions" aria-labelledby="decisions-title">
      <h2 id="decisions-title">Decisions</h2>
      <Staleness of={decisions.newest} what="Decisions" />
      {decisions.items.length === 0 ? (
        <Empty>{decisions.newest.data === undefined ? "Reading …" : "Nothing was decided yet."}</Empty>
      ) : (
        <ol class="decision-list">
          {decisions.items.map((d) => (
            <li key={d.record.id}>
              <DecisionCard decision={d} waits={d.record.id === waiting} />
            </li>
          ))}
        </ol>
      )}
      {decisions.problem === undefined ? null : <p class="problem">{decisions.problem}</p>}
      {decisions.more === undefined ? null : (
        <button type="button" class="button" onClick={() => void decisions.more?.()}>
          Show older
        </button>
      )}
    </section>
  );
}

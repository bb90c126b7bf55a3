import { type DecisionRecord, formatDuration } from "../../../model/index.ts";
import { formatCount } from "../format/number.ts";
import { Clock } from "../ui/time.tsx";

/** What a rescale is expected to cost: pause, slots, and how long the backlog takes. */
export function Estimate({ record: { estimate, at } }: { readonly record: DecisionRecord }) {
  const { pauseMs, slotsBefore, slotsAfter, backlogAfterPause, drainMs } = estimate;
  // Both are of the decision's moment: the backlog of now stands elsewhere, and is another one.
  const asOf = (
    <>
      , as of <Clock at={at} />
    </>
  );
  return (
    <dl class="facts">
      <div>
        <dt>Pause of the job</dt>
        <dd>about {formatDuration(pauseMs)}</dd>
      </div>
      <div>
        <dt>Slots</dt>
        <dd class="tabular">
          {slotsBefore} → {slotsAfter}
        </dd>
      </div>
      <div>
        <dt>Backlog after the pause{asOf}</dt>
        <dd class="tabular">{formatCount(backlogAfterPause)}</dd>
      </div>
      <div>
        <dt>Gone after{asOf}</dt>
        <dd>{drainMs === null ? "not assessed" : `about ${formatDuration(drainMs)}`}</dd>
      </div>
    </dl>
  );
}

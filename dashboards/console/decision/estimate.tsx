import { type DecisionRecord, formatDuration } from "../../../model/index.ts";
import { formatCount } from "../format/number.ts";

/** What a rescale is expected to cost: pause, slots, and how long the backlog takes. */
export function Estimate({ record: { estimate } }: { readonly record: DecisionRecord }) {
  const { pauseMs, slotsBefore, slotsAfter, backlogAfterPause, drainMs } = estimate;
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
        <dt>Backlog after the pause</dt>
        <dd class="tabular">{formatCount(backlogAfterPause)}</dd>
      </div>
      <div>
        <dt>Gone after</dt>
        <dd>{drainMs === null ? "not assessed" : `about ${formatDuration(drainMs)}`}</dd>
      </div>
    </dl>
  );
}

import { type OutriderEvent, parseJobKey, type Severity } from "../../../model/index.ts";
import type { Tone } from "../fleet/rank.ts";
import { Link } from "../routing/link.tsx";
import { Badge } from "../ui/badge.tsx";
import { Clock } from "../ui/time.tsx";

const TONES: Readonly<Record<Severity, Tone>> = { info: "calm", warning: "warn", critical: "bad" };

/** `prod / orders`; the whole key is under the pointer. */
function shortOf(job: string): string {
  const name = parseJobKey(job);
  return name === undefined ? job : `${name.cluster} / ${name.name}`;
}

/** One event in one row, with the way to its job and decision. */
export function EventRow({ event }: { readonly event: OutriderEvent }) {
  const { job, decision } = event;
  return (
    <li class="event">
      <span class="event-time tabular">
        <Clock at={event.at} />
      </span>
      <Badge tone={TONES[event.severity] ?? "calm"}>{event.type}</Badge>
      <span class="event-job">
        {job === undefined ? (
          <span class="muted">fleet</span>
        ) : (
          <Link to={{ view: "job", key: job }} title={job}>
            {shortOf(job)}
          </Link>
        )}
      </span>
      <span class="event-sentence">
        {event.sentence}{" "}
        {job === undefined || decision === undefined ? null : (
          <Link to={{ view: "decision", key: job, id: decision }} class="small">
            decision
          </Link>
        )}
      </span>
    </li>
  );
}

import type { Decision } from "../api/replies.ts";
import { Link } from "../routing/link.tsx";
import { Badge } from "../ui/badge.tsx";
import { Age, Clock } from "../ui/time.tsx";
import { GuardList } from "./guard-list.tsx";
import { RecordSubject } from "./record-subject.tsx";
import { becameOf } from "./standing.ts";
import { Story } from "./story.tsx";

interface CardProps {
  readonly decision: Decision;
  /** True for the one that a person is asked about. */
  readonly waits: boolean;
}

/** One decision: what, why, who allowed or held it, and what became of it. */
export function DecisionCard({ decision, waits }: CardProps) {
  const { record } = decision;
  const { label, tone } = becameOf(decision, waits);
  const vetoes = record.guards.filter((g) => g.verdict === "veto");
  return (
    <article class={record.effective === null ? "card decision hold" : "card decision"}>
      <header>
        <Badge tone={tone}>{label}</Badge>
        <span class="muted small tabular">
          <Clock at={record.since} />
          {record.times > 1 ? (
            <>
              , {record.times.toLocaleString("en-US")} times, last <Age at={record.at} />
            </>
          ) : null}
        </span>
        <Link to={{ view: "decision", key: record.job, id: record.id }} class="small details-link">
          Details
        </Link>
      </header>
      <p class="sentence">{record.sentence}</p>
      <RecordSubject record={record} />
      <Story decision={decision} />
      <details>
        <summary>
          Guards: {record.guards.length - vetoes.length} passed
          {vetoes.length === 0 ? "" : `, vetoed by ${vetoes.map((v) => v.name).join(", ")}`}
        </summary>
        <GuardList guards={record.guards} />
      </details>
    </article>
  );
}

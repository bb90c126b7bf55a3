import { useCallback, useState } from "preact/hooks";
import { type DecisionRecord, formatDuration, type JobKey } from "../../../model/index.ts";
import { type ApiProblem, api } from "../api/client.ts";
import type { Decision } from "../api/replies.ts";
import { standingOf } from "../fleet/rank.ts";
import { formatCount, formatShare } from "../format/number.ts";
import { Crumbs } from "../job/job-page.tsx";
import { usePolled } from "../live/polled.ts";
import { Badge } from "../ui/badge.tsx";
import { Empty, Staleness } from "../ui/notice.tsx";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { Age, Clock } from "../ui/time.tsx";
import { AnswerButtons, AnswerDialog, type Answering, type Waiting } from "./answer.tsx";
import { Estimate } from "./estimate.tsx";
import { GuardList } from "./guard-list.tsx";
import { InputsTable } from "./inputs-table.tsx";
import { actName, RecordSubject } from "./record-subject.tsx";
import { RestoreInputs } from "./restore-inputs.tsx";
import { questionOf, useSettled } from "./settle.ts";
import { becameOf } from "./standing.ts";
import { Story } from "./story.tsx";

/** One decision with everything it stands on: the whole record. */
export function DecisionPage({ job, id }: { readonly job: JobKey; readonly id: string }) {
  const decision = usePolled(
    `decision ${id}`,
    useCallback(() => api.decision(id), [id]),
  );
  const owner = usePolled(
    `job ${job}`,
    useCallback(() => api.job(job), [job]),
  );
  const asks = owner.data !== undefined && standingOf(owner.data) === "needs-approval";
  const waiting = !asks
    ? "nothing"
    : owner.data?.newest?.id === decision.data?.record.id
      ? "this"
      : "another";
  return (
    <>
      <Crumbs job={job} end="decision" />
      {decision.data === undefined ? (
        <NoDecision problem={decision.problem} />
      ) : (
        <>
          <Staleness of={decision} what="The decision" />
          <Whole decision={decision.data} waiting={waiting} onDone={decision.reload} />
        </>
      )}
    </>
  );
}

function NoDecision({ problem }: { readonly problem: ApiProblem | undefined }) {
  if (problem === undefined) return <Empty>Reading …</Empty>;
  return (
    <>
      <h1 class="wrap">
        {problem.code === "not-found" ? "Not a decision that Outrider knows" : "The decision cannot be read"}
      </h1>
      <p class="wrap">{problem.message}.</p>
    </>
  );
}

interface WholeProps {
  readonly decision: Decision;
  readonly waiting: Waiting;
  readonly onDone: () => void;
}

function Whole({ decision, waiting, onDone }: WholeProps) {
  const { record } = decision;
  const waits = waiting === "this";
  const became = becameOf(decision, waits);
  const [answering, setAnswering] = useState<Answering>();
  const settled = useSettled(waits ? questionOf(record) : undefined);
  return (
    <>
      <header class="job-head">
        <div class="job-title">
          <h1>{record.effective === null ? "Hold" : actName(record)}</h1>
          {record.effective === null ? null : <Badge tone={became.tone}>{became.label}</Badge>}
          <code>{record.reason}</code>
        </div>
        <p class="verdict-line">{record.sentence}</p>
        <p class="muted tabular">
          <Clock at={record.since} /> (<Age at={record.since} />)
          {record.times > 1 ? `, the same ${formatCount(record.times)} times since` : ""}.{" "}
          <code>{record.id}</code>
        </p>
        <RecordSubject record={record} />
        {waits ? <AnswerButtons record={record} settled={settled} onAnswer={setAnswering} /> : null}
        {answering === undefined ? null : (
          <AnswerDialog
            answering={answering}
            waiting={waiting}
            onDone={onDone}
            onClose={() => setAnswering(undefined)}
          />
        )}
      </header>
      <div class="columns even">
        <section class="card" aria-labelledby="story-title">
          <h2 id="story-title">What happened to it</h2>
          {decision.permits.length + decision.attempts.length === 0 ? (
            <Empty>
              Nothing: {record.effective === null ? "a hold is not carried out" : "nobody was asked yet"}.
            </Empty>
          ) : (
            <Story decision={decision} />
          )}
          {record.kind === "scale" ? (
            <>
              <h2>What it would cost</h2>
              <Estimate record={record} />
            </>
          ) : null}
        </section>
        <section class="card" aria-labelledby="guards-title">
          <h2 id="guards-title">Guards</h2>
          <GuardList guards={record.guards} />
        </section>
      </div>
      <section class="card" aria-labelledby="inputs-title">
        <h2 id="inputs-title">
          {record.kind === "scale" ? "The numbers it stands on" : "What it stands on"}
        </h2>
        {record.kind === "scale" ? (
          <>
            <Circumstances record={record} />
            <InputsTable record={record} />
          </>
        ) : null}
        {record.kind === "restore" ? <RestoreInputs record={record} /> : null}
      </section>
      <details class="card raw">
        <summary>The whole record as JSON</summary>
        <ScrollArea label="The record as JSON" class="json">
          <pre>{JSON.stringify(decision, null, 2)}</pre>
        </ScrollArea>
      </details>
    </>
  );
}

/** What is not about one vertex. */
function Circumstances({ record }: { readonly record: DecisionRecord }) {
  const { inputs: i } = record;
  const facts: readonly (readonly [string, string])[] = [
    ["Observations", `${i.observations}, over ${formatDuration(i.to - i.from)}`],
    ["Coverage", formatShare(i.coverage)],
    ["Backlog", formatCount(i.backlog)],
    ["Slots free", `${formatCount(i.slotsFree)} of ${formatCount(i.slotsTotal)}`],
    ["Watched for", formatDuration(i.watchedMs)],
    ["Patience", formatDuration(i.patienceMs)],
    ["Load", `${i.loadSettled ? "settled" : "changing"}${i.loadFalling ? ", falling" : ""}`],
    ["Scheduler", i.adaptive ? "adaptive" : "not adaptive"],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="tabular">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

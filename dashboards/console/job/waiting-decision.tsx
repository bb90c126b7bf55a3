import { useState } from "preact/hooks";
import type { AnyRecord } from "../../../model/index.ts";
import type { Decision } from "../api/replies.ts";
import { AnswerButtons, AnswerDialog, type Answering, type Waiting } from "../decision/answer.tsx";
import { Estimate } from "../decision/estimate.tsx";
import { RecordSubject } from "../decision/record-subject.tsx";
import { questionOf, useSettled } from "../decision/settle.ts";

interface WaitingProps {
  /** Undefined: nothing waits just now. This stays in its place all the same, and knows what was asked before. */
  readonly decision: Decision | undefined;
  readonly onDone: () => void;
}

/** The decision that waits for a person, where nobody can miss it. */
export function WaitingDecision({ decision, onDone }: WaitingProps) {
  const [answering, setAnswering] = useState<Answering>();
  const record = decision?.record;
  const settled = useSettled(record === undefined ? undefined : questionOf(record));
  return (
    <>
      {record === undefined ? null : (
        <section class="card waiting" aria-labelledby="waiting-title">
          <h2 id="waiting-title">This waits for you</h2>
          <p class="sentence">{record.sentence}</p>
          <RecordSubject record={record} />
          {record.kind === "scale" ? <Estimate record={record} /> : null}
          <AnswerButtons record={record} settled={settled} onAnswer={setAnswering} />
        </section>
      )}
      {answering === undefined ? null : (
        <AnswerDialog
          answering={answering}
          waiting={waitingNow(record, answering.record)}
          onDone={onDone}
          onClose={() => setAnswering(undefined)}
        />
      )}
    </>
  );
}

function waitingNow(waiting: AnyRecord | undefined, answered: AnyRecord): Waiting {
  if (waiting === undefined) return "nothing";
  return questionOf(waiting) === questionOf(answered) ? "this" : "another";
}

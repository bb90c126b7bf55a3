import { useState } from "preact/hooks";
import type { Decision } from "../api/replies.ts";
import { AnswerButtons, AnswerDialog, type Answering } from "../decision/answer.tsx";
import { ChangeList } from "../decision/change-list.tsx";
import { Estimate } from "../decision/estimate.tsx";
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
          <ChangeList record={record} />
          <Estimate record={record} />
          <AnswerButtons record={record} settled={settled} onAnswer={setAnswering} />
        </section>
      )}
      {answering === undefined ? null : (
        <AnswerDialog
          answering={answering}
          waiting={record}
          onDone={onDone}
          onClose={() => setAnswering(undefined)}
        />
      )}
    </>
  );
}

import { useId, useState } from "preact/hooks";
import type { AnyRecord } from "../../../model/index.ts";
import { api } from "../api/client.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Clock } from "../ui/time.tsx";
import { actName, RecordSubject } from "./record-subject.tsx";

/** What a person began to answer. The record is the one that was clicked, whatever comes after it. */
export interface Answering {
  readonly verdict: "approve" | "reject";
  readonly record: AnyRecord;
}

interface ButtonsProps {
  readonly record: AnyRecord;
  /** False while the question is so new that a click may have been meant for the one before. */
  readonly settled: boolean;
  readonly onAnswer: (answering: Answering) => void;
}

/** The word of a person on one decision: yes, or no with a reason. The same from a shell stands beside it. */
export function AnswerButtons({ record, settled, onAnswer }: ButtonsProps) {
  return (
    <div class="answer">
      <button
        type="button"
        class="button primary"
        disabled={!settled}
        onClick={() => onAnswer({ verdict: "approve", record })}
      >
        Approve …
      </button>
      <button type="button" class="button" onClick={() => onAnswer({ verdict: "reject", record })}>
        Reject …
      </button>
      <span class="muted small" role="status">
        {settled ? "" : "changed just now"}
      </span>
      <code class="shell" title="The same from a shell">
        outrider approve {record.id}
      </code>
    </div>
  );
}

/** What a person is asked about now: the decision that they answer, another one of the same job, or nothing. */
export type Waiting = "this" | "another" | "nothing";

interface DialogProps {
  readonly answering: Answering;
  readonly waiting: Waiting;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Names what is approved or rejected, and answers that decision only; whether a yes still counts the API judges. */
export function AnswerDialog({ answering: { verdict, record }, waiting, onDone, onClose }: DialogProps) {
  const [reason, setReason] = useState("");
  const field = useId();
  const approves = verdict === "approve";
  return (
    <Dialog
      title={approves ? `Approve this ${actName(record).toLowerCase()}?` : "Reject this decision?"}
      act={approves ? "Approve" : "Reject"}
      blocked={approves && waiting === "nothing"}
      onClose={onClose}
      onAct={async () => {
        await (approves ? api.approve(record.id) : api.reject(record.id, reason));
        onDone();
      }}
    >
      <RecordSubject record={record} />
      <p>
        Decided at <Clock at={record.since} />, <code>{record.id}</code>.{" "}
        {approves
          ? "Outrider changes just this; another decision needs another word."
          : "Outrider will not carry it out. Another decision needs another word."}
      </p>
      {waiting === "this" ? null : approves && waiting === "another" ? (
        <p class="muted" role="status">
          {record.kind === "scale"
            ? "A newer look wants other numbers. A yes still does just this, while both move the same way."
            : "A newer look has other numbers. A yes still does just this, while it is still proposed."}
        </p>
      ) : (
        <p class="problem" role="alert">
          This does not wait any more: a newer look at the job has replaced it.
        </p>
      )}
      {approves ? null : (
        <>
          <label for={field}>Reason</label>
          <input
            id={field}
            value={reason}
            required
            maxLength={500}
            onInput={(e) => setReason(e.currentTarget.value)}
          />
        </>
      )}
    </Dialog>
  );
}

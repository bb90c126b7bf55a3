import { useId, useState } from "preact/hooks";
import type { DecisionRecord } from "../../../model/index.ts";
import { api } from "../api/client.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Clock } from "../ui/time.tsx";
import { ChangeList } from "./change-list.tsx";
import { questionOf } from "./settle.ts";

/** What a person began to answer. The record is the one that was clicked, whatever comes after it. */
export interface Answering {
  readonly verdict: "approve" | "reject";
  readonly record: DecisionRecord;
}

interface ButtonsProps {
  readonly record: DecisionRecord;
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

interface DialogProps {
  readonly answering: Answering;
  /** What waits now; another one than was clicked is told. */
  readonly waiting: DecisionRecord | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Names what is approved or rejected, and answers that decision only. */
export function AnswerDialog({ answering: { verdict, record }, waiting, onDone, onClose }: DialogProps) {
  const [reason, setReason] = useState("");
  const field = useId();
  const replaced = waiting === undefined || questionOf(waiting) !== questionOf(record);
  const approves = verdict === "approve";
  return (
    <Dialog
      title={approves ? "Approve this rescale?" : "Reject this decision?"}
      act={approves ? "Approve" : "Reject"}
      blocked={approves && replaced}
      onClose={onClose}
      onAct={async () => {
        await (approves ? api.approve(record.id) : api.reject(record.id, reason));
        onDone();
      }}
    >
      <ChangeList record={record} />
      <p>
        Decided at <Clock at={record.since} />, <code>{record.id}</code>.{" "}
        {approves
          ? "Outrider changes just this; another decision needs another word."
          : "Outrider will not carry it out. Another decision needs another word."}
      </p>
      {replaced ? (
        <p class="problem" role="alert">
          This does not wait any more: a newer look at the job has replaced it.
        </p>
      ) : null}
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

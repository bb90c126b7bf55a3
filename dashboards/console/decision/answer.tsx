import { useId, useState } from "preact/hooks";
import type { DecisionRecord } from "../../../model/index.ts";
import { api } from "../api/client.ts";
import { ActButton } from "../ui/act-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ChangeList } from "./change-list.tsx";

interface AnswerProps {
  readonly record: DecisionRecord;
  readonly onDone: () => void;
}

/** The word of a person on one decision: yes, or no with a reason. The same from a shell stands beside it. */
export function Answer({ record, onDone }: AnswerProps) {
  const { id } = record;
  const [rejecting, setRejecting] = useState(false);
  const [reason, setReason] = useState("");
  const field = useId();
  return (
    <div class="answer">
      <ActButton primary act={() => api.approve(id)} onDone={onDone}>
        Approve
      </ActButton>
      <button type="button" class="button" onClick={() => setRejecting(true)}>
        Reject …
      </button>
      <code class="shell" title="The same from a shell">
        outrider approve {id}
      </code>
      {rejecting ? (
        <Dialog
          title="Reject this decision?"
          act="Reject"
          onClose={() => setRejecting(false)}
          onAct={async () => {
            await api.reject(id, reason);
            onDone();
          }}
        >
          <ChangeList record={record} />
          <p>Outrider will not carry it out. Another decision needs another word.</p>
          <label for={field}>Reason</label>
          <input
            id={field}
            value={reason}
            required
            maxLength={500}
            onInput={(e) => setReason(e.currentTarget.value)}
          />
        </Dialog>
      ) : null}
    </div>
  );
}

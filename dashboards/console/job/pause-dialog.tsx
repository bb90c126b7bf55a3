import { useId, useState } from "preact/hooks";
import type { JobKey } from "../../../model/index.ts";
import { api } from "../api/client.ts";
import { Dialog } from "../ui/dialog.tsx";

const LENGTHS = ["30m", "2h", "8h", "1d", "7d"] as const;

interface PauseDialogProps {
  readonly job: JobKey;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** A pause has an owner (the token's name), a reason and an end. */
export function PauseDialog({ job, onDone, onClose }: PauseDialogProps) {
  const [length, setLength] = useState("2h");
  const [reason, setReason] = useState("");
  const id = useId();
  return (
    <Dialog
      title="Pause this job?"
      act="Pause"
      onClose={onClose}
      onAct={async () => {
        await api.pause(job, length, reason);
        onDone();
      }}
    >
      <p>Outrider goes on looking and deciding, and keeps its hands off until the end of the pause.</p>
      <label for={`${id}-for`}>For</label>
      <div class="field-row">
        <input
          id={`${id}-for`}
          class="short"
          value={length}
          required
          aria-describedby={`${id}-hint`}
          onInput={(e) => setLength(e.currentTarget.value)}
        />
        {LENGTHS.map((l) => (
          <button key={l} type="button" class="button small" onClick={() => setLength(l)}>
            {l}
          </button>
        ))}
      </div>
      <p class="hint" id={`${id}-hint`}>
        A number with s, m, h or d; at most 90d.
      </p>
      <label for={`${id}-reason`}>Reason</label>
      <input
        id={`${id}-reason`}
        value={reason}
        required
        maxLength={500}
        placeholder="release, migration, …"
        onInput={(e) => setReason(e.currentTarget.value)}
      />
    </Dialog>
  );
}

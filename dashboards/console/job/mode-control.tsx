import { useState } from "preact/hooks";
import type { Mode } from "../../../model/index.ts";
import { api } from "../api/client.ts";
import type { Job } from "../api/replies.ts";
import { Dialog } from "../ui/dialog.tsx";

const WORDS: Readonly<Record<Mode, string>> = {
  observe: "Outrider decides and explains; it changes nothing in Flink.",
  approve: "Outrider rescales the job when a person approves a decision.",
  act: "Outrider rescales the job by itself, as soon as its guards find that wise.",
};
const MODES = Object.keys(WORDS) as readonly Mode[];

/** The trust that a job is given: a click asks before it changes. */
export function ModeControl({ job, onDone }: { readonly job: Job; readonly onDone: () => void }) {
  const [asked, setAsked] = useState<Mode>();
  return (
    <>
      <fieldset class="segments" aria-label="Mode">
        {MODES.map((mode) => (
          <button
            key={mode}
            type="button"
            aria-pressed={mode === job.mode}
            title={WORDS[mode]}
            onClick={() => (mode === job.mode ? undefined : setAsked(mode))}
          >
            {mode}
          </button>
        ))}
      </fieldset>
      {asked === undefined ? null : (
        <Dialog
          title={`Set the mode to ${asked}?`}
          act={`Set ${asked}`}
          onAct={async () => {
            await api.setMode(job.key, asked);
            onDone();
          }}
          onClose={() => setAsked(undefined)}
        >
          <p>{WORDS[asked]}</p>
          <p class="hint">
            Now it is {job.mode}. The mode of this job is kept until somebody sets another one; the
            configuration file is not changed.
          </p>
        </Dialog>
      )}
    </>
  );
}

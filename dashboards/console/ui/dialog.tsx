import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { sentenceOf } from "../../../model/index.ts";

interface DialogProps {
  readonly title: string;
  /** The word on the button that does it. */
  readonly act: string;
  readonly children: ComponentChildren;
  /** True when it cannot be done any more; the children say why. */
  readonly blocked?: boolean;
  /** Does it; what it throws is shown, and the dialog stays open. */
  readonly onAct: () => Promise<void>;
  readonly onClose: () => void;
}

/** A question before an act. The browser's own dialog keeps the focus inside and closes on Escape. */
export function Dialog({ title, act, children, blocked = false, onAct, onClose }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const submit = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await onAct();
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <dialog ref={element} class="dialog" aria-labelledby={id} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id={id}>{title}</h2>
        {children}
        {problem === undefined ? null : (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy || blocked}>
            {busy ? "Working …" : act}
          </button>
        </div>
      </form>
    </dialog>
  );
}

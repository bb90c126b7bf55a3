import { useState } from "preact/hooks";
import { sentenceOf } from "../../../model/index.ts";

interface ActButtonProps {
  readonly act: () => Promise<unknown>;
  readonly onDone: () => void;
  readonly children: string;
  readonly primary?: boolean;
}

/** A button that does something on the server, and says beside itself why it could not. */
export function ActButton({ act, onDone, children, primary = false }: ActButtonProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const click = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      onDone();
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button
        type="button"
        class={primary ? "button primary" : "button"}
        disabled={busy}
        onClick={() => void click()}
      >
        {children}
      </button>
      {problem === undefined ? null : (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}

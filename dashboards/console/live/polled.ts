import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem } from "../api/client.ts";
import { useEvents } from "./live.ts";

/** What was read last, and what keeps it from being newer. Data never vanishes because a later read failed. */
export interface Polled<T> {
  readonly data: T | undefined;
  /** When `data` was read, by the clock of this machine. */
  readonly at: number | undefined;
  readonly problem: ApiProblem | undefined;
  readonly reload: () => void;
}

const EVERY_MS = 2_000;
/** Events come in bursts; one read answers all of them. */
const GATHER_MS = 150;

/**
 * Reads `load` now, on every event and every 2 s while the page is visible. `key` names what is read: under another
 * key the old data is dropped. Reads never overlap.
 */
export function usePolled<T>(key: string, load: () => Promise<T>): Polled<T> {
  const [shown, setShown] = useState<{ key: string; data?: T; at?: number; problem?: ApiProblem }>({ key });
  const current = useRef({ key, load });
  current.current = { key, load };
  const busy = useRef(false);
  const again = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const read = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    const asked = current.current;
    try {
      const data = await asked.load();
      if (asked.key === current.current.key) setShown({ key: asked.key, data, at: Date.now() });
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem("internal", String(error));
      if (asked.key === current.current.key) {
        setShown((old) => (old.key === asked.key ? { ...old, problem } : { key: asked.key, problem }));
      }
    } finally {
      busy.current = false;
      if (asked.key !== current.current.key) void read();
    }
  }, []);

  const reload = useCallback(() => void read(), [read]);
  useEffect(() => {
    void read();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void read();
    }, EVERY_MS);
    document.addEventListener("visibilitychange", reload);
    return () => {
      clearInterval(timer);
      clearTimeout(again.current);
      document.removeEventListener("visibilitychange", reload);
    };
  }, [key, read, reload]);
  useEvents(
    useCallback(() => {
      clearTimeout(again.current);
      again.current = setTimeout(reload, GATHER_MS);
    }, [reload]),
  );

  const mine = shown.key === key;
  return {
    data: mine ? shown.data : undefined,
    at: mine ? shown.at : undefined,
    problem: mine ? shown.problem : undefined,
    reload,
  };
}

import { useCallback, useRef, useState } from "preact/hooks";
import { type JobKey, sentenceOf } from "../../../model/index.ts";
import { api } from "../api/client.ts";
import type { Decision } from "../api/replies.ts";
import { type Polled, usePolled } from "../live/polled.ts";

export interface Decisions {
  /** Newest first. */
  readonly items: readonly Decision[];
  readonly newest: Polled<unknown>;
  readonly more: (() => Promise<void>) | undefined;
  readonly problem: string | undefined;
  find(id: string | undefined): Decision | undefined;
  reload(): void;
}

const PAGE = 20;

/** The decisions of a job: the newest page is kept fresh, older ones are read on demand. */
export function useDecisions(job: JobKey): Decisions {
  const [older, setOlder] = useState<readonly Decision[]>([]);
  const [problem, setProblem] = useState<string>();
  // `undefined`: no older page was read yet, so that the newest page knows where to go on.
  const next = useRef<string | null | undefined>(undefined);
  const newest = usePolled(
    `decisions ${job}`,
    useCallback(() => api.decisions(job, PAGE), [job]),
  );
  const fresh = newest.data?.items ?? [];
  const known = new Set(fresh.map((d) => d.record.id));
  const items = [...fresh, ...older.filter((d) => !known.has(d.record.id))];
  const cursor = next.current === undefined ? newest.data?.next : next.current;
  const more = async (): Promise<void> => {
    if (cursor === null || cursor === undefined) return;
    try {
      const page = await api.decisions(job, PAGE, cursor);
      next.current = page.next;
      // What the newest page pushes out later is kept here from now on.
      setOlder((old) => [...(old.length === 0 ? fresh : old), ...page.items]);
      setProblem(undefined);
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  };
  return {
    items,
    newest,
    more: cursor === null || cursor === undefined ? undefined : more,
    problem,
    find: (id) => items.find((d) => d.record.id === id),
    reload: newest.reload,
  };
}

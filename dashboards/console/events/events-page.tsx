import { useCallback, useEffect, useState } from "preact/hooks";
import { type OutriderEvent, sentenceOf } from "../../../model/index.ts";
import { api } from "../api/client.ts";
import { useEvents, useStreamState } from "../live/live.ts";
import { Empty, Notice } from "../ui/notice.tsx";
import { EventRow } from "./event-row.tsx";

const PAGE = 100;
/** More than this nobody reads on one page; the oldest make room. */
const MOST = 2_000;

/** What happens, as it happens; newest on top. */
export function EventsPage() {
  const [events, setEvents] = useState<readonly OutriderEvent[]>();
  const [problem, setProblem] = useState<string>();
  const [filter, setFilter] = useState("");
  const [ended, setEnded] = useState(false);
  const lost = useStreamState().kind === "lost";

  // After a loss the stream goes on by itself; what is shown is read anew all the same, should it not come back.
  useEffect(() => {
    if (lost) return;
    api
      .events(PAGE)
      .then(({ items }) => {
        setEvents((old) => merge(old ?? [], items));
        setProblem(undefined);
      })
      .catch((error: unknown) => setProblem(sentenceOf(error)));
  }, [lost]);
  useEvents(useCallback((e: OutriderEvent) => setEvents((old) => merge(old ?? [], [e])), []));

  const oldest = events?.at(-1);
  const more = async (): Promise<void> => {
    if (oldest === undefined) return;
    try {
      const { items, next } = await api.events(PAGE, oldest.seq);
      if (next === null) setEnded(true);
      setEvents((old) => merge(old ?? [], items));
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  };

  const words = filter.toLowerCase().split(/\s+/);
  const shown = (events ?? []).filter((e) => {
    const text = `${e.job ?? ""} ${e.type} ${e.severity} ${e.sentence}`.toLowerCase();
    return words.every((w) => text.includes(w));
  });
  return (
    <>
      <div class="page-head">
        <h1>Events</h1>
        <input
          type="search"
          class="filter"
          placeholder="Filter events"
          aria-label="Filter events"
          value={filter}
          onInput={(e) => setFilter(e.currentTarget.value)}
        />
      </div>
      {problem === undefined ? null : (
        <Notice tone="warn" role="status">
          <b>Events cannot be read:</b> {problem}.
        </Notice>
      )}
      {shown.length === 0 ? (
        <Empty>
          {events === undefined
            ? "Reading …"
            : filter === ""
              ? "Nothing has happened yet."
              : "No event matches the filter."}
        </Empty>
      ) : (
        <ol class="card events" aria-label="Events, newest first">
          {shown.map((e) => (
            <EventRow key={e.seq} event={e} />
          ))}
        </ol>
      )}
      {oldest === undefined || ended || (events?.length ?? 0) >= MOST ? null : (
        <button type="button" class="button" onClick={() => void more()}>
          Show older
        </button>
      )}
    </>
  );
}

/** Each event once, newest first. */
function merge(a: readonly OutriderEvent[], b: readonly OutriderEvent[]): readonly OutriderEvent[] {
  const all = new Map([...a, ...b].map((e) => [e.seq, e]));
  return [...all.values()].sort((x, y) => y.seq - x.seq).slice(0, MOST);
}

import { useEffect, useState } from "preact/hooks";
import type { OutriderEvent } from "../../../model/index.ts";
import { followEvents, type StreamState } from "./event-stream.ts";

type Listener<T> = (value: T) => void;

/** The one event stream of this page; every view listens to it. */
const events = new Set<Listener<OutriderEvent>>();
const states = new Set<Listener<StreamState>>();
const resets = new Set<() => void>();
let state: StreamState = { kind: "connecting" };
let following: AbortController | undefined;

/** Begins to follow, or begins anew: a changed token is used at once. */
export function startLive(): void {
  following?.abort();
  const mine = new AbortController();
  following = mine;
  void followEvents(
    {
      event: (e) => {
        for (const listener of events) listener(e);
      },
      reset: () => {
        for (const listener of resets) listener();
      },
      state: (s) => {
        if (mine.signal.aborted) return;
        state = s;
        for (const listener of states) listener(s);
      },
    },
    mine.signal,
  );
}

/** Calls `listener` for every event while the caller is shown. */
export function useEvents(listener: Listener<OutriderEvent>): void {
  useEffect(() => {
    events.add(listener);
    return () => void events.delete(listener);
  }, [listener]);
}

/** Calls `listener` when a server with another past answers: what was read from the one before is void. */
export function useReset(listener: () => void): void {
  useEffect(() => {
    resets.add(listener);
    return () => void resets.delete(listener);
  }, [listener]);
}

export function useStreamState(): StreamState {
  const [shown, setShown] = useState(state);
  useEffect(() => {
    setShown(state);
    states.add(setShown);
    return () => void states.delete(setShown);
  }, []);
  return shown;
}

import type { OutriderEvent } from "../../../model/index.ts";

type ReadEvents = (after: number, limit: number) => Promise<{ readonly items: readonly OutriderEvent[] }>;

/**
 * The newest `count` events, newest first. The API lists from the oldest on; numbers of events only grow, so the
 * newest is found by halving: about 20 small reads among a million.
 */
export async function readNewest(read: ReadEvents, count: number): Promise<readonly OutriderEvent[]> {
  const first = (await read(0, 1)).items[0];
  if (first === undefined) return [];
  let low = first.seq;
  let step = count;
  let high: number | undefined;
  while (high === undefined || high - low > count) {
    const probe = high === undefined ? low + step : Math.floor((low + high) / 2);
    const found = (await read(probe, 1)).items[0];
    if (found === undefined) high = probe;
    else {
      low = found.seq;
      step *= 2;
    }
  }
  const { items } = await read(Math.max(0, high - 2 * count), 3 * count);
  return items.slice(-count).reverse();
}

/** The `count` events before one, newest first. */
export async function readOlder(
  read: ReadEvents,
  before: OutriderEvent,
  count: number,
): Promise<readonly OutriderEvent[]> {
  const { items } = await read(Math.max(0, before.seq - 1 - count), count);
  return items.filter((e) => e.seq < before.seq).reverse();
}

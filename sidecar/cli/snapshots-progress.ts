import { countText } from "./output.ts";

/** Nothing is said of work that is shorter. */
const FIRST_AFTER_MS = 2_000;
const EVERY_MS = 2_000;

/** Tells how a long look gets on, a line every two seconds. `clock`: milliseconds of any beginning. */
export function createProgress(
  say: (line: string) => void,
  clock: () => number = () => performance.now(),
): (p: { readonly found: number; readonly of: number }) => void {
  const started = clock();
  let next = started + FIRST_AFTER_MS;
  return ({ found, of }) => {
    const now = clock();
    if (now < next) return;
    next = now + EVERY_MS;
    const perSecond = Math.round((found * 1_000) / (now - started));
    say(`found ${countText(found)} of ${countText(of)} files, ${countText(perSecond)} a second\n`);
  };
}

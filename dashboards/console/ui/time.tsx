import type { Instant } from "../../../model/index.ts";
import { formatAge, formatClock } from "../format/age.ts";
import { MISSING } from "../format/number.ts";
import { useNow } from "../live/now.ts";

/** How long ago; the exact moment under the pointer. */
export function Age({ at }: { readonly at: Instant | null | undefined }) {
  const now = useNow();
  if (at === null || at === undefined) return <span>{MISSING}</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>
      {formatAge(at, now)}
    </time>
  );
}

/** The moment itself; how long ago under the pointer. */
export function Clock({ at }: { readonly at: Instant }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatAge(at, now)}>
      {formatClock(at, now)}
    </time>
  );
}

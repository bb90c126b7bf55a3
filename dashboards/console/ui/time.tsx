import type { Instant } from "../../../model/index.ts";
import { formatAge, formatClock, formatUntil } from "../format/age.ts";
import { MISSING } from "../format/number.ts";
import { useNow, useOwnNow } from "../live/now.ts";

/** How long ago; the exact moment under the pointer. */
export function Age({ at }: { readonly at: Instant | null | undefined }) {
  const now = useNow();
  if (at === null || at === undefined) return <span>{MISSING}</span>;
  return <Told at={at} text={formatAge(at, now)} />;
}

/** How long ago by the clock of this machine: of what the console itself did. */
export function OwnAge({ at }: { readonly at: Instant }) {
  return <Told at={at} text={formatAge(at, useOwnNow())} />;
}

/** How long until a deadline. */
export function Until({ at }: { readonly at: Instant }) {
  return <Told at={at} text={formatUntil(at, useNow())} />;
}

function Told({ at, text }: { readonly at: Instant; readonly text: string }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>
      {text}
    </time>
  );
}

/** The moment itself; how long ago, or of a deadline how long until then, under the pointer. */
export function Clock({ at, deadline = false }: { readonly at: Instant; readonly deadline?: boolean }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={(deadline ? formatUntil : formatAge)(at, now)}>
      {formatClock(at, now)}
    </time>
  );
}

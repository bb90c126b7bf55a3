import type { ComponentChildren } from "preact";
import type { Polled } from "../live/polled.ts";
import { OwnAge } from "./time.tsx";

interface NoticeProps {
  readonly tone: "bad" | "warn" | "ask" | "calm";
  /** A sentence or two. */
  readonly children: ComponentChildren;
  readonly action?: ComponentChildren;
  readonly role?: "alert" | "status";
}

export function Notice({ tone, children, action, role }: NoticeProps) {
  return (
    <div class={`notice tone-${tone}`} {...(role === undefined ? {} : { role })}>
      <p>{children}</p>
      {action}
    </div>
  );
}

/** Says that what is shown is old, and why. Nothing while reading works. The age is not read aloud every second. */
export function Staleness({ of, what }: { readonly of: Polled<unknown>; readonly what: string }) {
  if (of.problem === undefined) return null;
  return (
    <Notice tone="warn">
      {of.at === undefined ? (
        <b>{what} cannot be read:</b>
      ) : (
        <b>
          {what} as of <OwnAge at={of.at} />:
        </b>
      )}{" "}
      <span role="status">{of.problem.message}.</span>
      {of.at === undefined ? "" : " It is read again every 2 s."}
    </Notice>
  );
}

/** What stands in a place before, or instead of, its content. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

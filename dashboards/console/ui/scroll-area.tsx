import type { ComponentChildren, RefObject } from "preact";

interface ScrollAreaProps {
  readonly label: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly area?: RefObject<HTMLElement | null>;
}

/** What is wider or higher than its place. It takes the focus, so that the arrow keys can move it. */
export function ScrollArea({ label, children, class: name = "table-scroll", area }: ScrollAreaProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus a keyboard could not scroll it
    <section class={name} tabIndex={0} aria-label={label} {...(area === undefined ? {} : { ref: area })}>
      {children}
    </section>
  );
}

import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

interface Sizes {
  readonly scrollWidth: number;
  readonly scrollHeight: number;
  readonly clientWidth: number;
  readonly clientHeight: number;
}

/** Rounding of browsers that zoom. */
const SLACK_PX = 2;

/** In which directions an area has more than it shows, in words; undefined: all is seen. */
export function hiddenPart(a: Sizes): string | undefined {
  const wide = a.scrollWidth > a.clientWidth + SLACK_PX;
  const high = a.scrollHeight > a.clientHeight + SLACK_PX;
  if (wide && high) return "sideways and down";
  return wide ? "sideways" : high ? "down" : undefined;
}

/** The same of an element, followed. `content`: what its size depends on. */
export function useHiddenPart(area: RefObject<HTMLElement | null>, content: unknown): string | undefined {
  const [part, setPart] = useState<string>();
  useEffect(() => {
    const element = area.current;
    if (element === null) return undefined;
    const look = () => setPart(hiddenPart(element));
    look();
    const watcher = new ResizeObserver(look);
    watcher.observe(element);
    for (const child of element.children) watcher.observe(child);
    return () => watcher.disconnect();
  }, [area, content]);
  return part;
}

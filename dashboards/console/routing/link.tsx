import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { parsePath, type Route, toPath } from "./route.ts";

const MOVED = "outrider-moved";

export function navigate(route: Route): void {
  history.pushState(null, "", toPath(route));
  window.dispatchEvent(new Event(MOVED));
  window.scrollTo(0, 0);
  // The reader of a screen is told where it is now.
  document.getElementById("main")?.focus({ preventScroll: true });
}

/** The view that the address bar names, and follows. */
export function useRoute(): Route {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const look = () => setPath(location.pathname);
    window.addEventListener("popstate", look);
    window.addEventListener(MOVED, look);
    return () => {
      window.removeEventListener("popstate", look);
      window.removeEventListener(MOVED, look);
    };
  }, []);
  return parsePath(path);
}

interface LinkProps {
  readonly to: Route;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
  readonly title?: string;
}

/** A real link: opens in a new tab when asked to, and moves within the page otherwise. */
export function Link({ to, children, class: name, current, title }: LinkProps) {
  const click = (e: MouseEvent) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    navigate(to);
  };
  return (
    <a
      href={toPath(to)}
      onClick={click}
      {...(name === undefined ? {} : { class: name })}
      {...(title === undefined ? {} : { title })}
      {...(current === true ? { "aria-current": "page" as const } : {})}
    >
      {children}
    </a>
  );
}

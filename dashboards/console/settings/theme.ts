export const THEMES = ["system", "light", "dark"] as const;
/** `system` follows what the operating system prefers. */
export type Theme = (typeof THEMES)[number];

const KEY = "outrider.theme";
/** Sent to the window when the colours may have changed: charts paint theirs themselves. */
export const THEME_CHANGED = "outrider-theme";

export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.find((t) => t === kept) ?? "system";
  } catch {
    return "system";
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  window.dispatchEvent(new Event(THEME_CHANGED));
}

export function keepTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be forbidden; the theme then lasts until the page is left.
  }
  applyTheme(theme);
}

/** Calls back when the system's preference changes. */
export function followSystem(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    window.dispatchEvent(new Event(THEME_CHANGED));
  });
}

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { startLive } from "../live/live.ts";
import { keepTheme, readTheme, THEMES } from "./theme.ts";
import { readToken, writeToken } from "./token.ts";

const THEME_NAMES = { system: "As the system", light: "Light", dark: "Dark" } as const;

/** Theme and token, behind a button in the header. */
export function SettingsMenu({ onChange }: { readonly onChange: () => void }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return undefined;
    const away = (e: Event) => {
      if (e.target instanceof Node && box.current?.contains(e.target) === false) setOpen(false);
    };
    const key = (e: KeyboardEvent) => {
      if (e.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("keydown", key);
    };
  }, [open]);
  return (
    <div class="menu" ref={box}>
      <button
        ref={button}
        type="button"
        class="button quiet"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        Settings
      </button>
      {open ? (
        <section class="menu-panel" id={id} aria-label="Settings">
          <ThemeChoice />
          <TokenField onChange={onChange} />
        </section>
      ) : null}
    </div>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState(readTheme);
  return (
    <fieldset>
      <legend>Theme</legend>
      <div class="segments">
        {THEMES.map((t) => (
          <label key={t}>
            <input
              type="radio"
              name="theme"
              checked={t === theme}
              onChange={() => {
                keepTheme(t);
                setTheme(t);
              }}
            />
            <span>{THEME_NAMES[t]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function TokenField({ onChange }: { readonly onChange: () => void }) {
  const [text, setText] = useState(readToken);
  const id = useId();
  const use = (e: Event) => {
    e.preventDefault();
    writeToken(text.trim());
    startLive();
    onChange();
  };
  return (
    <form onSubmit={use}>
      <label for={id}>Token</label>
      <div class="field-row">
        <input
          id={id}
          type="password"
          autocomplete="off"
          value={text}
          placeholder="none"
          onInput={(e) => setText(e.currentTarget.value)}
        />
        <button type="submit" class="button">
          Use
        </button>
      </div>
      <p class="hint">
        Needed only where Outrider has tokens configured. Kept in this tab until it is closed.
      </p>
    </form>
  );
}

import type { Decision } from "../api/replies.ts";
import { Clock } from "../ui/time.tsx";
import { storyOf } from "./standing.ts";

/** Permits, the word of a person, attempts and the outcome, in the order in which they came. */
export function Story({ decision }: { readonly decision: Decision }) {
  const story = storyOf(decision);
  if (story.length === 0) return null;
  return (
    <ol class="story" aria-label="What happened to it">
      {story.map((s) => (
        <li key={`${s.at} ${s.what}`}>
          <span class="muted tabular">
            <Clock at={s.at} />
          </span>{" "}
          <b>{s.what}</b> <span>{s.sentence}</span>
        </li>
      ))}
    </ol>
  );
}

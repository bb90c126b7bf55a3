import { STANDING_WORDS, type Standing, type Tone } from "../fleet/rank.ts";

/** A word with a tone. The word carries the meaning; the colour only helps to find it. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return (
    <span class={`badge tone-${tone}`}>
      <span class="badge-dot" aria-hidden="true" />
      {children}
    </span>
  );
}

export function StandingBadge({ standing }: { readonly standing: Standing }) {
  const { label, tone } = STANDING_WORDS[standing];
  return <Badge tone={tone}>{label}</Badge>;
}

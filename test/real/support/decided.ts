import type { RunningOutrider } from "./outrider.ts";

/** What a ride reads of a decision and of what became of it. */
export interface Decided {
  readonly record: {
    readonly at: number;
    readonly reason: string;
    readonly sentence: string;
    readonly effective: Readonly<Record<string, number>> | null;
    readonly guards?: readonly {
      readonly name: string;
      readonly verdict: string;
      readonly sentence: string;
    }[];
  };
  readonly attempts: readonly { readonly at: number; readonly status: string }[];
}

/** Every decision of a running Outrider, oldest first. */
export async function allDecided(outrider: RunningOutrider): Promise<readonly Decided[]> {
  interface Page {
    readonly items: readonly Decided[];
    readonly next: string | null;
  }
  const found: Decided[] = [];
  for (let before: string | null = ""; before !== null; ) {
    const query: string = before === "" ? "" : `&before=${encodeURIComponent(before)}`;
    const page: Page = await outrider.get<Page>(`/api/v1/decisions?limit=200${query}`);
    found.push(...page.items);
    before = page.next;
  }
  return found.toReversed();
}

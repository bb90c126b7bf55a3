import { formatDuration, type GuardResult } from "../../../model/index.ts";
import { formatCount, formatShare } from "../format/number.ts";
import { numberName } from "./number-name.ts";

const SIGNS: Readonly<Record<GuardResult["verdict"], string>> = { pass: "✓", amend: "~", veto: "✕" };

/** Every guard with its verdict, sentence and numbers; vetoes first, as they are the reason. */
export function GuardList({ guards }: { readonly guards: readonly GuardResult[] }) {
  const sorted = [
    ...guards.filter((g) => g.verdict !== "pass"),
    ...guards.filter((g) => g.verdict === "pass"),
  ];
  return (
    <ul class="guards">
      {sorted.map((g) => (
        <li key={g.name} class={`guard guard-${g.verdict}`}>
          <span class="guard-sign" aria-hidden="true">
            {SIGNS[g.verdict]}
          </span>
          <span class="guard-text">
            <b>{g.name}</b> <span class="hidden">{g.verdict}: </span>
            <span>{g.sentence}</span>
            {Object.keys(g.numbers).length === 0 ? null : (
              <span class="guard-numbers">
                {Object.entries(g.numbers).map(([name, n]) => (
                  <span key={name}>
                    {numberName(name)} <b class="tabular">{formatNamed(name, n)}</b>
                  </span>
                ))}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The unit is in the name, as everywhere in Outrider: `ranMs`, `coverage`. */
export function formatNamed(name: string, n: number): string {
  if (name.endsWith("Ms")) return formatDuration(n);
  return /coverage|share|utilization/i.test(name) ? formatShare(n) : formatCount(n);
}

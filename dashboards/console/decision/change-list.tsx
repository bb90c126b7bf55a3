import type { DecisionRecord } from "../../../model/index.ts";

/** The parallelism that a decision changes, a vertex a line. A hold shows what it was kept from, if anything. */
export function ChangeList({ record }: { readonly record: DecisionRecord }) {
  const changes = recordChanges(record);
  if (changes.length === 0) return null;
  return (
    <ul
      class={record.effective === null ? "change-list held" : "change-list"}
      aria-label="Change of parallelism"
    >
      {changes.map((c) => (
        <li key={c.id}>
          <span class="change-name" title={c.name}>
            {c.name}
          </span>{" "}
          <span class="tabular nowrap">
            {c.from} <span aria-hidden="true">→</span>
            <span class="hidden">to</span> <b>{c.to}</b>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** By vertex; of a hold the proposal, since nothing is to be done. */
export function recordChanges(record: DecisionRecord) {
  return Object.entries(record.effective ?? record.proposal)
    .map(([id, to]) => {
      const vertex = record.inputs.vertices[id];
      return { id, name: vertex?.name ?? id, from: vertex?.parallelism ?? to, to };
    })
    .filter((c) => c.from !== c.to);
}

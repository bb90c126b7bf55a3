import { type AnyRecord, type DecisionRecord, formatInstant, type VertexId } from "../../model/index.ts";
import type { DecisionHistory, Page } from "../store/port.ts";
import { plain, table } from "./output.ts";
import { guardLine, guardLines, restoreLines } from "./restore-text.ts";

/** A page of decisions of every kind, one a line. */
export function decisionsText(page: Page<DecisionHistory>): string {
  if (page.items.length === 0) return "No decisions are known.";
  const rows = page.items.map(({ record: r, approval, attempts, outcome }) => [
    formatInstant(r.at),
    r.id,
    r.job,
    whatOf(r),
    outcome?.verdict ?? attempts.at(-1)?.status ?? approval?.verdict ?? "-",
    r.sentence,
  ]);
  const text = table(["AT", "ID", "JOB", "WHAT", "BECAME", "SENTENCE"], rows);
  return plain(page.next === null ? text : `${text}\n… more with --before ${page.next}`);
}

function whatOf(r: AnyRecord): string {
  if (r.effective === null) return `hold${r.times > 1 ? ` ×${r.times}` : ""}`;
  return r.kind === "restore" ? r.effective.action : r.kind;
}

/** The record as people read it: sentence, what is to be done, guards, then what happened in order. */
export function decisionText(history: DecisionHistory): string {
  const { record: r, permits, approval, attempts, outcome } = history;
  const lines = [
    `decision ${r.id} (${r.reason}), ${formatInstant(r.at)}`,
    `  ${r.sentence}`,
    ...subjectLines(r).map((line) => `  ${line}`),
  ];
  const shown = r.kind === "restore" ? guardLines(r) : r.guards.map(guardLine);
  lines.push(...shown.map((line) => `  ${line}`));
  for (const p of permits) lines.push(`  ${formatInstant(p.at)} permit ${p.code}, ${p.by}: ${p.sentence}`);
  if (approval !== null) {
    const why = approval.reason === null ? "" : `: ${approval.reason}`;
    lines.push(`  ${formatInstant(approval.at)} ${approval.verdict} by ${approval.by}${why}`);
  }
  for (const a of attempts) {
    const step = a.step === undefined ? "attempt" : a.step;
    lines.push(`  ${formatInstant(a.at)} ${step} ${a.status}: ${a.sentence}`);
  }
  if (outcome !== null)
    lines.push(`  ${formatInstant(outcome.at)} outcome ${outcome.verdict}: ${outcome.sentence}`);
  return plain(lines.join("\n"));
}

function subjectLines(r: AnyRecord): readonly string[] {
  if (r.kind === "restore") return restoreLines(r);
  if (r.kind === "savepoint") return [`directory: ${r.proposal.targetDirectory ?? "Flink's default"}`];
  if (r.effective === null) return [];
  const label = vertexLabels(r);
  const targets = Object.entries(r.effective).map(
    ([id, p]) => `${label(id)} ${r.inputs.vertices[id]?.parallelism ?? "?"} → ${p}`,
  );
  return [`target: ${targets.join(", ")}`];
}

/** Vertex id → its name; with the first digits of the id where two vertices share a name. */
function vertexLabels(record: DecisionRecord): (id: VertexId) => string {
  const names = Object.values(record.inputs.vertices).map((v) => v.name);
  return (id) => {
    const name = record.inputs.vertices[id]?.name ?? id;
    return names.filter((n) => n === name).length > 1 ? `${name} (${id.slice(0, 8)})` : name;
  };
}

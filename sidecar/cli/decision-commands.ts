import type { Command } from "commander";
import { type DecisionRecord, formatInstant, type VertexId } from "../../model/index.ts";
import type { DecisionHistory, Page } from "../store/port.ts";
import type { Attach } from "./commands.ts";
import { CliError, EXIT } from "./exit.ts";
import { resolveJob } from "./job-name.ts";
import { plain, table } from "./output.ts";

export function addDecisionCommands(program: Command, attach: Attach): void {
  const list = program
    .command("decisions")
    .option("--job <job>", "only this job: its key or name")
    .option("--limit <n>", "how many at most, up to 200", "20")
    .option("--before <cursor>", "`next` of the page before")
    .description("decisions, newest first");
  attach(list, async (s, options: { job?: string; limit: string; before?: string }) => {
    if (!/^\d+$/.test(options.limit)) throw new CliError(`--limit: ${options.limit} is not a number`);
    const query = new URLSearchParams({ limit: options.limit });
    if (options.job !== undefined) query.set("job", await resolveJob(s.client, options.job));
    if (options.before !== undefined) query.set("before", options.before);
    const page = await s.client.get<Page<DecisionHistory>>(`/api/v1/decisions?${query}`);
    s.print(page, decisionsText);
    return EXIT.yes;
  });

  const show = program
    .command("decision")
    .argument("<id>", "of the decision")
    .description("one decision with its guards and all that happened to it");
  attach(show, async (s, _options, [id = ""]) => {
    s.print(await s.client.get<DecisionHistory>(decisionPath(id)), decisionText);
    return EXIT.yes;
  });

  const approve = program
    .command("approve")
    .argument("<id>", "of the decision")
    .description("allow Outrider to carry a decision out (exit 1: it is no longer on the table)");
  attach(approve, async (s, _options, [id = ""]) => {
    s.print(await s.client.send<DecisionHistory>("POST", `${decisionPath(id)}/approve`), wordText);
    return EXIT.yes;
  });

  const reject = program
    .command("reject")
    .argument("<id>", "of the decision")
    .requiredOption("--reason <text>", "why; it is kept with the decision")
    .description("forbid Outrider to carry a decision out (exit 1: it is no longer on the table)");
  attach(reject, async (s, options: { reason: string }, [id = ""]) => {
    const body = { reason: options.reason };
    s.print(await s.client.send<DecisionHistory>("POST", `${decisionPath(id)}/reject`, body), wordText);
    return EXIT.yes;
  });
}

const decisionPath = (id: string): string => `/api/v1/decisions/${encodeURIComponent(id)}`;

function wordText({ record, approval }: DecisionHistory): string {
  if (approval === null) return `${record.id} has no word yet`;
  return plain(`${approval.by} ${approval.verdict} ${record.id}: ${record.sentence}`);
}

function decisionsText(page: Page<DecisionHistory>): string {
  if (page.items.length === 0) return "No decisions are known.";
  const rows = page.items.map(({ record: r, approval, attempts, outcome }) => [
    formatInstant(r.at),
    r.id,
    r.job,
    r.effective === null ? `hold${r.times > 1 ? ` ×${r.times}` : ""}` : "scale",
    outcome?.verdict ?? attempts.at(-1)?.status ?? approval?.verdict ?? "-",
    r.sentence,
  ]);
  const text = table(["AT", "ID", "JOB", "WHAT", "BECAME", "SENTENCE"], rows);
  return plain(page.next === null ? text : `${text}\n… more with --before ${page.next}`);
}

/** The record as people read it: sentence, target, guards, then what happened in order. */
export function decisionText(history: DecisionHistory): string {
  const { record: r, permits, approval, attempts, outcome } = history;
  const label = vertexLabels(r);
  const lines = [`decision ${r.id} (${r.reason}), ${formatInstant(r.at)}`, `  ${r.sentence}`];
  if (r.effective !== null) {
    const targets = Object.entries(r.effective).map(
      ([id, p]) => `${label(id)} ${r.inputs.vertices[id]?.parallelism ?? "?"} → ${p}`,
    );
    lines.push(`  target: ${targets.join(", ")}`);
  }
  for (const g of r.guards) lines.push(`  guard ${g.verdict.padEnd(5)} ${g.name}: ${g.sentence}`);
  for (const p of permits) lines.push(`  ${formatInstant(p.at)} permit ${p.code}, ${p.by}: ${p.sentence}`);
  if (approval !== null) {
    const why = approval.reason === null ? "" : `: ${approval.reason}`;
    lines.push(`  ${formatInstant(approval.at)} ${approval.verdict} by ${approval.by}${why}`);
  }
  for (const a of attempts) lines.push(`  ${formatInstant(a.at)} attempt ${a.status}: ${a.sentence}`);
  if (outcome !== null)
    lines.push(`  ${formatInstant(outcome.at)} outcome ${outcome.verdict}: ${outcome.sentence}`);
  return plain(lines.join("\n"));
}

/** Vertex id → its name; with the first digits of the id where two vertices share a name. */
function vertexLabels(record: DecisionRecord): (id: VertexId) => string {
  const names = Object.values(record.inputs.vertices).map((v) => v.name);
  return (id) => {
    const name = record.inputs.vertices[id]?.name ?? id;
    return names.filter((n) => n === name).length > 1 ? `${name} (${id.slice(0, 8)})` : name;
  };
}

import type { Command } from "commander";
import type { DecisionHistory, Page } from "../store/port.ts";
import type { Attach } from "./commands.ts";
import { decisionsText, decisionText } from "./decision-text.ts";
import { CliError, EXIT } from "./exit.ts";
import { resolveJob } from "./job-name.ts";
import { plain } from "./output.ts";

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

import type { Command } from "commander";
import type { Mode, Pause } from "../../model/index.ts";
import { formatInstant, MODES } from "../../model/index.ts";
import type { LastSaid } from "../fleet.ts";
import type { DecisionHistory } from "../store/port.ts";
import type { Attach } from "./commands.ts";
import { decisionText } from "./decision-text.ts";
import { CliError, EXIT } from "./exit.ts";
import { type JobItem, jobPath, readJobs } from "./job-name.ts";
import { countText, parallelismText, plain, table } from "./output.ts";

/** What `/explain` answers. */
interface Explanation {
  readonly job: string;
  readonly state: string;
  readonly mode: Mode;
  readonly pause: Pause | null;
  readonly verdict: string;
  readonly sentence: string;
  readonly decision: DecisionHistory | null;
  readonly wouldChange: readonly string[];
  readonly said: LastSaid | null;
}

export function addJobCommands(program: Command, attach: Attach): void {
  attach(
    program.command("jobs").description("all jobs, with one sentence each on how they are"),
    async (s) => {
      const items = await readJobs(s.client);
      s.print({ items, next: null }, (list) => jobsText(list.items));
      return EXIT.yes;
    },
  );

  const explain = program
    .command("explain")
    .argument("<job>", "job key, or its name where only one job has it")
    .description("why Outrider does, or does not do, something about a job");
  attach(explain, async (s, _options, [job = ""]) => {
    s.print(await s.client.get<Explanation>(`${await jobPath(s.client, job)}/explain`), explanationText);
    return EXIT.yes;
  });

  const pause = program
    .command("pause")
    .argument("<job>", "job key or name")
    .requiredOption("--for <duration>", "how long: 30m, 2h, 1d")
    .requiredOption("--reason <text>", "why; it is shown to everybody")
    .description("keep Outrider from acting on a job for a while");
  attach(pause, async (s, options: { for: string; reason: string }, [job = ""]) => {
    const path = `${await jobPath(s.client, job)}/pause`;
    const made = await s.client.send<Pause>("POST", path, { for: options.for, reason: options.reason });
    s.print(made, (p) => `${p.job} is paused by ${p.owner} until ${formatInstant(p.until)}: ${p.reason}`);
    return EXIT.yes;
  });

  const resume = program
    .command("resume")
    .argument("<job>", "job key or name")
    .description("end a pause now");
  attach(resume, async (s, _options, [job = ""]) => {
    const path = `${await jobPath(s.client, job)}/resume`;
    s.print(await s.client.send<{ job: string; resumed: boolean }>("POST", path), (r) =>
      r.resumed ? `${r.job} is no longer paused` : `${r.job} was not paused`,
    );
    return EXIT.yes;
  });

  const mode = program
    .command("mode")
    .argument("<job>", "job key or name")
    .argument("<mode>", `${MODES.join(", ")}, or configured to drop the job's own mode`)
    .description("set how far Outrider may go with a job");
  attach(mode, async (s, _options, [job = "", wanted = ""]) => {
    const own = wanted === "configured" ? null : MODES.find((m) => m === wanted);
    if (own === undefined) {
      throw new CliError(`there is no mode ${wanted}; expected ${MODES.join(", ")} or configured`);
    }
    const path = `${await jobPath(s.client, job)}/mode`;
    s.print(
      await s.client.send<{ job: string; mode: Mode; own: Mode | null }>("PUT", path, { mode: own }),
      (r) => `${r.job} is in mode ${r.mode}${r.own === null ? ", as configured" : ""}`,
    );
    return EXIT.yes;
  });
}

function jobsText(jobs: readonly JobItem[]): string {
  if (jobs.length === 0) return "No jobs are known.";
  const text = table(
    ["JOB", "STATE", "MODE", "LAG", "PARALLELISM", "VERDICT"],
    jobs.map((j) => [
      j.key,
      j.state,
      j.pause === null ? j.mode : `${j.mode} (paused)`,
      countText(j.lagRecords),
      parallelismText(j.parallelism),
      j.sentence,
    ]),
  );
  return plain(text);
}

function explanationText(e: Explanation): string {
  const lines = [
    `${e.job}: ${e.sentence}`,
    "",
    `state    ${e.state}`,
    `mode     ${e.mode}`,
    `verdict  ${e.verdict}`,
  ];
  if (e.pause !== null) {
    lines.push(`paused   by ${e.pause.owner} until ${formatInstant(e.pause.until)}: ${e.pause.reason}`);
  }
  if (e.said !== null) lines.push(`Flink    ${formatInstant(e.said.at)}: ${e.said.sentence}`);
  if (e.decision !== null) lines.push("", decisionText(e.decision));
  if (e.wouldChange.length > 0) {
    lines.push("", "For Outrider to act:", ...e.wouldChange.map((w) => `  - ${w}`));
  }
  return plain(lines.join("\n"));
}

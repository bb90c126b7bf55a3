import { formatInstant, type SnapshotProblem, type SnapshotReport } from "../../model/index.ts";
import { bytesText, type Verification } from "../../recovery/index.ts";
import { countText, plain, table } from "./output.ts";

/** Problems that people read; JSON has more. */
const MOST_SHOWN = 20;

/** The verdict in one line, what was looked at, and what is wrong. */
export function verificationText(report: Verification): string {
  const lines = [`${stateText(report.state)}  ${report.sentence}`, "", factsText(factsOf(report))];
  if (report.problems.length > 0) lines.push("", ...problemLines(report));
  return plain(lines.join("\n"));
}

/** One line for each snapshot, newest first. */
export function verificationsText(reports: readonly Verification[]): string {
  const rows = reports.map((r) => [
    stateText(r.state),
    whenText(r.writtenAt),
    r.path,
    r.state === "verified"
      ? `${countText(r.references.files)} files, ${bytesText(r.references.bytes)}`
      : r.sentence,
  ]);
  return plain(table(["STATE", "WRITTEN", "SNAPSHOT", "VERDICT"], rows));
}

/** `verified` in small letters, everything else so that the eye stops at it. */
export function stateText(state: string): string {
  return state === "verified" ? state : state.toUpperCase();
}

export function whenText(at: number | null): string {
  return at === null ? "not known" : formatInstant(at);
}

/** Names and values, aligned; those without a value are left out. */
export function factsText(facts: readonly (readonly [string, string | null])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts
    .flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(width)}  ${value}`]))
    .join("\n");
}

/** `checkpoint 42, format version 4`, `canonical savepoint, taken as checkpoint 7, format version 6`. */
export function kindText(
  report: Pick<SnapshotReport, "kind" | "format" | "version" | "checkpointId">,
): string | null {
  const { kind, format, version, checkpointId } = report;
  if (version === null) return kind === "unknown" ? null : kind;
  const what =
    kind === "savepoint"
      ? `${format ?? ""} savepoint, id ${checkpointId}`.trim()
      : `${kind === "unknown" ? "snapshot" : kind} ${checkpointId}`;
  return `${what}, format version ${version}`;
}

function factsOf(report: Verification): readonly (readonly [string, string | null])[] {
  const { path, operators, references, writtenAt, metadataBytes, version } = report;
  const isRead = version !== null;
  const subtasks = operators.reduce((sum, o) => sum + o.subtasks, 0);
  return [
    ["path", path],
    ["kind", kindText(report)],
    ["written", writtenAt === null ? null : formatInstant(writtenAt)],
    ["operators", isRead ? `${operators.length} with state, in ${subtasks} subtasks` : null],
    ["files", isRead ? `${countText(references.files)} needed, ${bytesText(references.bytes)}` : null],
    ["_metadata", metadataBytes === null ? null : bytesText(metadataBytes)],
  ];
}

function problemLines({ problems, moreProblems }: SnapshotReport): readonly string[] {
  const shown = problems.slice(0, MOST_SHOWN);
  const rest = problems.length - shown.length + moreProblems;
  const lines = shown.map((p) => `  ${p.file}\n      ${p.sentence}${neededText(p)}`);
  const more = rest > 0 ? [`  and ${countText(rest)} more; -o json lists up to 1,000`] : [];
  return ["Problems:", ...lines, ...more];
}

function neededText({ needed, found }: SnapshotProblem): string {
  return needed !== null && found === null ? `; ${bytesText(needed)} are needed` : "";
}

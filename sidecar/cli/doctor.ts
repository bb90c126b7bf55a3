import { createTransport } from "../../engine/index.ts";
import { diagnose, readReport, remedyOf } from "../../engine/tuning/index.ts";
import {
  Failure,
  type Finding,
  type Findings,
  parseJobKey,
  type Severity,
  sentenceOf,
} from "../../model/index.ts";

export interface DoctorOptions {
  /** Address of Flink's REST API. */
  readonly url: string;
  /** Bearer token for a proxy before it. */
  readonly token?: string;
  readonly output: "json" | "text";
  /** Milliseconds for everything, at most 14 s; 12 s. */
  readonly timeout?: number;
  readonly cluster?: string;
  readonly namespace?: string;
  /** For tests; the process's own streams. */
  readonly out?: (text: string) => void;
  readonly err?: (text: string) => void;
}

const MOST_SHOWN = 4;
const EXIT = { nothing: 0, findings: 1, unreadable: 2, defect: 70 } as const;

/** Looks at one Flink cluster and prints what is wrong. Returns the exit code; never throws. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const out = options.out ?? ((text) => process.stdout.write(text));
  const err = options.err ?? ((text) => process.stderr.write(text));
  let transport: ReturnType<typeof createTransport> | undefined;
  try {
    transport = createTransport({
      url: options.url,
      ...(options.token === undefined ? {} : { auth: { bearer: options.token } }),
    });
    const report = await readReport(transport, {
      at: Date.now(),
      deadlineMs: Math.min(options.timeout ?? 12_000, 14_000),
      ...(options.cluster === undefined ? {} : { cluster: options.cluster }),
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    });
    const diagnosis = diagnose(report);
    const version = report.capabilities.kind === "read" ? report.capabilities.value.version : "unknown";
    const jobs = report.jobs.kind === "read" ? report.jobs.value.length : 0;
    out(
      options.output === "json"
        ? `${JSON.stringify(diagnosis, null, 2)}\n`
        : doctorText(diagnosis, `Flink ${version}, ${plural(jobs, "job")}`),
    );
    return diagnosis.findings.length > 0 ? EXIT.findings : EXIT.nothing;
  } catch (error) {
    err(`outrider doctor: ${sentenceOf(error).replaceAll(/\s+/g, " ")}\n`);
    return error instanceof Failure ? EXIT.unreadable : EXIT.defect;
  } finally {
    await transport?.close();
  }
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
const LABELS: Readonly<Record<Severity, string>> = { critical: "CRITICAL", warning: "WARNING", info: "INFO" };

/** The diagnosis for a person: ranked findings with what to do, then what is not known. */
export function doctorText(diagnosis: Findings, subject: string): string {
  const { findings, notAssessed } = diagnosis;
  const count = (severity: Severity): number => findings.filter((f) => f.severity === severity).length;
  const summary =
    findings.length === 0
      ? "nothing found"
      : `${plural(findings.length, "finding")} (${count("critical")} critical, ${plural(count("warning"), "warning")}, ${count("info")} info)`;
  const lines = [`${printable(subject)}: ${summary}`, ""];
  for (const finding of findings) lines.push(...findingLines(finding), "");
  if (notAssessed.length > 0) {
    lines.push("Not assessed, which is not the same as healthy:");
    for (const [why, whats] of byWhy(diagnosis)) lines.push(`  ${someOf(whats)}`, `      ${why}`);
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

function findingLines(finding: Finding): string[] {
  const job = finding.job === null ? "cluster" : (parseJobKey(finding.job)?.name ?? finding.job);
  const remedy = remedyOf(finding.code);
  return [
    `${LABELS[finding.severity].padEnd(9)} ${finding.code}  (${printable(job)})`,
    `          ${printable(finding.sentence)}`,
    `          seen: ${printable(evidenceLine(finding.evidence))}`,
    ...(remedy === undefined ? [] : [`          do:   ${remedy}`]),
  ];
}

function evidenceLine(evidence: Finding["evidence"]): string {
  return Object.entries(evidence)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : shown(value)}`)
    .join(" ");
}

const shown = (value: unknown): string =>
  typeof value === "number" ? String(Math.round(value * 1_000) / 1_000) : String(value);

function someOf(whats: readonly string[]): string {
  const rest = whats.length - MOST_SHOWN;
  return `${whats.slice(0, MOST_SHOWN).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** One entry per reason, so that one slow endpoint does not fill the screen. */
function byWhy({ notAssessed }: Findings): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { what, why } of notAssessed) {
    const key = printable(why);
    groups.set(key, [...(groups.get(key) ?? []), printable(what)]);
  }
  return groups;
}

/** Names and messages come from outside: nothing in them may steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}

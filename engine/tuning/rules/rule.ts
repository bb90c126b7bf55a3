import {
  type Finding,
  type Findings,
  isTerminal,
  type NotAssessed,
  type Severity,
} from "../../../model/index.ts";
import type { ClusterReport, JobReport, Part, VertexReport } from "../report.ts";

/** What people read about a rule, and its place in the ranking. */
export interface RuleInfo {
  readonly code: string;
  /** The usual severity; a single finding may be more or less. */
  readonly severity: Severity;
  /** Among findings of one severity the heavier comes first; 0..100. */
  readonly weight: number;
  /** What the finding means, for the reference page. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
}

export interface Rule extends RuleInfo {
  readonly assess: (report: ClusterReport) => Findings;
}

/** A finding before the rule's own words are put to it. */
export interface Found {
  readonly sentence: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly vertex?: string;
  readonly severity?: Severity;
}

const NOTHING: Findings = { findings: [], notAssessed: [] };

export const merge = (parts: readonly Findings[]): Findings => ({
  findings: parts.flatMap((p) => p.findings),
  notAssessed: parts.flatMap((p) => p.notAssessed),
});

function judge<T>(
  rule: RuleInfo,
  subject: { readonly job: string | null; readonly vertex: string | null; readonly words: string },
  part: Part<T>,
  find: (value: T) => readonly Found[],
): Findings {
  if (part.kind === "unread") {
    const notAssessed: NotAssessed = { what: `${rule.code}${subject.words}`, why: part.why };
    return { findings: [], notAssessed: [notAssessed] };
  }
  const findings = find(part.value).map(
    (found): Finding => ({
      code: rule.code,
      severity: found.severity ?? rule.severity,
      job: subject.job,
      vertex: found.vertex ?? subject.vertex,
      sentence: found.sentence,
      evidence: found.evidence,
    }),
  );
  return { findings, notAssessed: [] };
}

/** A rule about the cluster as a whole. */
export function clusterRule<T>(
  info: RuleInfo,
  part: (report: ClusterReport) => Part<T>,
  find: (value: T, report: ClusterReport) => readonly Found[],
): Rule {
  return {
    ...info,
    assess: (report) =>
      judge(info, { job: null, vertex: null, words: "" }, part(report), (v) => find(v, report)),
  };
}

const isAlive = (job: JobReport): boolean => !isTerminal(job.state);
/** Bounded jobs take no checkpoints and end by themselves; streaming advice is not for them. */
export const isStreaming = (job: JobReport): boolean =>
  isAlive(job) && !(job.details.kind === "read" && job.details.value.batch);

/** A rule about each job that `applies`, by default those that are alive. */
export function jobRule<T>(
  info: RuleInfo,
  part: (job: JobReport, report: ClusterReport) => Part<T>,
  find: (value: T, job: JobReport, report: ClusterReport) => readonly Found[],
  applies: (job: JobReport, report: ClusterReport) => boolean = isAlive,
): Rule {
  const assess = (report: ClusterReport): Findings => {
    if (report.jobs.kind === "unread") {
      return judge(info, { job: null, vertex: null, words: "" }, report.jobs, () => []);
    }
    const jobs = report.jobs.value.filter((job) => applies(job, report));
    return merge(
      jobs.map((job) =>
        judge(info, { job: job.key, vertex: null, words: ` of ${job.key}` }, part(job, report), (v) =>
          find(v, job, report),
        ),
      ),
    );
  };
  return { ...info, assess };
}

/** A rule about each vertex of the jobs that are alive. */
export function vertexRule<T>(
  info: RuleInfo,
  part: (vertex: VertexReport, job: JobReport) => Part<T>,
  find: (value: T, vertex: VertexReport, job: JobReport) => readonly Found[],
  applies: (vertex: VertexReport, job: JobReport) => boolean = () => true,
): Rule {
  const ofJob = (job: JobReport): Findings => {
    if (job.vertices.kind === "unread") {
      return judge(info, { job: job.key, vertex: null, words: ` of ${job.key}` }, job.vertices, () => []);
    }
    const vertices = job.vertices.value.filter((vertex) => applies(vertex, job));
    return merge(
      vertices.map((vertex) => {
        const words = ` of "${vertex.name}" in ${job.key}`;
        return judge(info, { job: job.key, vertex: vertex.id, words }, part(vertex, job), (v) =>
          find(v, vertex, job),
        );
      }),
    );
  };
  const assess = (report: ClusterReport): Findings => {
    if (report.jobs.kind === "unread") {
      return judge(info, { job: null, vertex: null, words: "" }, report.jobs, () => []);
    }
    const jobs = report.jobs.value.filter(isAlive);
    return jobs.length === 0 ? NOTHING : merge(jobs.map(ofJob));
  };
  return { ...info, assess };
}

export const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;
export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, v) => sum + v, 0) / values.length;

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Math.round(value * 10) / 10} ${UNITS[unit]}`;
}

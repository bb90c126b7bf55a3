import type { Severity } from "./event.ts";
import type { JobKey } from "./job.ts";

/** Something `doctor` holds to be wrong, with what it saw. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly job: JobKey | null;
  readonly vertex: string | null;
  readonly sentence: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** A question that could not be answered; never shown as healthy. */
export interface NotAssessed {
  readonly what: string;
  readonly why: string;
}

export interface Findings {
  readonly findings: readonly Finding[];
  readonly notAssessed: readonly NotAssessed[];
}

import type { DiagnosisKind, Fault, Instant } from "../../model/index.ts";

/** A verdict before its numbers are checked. */
export interface Finding {
  readonly kind: DiagnosisKind;
  readonly since: Instant;
  readonly sentence: string;
  readonly fault?: Fault | null;
  readonly numbers?: Readonly<Record<string, number | null | undefined>>;
}

import { expect } from "vitest";
import type { FlinkVersion } from "../flink/fetch.ts";
import { awaitRestore } from "./asking.ts";
import type { Drill } from "./drill.ts";
import { restoreFigures } from "./figures.ts";

const MINUTES = 60_000;

/**
 * Waits for the restore that brings the job back, tells its figures and holds them against what every restore must
 * keep: state that counts each record once, and never two lives at a time. Nobody touches anything after the fault:
 * what comes back, Outrider brought back.
 */
export async function expectRestored(drill: Drill, name: string, version: FlinkVersion, faultAt: number) {
  const done = await awaitRestore(
    drill,
    `${name}: the job is back`,
    4 * MINUTES,
    (history) => history.outcome?.verdict === "reached",
  );
  const figures = await restoreFigures(drill, { drill: name, version }, faultAt, done);
  expect(figures.copies).toEqual([]);
  // One record may stand between two roundings of the load's integral.
  expect(Math.abs(figures.missingRecords ?? Number.NaN)).toBeLessThanOrEqual(2);
  expect(figures.snapshot).not.toBeNull();
  return { done, figures };
}

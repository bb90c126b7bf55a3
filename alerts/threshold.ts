import { z } from "zod";

/** A share between 0 and 1 of something that is never more than 1: at 1 the alert would never fire. */
export const share = (standard: number, description: string, why: string) =>
  z
    .number()
    .refine((value) => value > 0, { error: "a share above 0, or the alert would always fire", abort: true })
    .refine((value) => value < 1, { error: `a share below 1: ${why}, so the alert would never fire` })
    .default(standard)
    .describe(description);

/** A number from `least` on; `why` says what a smaller one would do. */
export const atLeast = (standard: number, least: number, description: string, why: string) =>
  z
    .number()
    .refine((value) => value >= least && value <= MOST, {
      error: `a number from ${least} to ${MOST.toExponential()}: ${why}`,
    })
    .default(standard)
    .describe(description);

/** More records or intervals than this are nobody's intention. */
const MOST = 1e12;

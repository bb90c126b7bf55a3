import { z } from "zod";
import { duration, MAX_RATE, rate } from "./world-fields.ts";

/** Ten years. */
const MAX_MINUTES = 3_650 * 1_440;

export const pointSchema = z.strictObject({
  at: duration("0 or more", "When, since the start of the world.").prefault("0s"),
  rate: rate("Records per second from then on."),
  ramp: duration("0 or more", "How long the way from the rate before takes.").prefault("0s"),
});

export const sineSchema = z.strictObject({
  mean: rate("Records per second in the middle."),
  amplitude: rate("How far the peak is above the mean, and the trough below it."),
  period: duration("above 0", "From one peak to the next.").prefault("24h"),
  peakAt: duration("0 or more", "When the first peak is.").prefault("0s"),
});

export const LOAD_KINDS = ["rate", "points", "sine", "perMinute"] as const;

export const loadSchema = z
  .strictObject({
    rate: rate("The same records per second for ever.").optional(),
    points: z
      .array(pointSchema)
      .min(1)
      .max(10_000)
      .optional()
      .describe("Steps and ramps, in the order of time."),
    sine: sineSchema.optional().describe("A smooth wave."),
    perMinute: z
      .array(z.tuple([z.number().min(0).max(MAX_MINUTES), z.number().min(0).max(MAX_RATE)]))
      .min(1)
      .max(100_000)
      .optional()
      .describe("Pairs `[minute, rate]` as in a recorded trace, joined by straight lines."),
    repeat: duration("above 0", "Start anew after this long (with points or perMinute).").optional(),
  })
  .refine((load) => LOAD_KINDS.filter((kind) => load[kind] !== undefined).length === 1, {
    error: `exactly one of ${LOAD_KINDS.join(", ")}`,
  });

export type LoadSpec = z.output<typeof loadSchema>;

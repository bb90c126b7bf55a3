import { z } from "zod";
import { type Milliseconds, parseDuration } from "../model/index.ts";

const text = () =>
  z.string().refine((value) => parseDuration(value) !== undefined, {
    error: 'expected a duration such as "30s" or "5min"',
  });

/** A duration as people write it (`"90s"`, `"5min"`); JSON Schema sees a string. */
export const duration = (standard: string, description: string) =>
  text().default(standard).meta({ description, format: "duration" });

/** The same without a default: absent means that the setting is off. */
export const optionalDuration = (description: string) =>
  text().optional().meta({ description, format: "duration" });

/** Milliseconds of a duration that a schema has checked. */
export const toMs = (checked: string): Milliseconds => parseDuration(checked) ?? 0;

/** The same of one that may be absent: null is "off". */
export const toMsOrNull = (checked: string | undefined): Milliseconds | null =>
  checked === undefined ? null : toMs(checked);

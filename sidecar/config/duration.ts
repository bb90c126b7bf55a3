import { z } from "zod";
import { parseDuration } from "../../model/index.ts";

/** A duration as people write it; the schema's input and output stay text, `compile.ts` makes milliseconds of it. */
export function duration(standard: string, description: string) {
  return z
    .string()
    .refine((text) => (parseDuration(text) ?? 0) > 0, {
      error: 'a duration above 0 such as "500ms", "30s" or "5min"',
    })
    .default(standard)
    .meta({ description, format: "duration" });
}

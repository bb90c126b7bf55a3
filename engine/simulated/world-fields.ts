import { z } from "zod";
import { type Milliseconds, parseDuration, parseLocation } from "../../model/index.ts";

const LONGEST_MS = 3_650 * 86_400_000;
export const MAX_RATE = 1e9;
export const MAX_PARALLELISM = 10_000;

const SIZE_FACTORS: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** `"32kb"`, `"1.5 mb"` → bytes, in Flink's steps of 1024; `undefined` when it is not a size. */
export function parseSize(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)\s*$/.exec(text.slice(0, 100));
  const bytes = Number(match?.[1]) * (SIZE_FACTORS[match?.[2] ?? ""] ?? Number.NaN);
  return Number.isFinite(bytes) ? Math.round(bytes) : undefined;
}

/** A duration as people write it; comes out in ms. At most ten years. */
export function duration(least: "above 0" | "0 or more", description: string) {
  const good = (ms: Milliseconds | undefined): boolean =>
    ms !== undefined && ms <= LONGEST_MS && (ms > 0 || (ms === 0 && least === "0 or more"));
  return z
    .string()
    .refine((text) => good(parseDuration(text.slice(0, 100))), {
      error: `a duration ${least === "above 0" ? "above 0 " : ""}such as "500ms", "30s" or "5min"`,
    })
    .transform((text): Milliseconds => parseDuration(text) ?? 0)
    .meta({ description, format: "duration" });
}

/** A size as people write it; comes out in bytes. */
export function size(least: "above 0" | "0 or more", description: string) {
  const good = (bytes: number | undefined): boolean =>
    bytes !== undefined && bytes <= 2 ** 50 && (bytes > 0 || (bytes === 0 && least === "0 or more"));
  return z
    .string()
    .refine((text) => good(parseSize(text)), {
      error: `a size ${least === "above 0" ? "above 0 " : ""}such as "32kb" or "10mb"`,
    })
    .transform((text): number => parseSize(text) ?? 0)
    .meta({ description, format: "size" });
}

/** A directory on this machine, as Flink is told it. */
export const directory = (description: string) =>
  z
    .string()
    .max(1_000)
    .refine(isLocalDirectory, { error: 'a directory on this machine such as "file:/tmp/ckpt"' })
    .describe(description);

function isLocalDirectory(text: string): boolean {
  try {
    const { scheme, path } = parseLocation(text);
    return scheme === "file" && path !== "/";
  } catch {
    return false;
  }
}

export const rate = (description: string) => z.number().min(0).max(MAX_RATE).describe(description);
export const cap = (description: string) => z.number().gt(0).max(MAX_RATE).describe(description);
export const parallelism = (description: string) => z.int().min(1).max(MAX_PARALLELISM).describe(description);
export const milliseconds = (description: string) => z.number().min(0).max(3_600_000).describe(description);
export const noise = (description: string) => z.number().min(0).max(2).default(0).describe(description);
export const text = (description: string) => z.string().min(1).max(200).describe(description);
export const share = (description: string) => z.number().min(0).max(1).describe(description);

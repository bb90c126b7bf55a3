import { z } from "zod";
import { type RecoverySettings, recoverySettings } from "./settings.ts";

type Unset<Shape extends z.ZodRawShape> = {
  [Key in keyof Shape]: z.ZodOptional<Shape[Key] extends z.ZodDefault<infer Inner> ? Inner : Shape[Key]>;
};

function partOf<Shape extends z.ZodRawShape>(part: z.ZodObject<Shape>, description: string | undefined) {
  return z
    .strictObject(unset(part.shape))
    .optional()
    .describe(description ?? "");
}

/** Every setting optional and without its default, so that only what was written differs. */
function unset<Shape extends z.ZodRawShape>(shape: Shape): Unset<Shape> {
  const fields = Object.entries(shape).map(([key, field]) => {
    const bare = field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : (field as z.ZodType);
    return [key, bare.optional().describe((field as z.ZodType).description ?? "")];
  });
  return Object.fromEntries(fields);
}

const {
  storm: _,
  breaker: ownBreaker,
  loop: ownLoop,
  savepoints: ownSavepoints,
  ...plain
} = recoverySettings.shape;
/** What differs for some jobs. `restore` and a calendar are taken whole; `storm` is about all jobs together and has no place here. */
export const recoveryOverrides = z.strictObject({
  ...unset(plain),
  breaker: partOf(ownBreaker.unwrap(), ownBreaker.description),
  loop: partOf(ownLoop.unwrap(), ownLoop.description),
  savepoints: partOf(ownSavepoints.unwrap(), ownSavepoints.description),
});

export type RecoveryOverrides = z.infer<typeof recoveryOverrides>;

/** Settings of one job: those for everything, and over them what was written for this job, the last word wins. */
export function overrideRecovery(
  base: RecoverySettings,
  overrides: readonly RecoveryOverrides[],
): RecoverySettings {
  let merged = base;
  for (const { breaker, loop, savepoints, ...rest } of overrides) {
    merged = {
      ...merged,
      ...written(rest),
      breaker: { ...merged.breaker, ...written(breaker ?? {}) },
      loop: { ...merged.loop, ...written(loop ?? {}) },
      savepoints: { ...merged.savepoints, ...written(savepoints ?? {}) },
    };
  }
  return merged;
}

/** Without the settings that are present and undefined. */
function written<T extends object>(settings: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}

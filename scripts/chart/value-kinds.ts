import { z } from "zod";

/** A mapping that Kubernetes checks itself when the chart is installed. */
export const passedOn = (what: string) => z.record(z.string(), z.unknown()).default({}).describe(what);
export const listPassedOn = (what: string) =>
  z.array(z.record(z.string(), z.unknown())).default([]).describe(what);
export const texts = (what: string, standard: Readonly<Record<string, string>> = {}) =>
  z
    .record(z.string(), z.string())
    .default({ ...standard })
    .describe(what);
export const text = (what: string, standard = "") => z.string().default(standard).describe(what);
export const flag = (what: string, standard: boolean) => z.boolean().default(standard).describe(what);
/** Kubernetes wants at most 63 characters of a name, and Helm cuts there. */
export const name = (what: string) =>
  z
    .string()
    .max(63)
    .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$/)
    .default("")
    .describe(what);
/** Prometheus writes `30s`, `5m`, `1h30m`. */
export const promDuration = (what: string, standard: string) =>
  z
    .string()
    .regex(/^([0-9]+(ms|[smhdwy]))+$/)
    .default(standard)
    .describe(what);

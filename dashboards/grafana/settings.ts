import { z } from "zod";
import { Failure } from "../../model/index.ts";

/** Only web addresses: a link of another kind would run in the reader's browser. A dashboard is no place for passwords. */
const webAddress = z
  .string()
  .refine((text) => isWebAddress(text), { error: "an http or https URL without credentials" })
  .meta({ format: "uri" });

/** Whether a browser can go there, and no credentials are given away. */
export function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return /^https?:\/\/[^/]/.test(text) && url !== undefined && url.username === "" && url.password === "";
}

/** What may differ from one installation to the next. The queries are the same everywhere. */
export const dashboardSettings = z.strictObject({
  consoleUrl: webAddress
    .optional()
    .describe("Where people reach Outrider's web console; without it no link."),
  uidPrefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,24}$/, "1 to 24 letters, digits, _ or -")
    .default("outrider")
    .describe("Begin of every dashboard's uid. Links to a dashboard hold as long as it stays."),
  tags: z
    .array(z.string().min(1).max(50))
    .max(10)
    .default(["flink", "outrider"])
    .describe("Tags of the dashboards in Grafana."),
  refresh: z
    .string()
    .regex(/^[1-9]\d{0,3}[smh]$/, "a time such as 30s or 1m")
    .default("30s")
    .describe("How often an open dashboard asks again."),
});

export type DashboardSettings = z.output<typeof dashboardSettings>;
/** As a person writes them: everything may be left out. */
export type DashboardSettingsInput = z.input<typeof dashboardSettings>;

/** Settings with their defaults; a `Failure` that names every wrong one otherwise. */
export function parseDashboardSettings(input: unknown): DashboardSettings {
  const parsed = dashboardSettings.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) =>
    issue.code === "unrecognized_keys"
      ? `unknown ${issue.keys.join(", ")}; expected ${Object.keys(dashboardSettings.shape).join(", ")}`
      : `${issue.path.join(".")}: expected ${issue.message}`,
  );
  throw new Failure("bad-config", `cannot render dashboards: ${problems.join("; ")}`);
}

import { z } from "zod";
import { didYouMean, type Milliseconds, parseDuration, SEVERITIES, type Severity } from "../model/index.ts";
import { type Alert, LATER } from "./alert.ts";
import { ALERT_NAMES, ALERTS } from "./catalogue.ts";
import { scrapeSettings } from "./scrape-settings.ts";
import { CLUSTER } from "./terms.ts";
import { problemsOfTimes } from "./times.ts";

/** Settings of one alert; which thresholds and windows it has, its definition says. */
export interface RuleSettings {
  readonly severity: Severity;
  readonly for?: string;
  readonly [threshold: string]: string | number | undefined;
}

const MAX_MS = 7 * 86_400_000;

/** Above 0: a window of no time sees nothing. */
const window = (standard: Milliseconds, description: string) =>
  z
    .string()
    .refine((text) => inRange(parseDuration(text), 1_000), {
      error: 'a duration from 1s to 7d such as "5min"; the alert would never fire with another one',
    })
    .default(text(standard))
    .meta({ description, format: "duration" });

const holds = (standard: Milliseconds) =>
  z
    .string()
    .refine((value) => inRange(parseDuration(value), 0), {
      error: 'a duration from 0s to 7d such as "5min"; after a longer one the alert would never fire',
    })
    .default(text(standard))
    .meta({ description: "How long the condition must hold before it fires.", format: "duration" });

const inRange = (ms: Milliseconds | undefined, least: Milliseconds): boolean =>
  ms !== undefined && ms >= least && ms <= MAX_MS;

const text = (ms: Milliseconds): string =>
  ms > 0 && ms % 60_000 === 0 ? `${ms / 60_000}min` : `${ms / 1_000}s`;

function settingsOf(alert: Alert) {
  const windows = Object.entries(alert.windows).map(([key, { ms, help }]) => [key, window(ms, help)]);
  return z
    .strictObject({
      severity: z.enum(SEVERITIES).default(alert.severity).describe("Label `severity`."),
      ...(alert.forMs === undefined ? {} : { for: holds(alert.forMs) }),
      ...alert.thresholds,
      ...Object.fromEntries(windows),
    })
    .prefault({})
    .describe(alert.summary);
}

const alertName = z.string().superRefine((name, context) => {
  if (ALERT_NAMES.includes(name)) return;
  const later = LATER[name];
  const near = didYouMean(name, ALERT_NAMES);
  const message =
    later !== undefined
      ? `an alert of this release; ${name} comes ${later}`
      : near !== undefined
        ? `the name of an alert; did you mean ${near}?`
        : `the name of an alert: ${ALERT_NAMES.join(", ")}`;
  context.addIssue({ code: "custom", message });
});

/** Prometheus would take `{{` for a template, and a line break for the end of the value. */
const plainText = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => !/\p{Cc}|\{\{/u.test(value), {
    error: "one line of text without {{",
  });

/** Labels that alerts have already; another value would make two alerts of one. */
const RESERVED = ["alertname", "severity", ...new Set(ALERTS.flatMap((alert) => alert.labels))];

/** Labels that every series has, Flink's and Outrider's: by any other one half of the alerts would never fire. */
const SELECTABLE: readonly string[] = CLUSTER;

/** zod tells of a wrong key only that it is wrong. */
function labelled<V extends z.ZodType>(value: V, refused: readonly string[]) {
  return z.record(z.string(), value).superRefine((labels, context) => {
    for (const name of Object.keys(labels)) {
      const message = !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)
        ? "a label name of letters, digits and _"
        : refused.includes(name)
          ? `a label that alerts do not have already: ${refused.join(", ")}`
          : undefined;
      if (message !== undefined) context.addIssue({ code: "custom", path: [name], message });
    }
  });
}

const jobName = z
  .string()
  .min(1)
  .max(500)
  .refine((name) => !/["'`{}\\]|\p{Cc}/u.test(name), {
    error: "a job name without quotes, braces, backslashes and line breaks: rename the job, or leave it out",
  });

/** What people set about rules, their tests and the scrape configuration. */
export const alertsSettings = z
  .strictObject({
    selector: z
      .record(z.string(), z.array(plainText).min(1).describe("Values of this label that are looked at."))
      .superRefine((labels, context) => {
        for (const name of Object.keys(labels).filter((label) => !SELECTABLE.includes(label))) {
          const message = "cluster or namespace; for jobs use alerts.jobs";
          context.addIssue({ code: "custom", path: [name], message });
        }
      })
      .default({})
      .describe("Only series with one of these values of `cluster` or `namespace`: `namespace: [prod]`."),
    jobs: z
      .array(jobName)
      .default([])
      .describe("Names of the jobs that rules are about, as Flink has them; all when empty."),
    labels: labelled(plainText.describe("Value of this label."), RESERVED)
      .default({})
      .describe("Labels added to every alert, such as `team: data`."),
    runbooks: z
      .string()
      .regex(/^[^\s"\\{}]+$/, { error: "an address without blanks, quotes and braces" })
      .default("docs/runbooks")
      .describe("Where the runbooks lie; `/FlinkJobFailed.md` and so on is appended."),
    disabled: z.array(alertName).default([]).describe("Names of alerts that are left out."),
    durationFactor: z
      .number()
      .refine((factor) => factor >= 1 && factor <= 100, {
        error: "a number from 1 to 100; it divides every duration",
      })
      .default(1)
      .describe("Divides every duration of rules and scrapes: for trying alerts out."),
    evaluation: z
      .string()
      .refine((value) => inRange(parseDuration(value), 1_000) && (parseDuration(value) ?? 0) <= 120_000, {
        error: 'a duration from 1s to 2min such as "30s"; with a longer one recorded series have gaps',
      })
      .default("30s")
      .meta({ description: "Time between two evaluations of the rules.", format: "duration" }),
    rateWindow: window(120_000, "Time over which the recorded rates of sources are taken."),
    rules: z
      .strictObject(Object.fromEntries(ALERTS.map((alert) => [alert.name, settingsOf(alert)])))
      .prefault({})
      .describe("Severity, patience and thresholds by alert."),
    scrape: scrapeSettings.prefault({}),
  })
  .superRefine((settings, context) => {
    for (const { path, message } of problemsOfTimes(settings as unknown as AlertsSettings)) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  });

export interface AlertsSettings extends Omit<z.output<typeof alertsSettings>, "rules"> {
  readonly rules: Readonly<Record<string, RuleSettings>>;
}

/** Every default: what rules look like where nobody has set anything. */
export const defaultAlerts = (): AlertsSettings => alertsSettings.parse({}) as unknown as AlertsSettings;

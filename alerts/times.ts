import { type Milliseconds, parseDuration, span } from "../model/index.ts";
import type { Alert } from "./alert.ts";
import { ALERTS } from "./catalogue.ts";
import type { AlertsSettings, RuleSettings } from "./settings.ts";

/** Fewer scrapes than this in a window, and a rate over it is too often nothing. */
const LEAST_SCRAPES = 4;
const LEAST_MS = 1_000;

/** Times in force: every duration divided by the factor, scrapes and evaluations never below a second. */
export interface Times {
  readonly scrapeMs: Milliseconds;
  readonly evaluationMs: Milliseconds;
  readonly rateMs: Milliseconds;
}

export function timesOf(settings: AlertsSettings): Times {
  return {
    scrapeMs: Math.max(LEAST_MS, divided(settings.scrape.interval, settings)),
    evaluationMs: Math.max(LEAST_MS, divided(settings.evaluation, settings)),
    rateMs: divided(settings.rateWindow, settings),
  };
}

export const forMsOf = (alert: Alert, settings: AlertsSettings): Milliseconds =>
  alert.forMs === undefined ? 0 : divided(ruleOf(alert.name, settings).for, settings);

export const windowMsOf = (alert: Alert, name: string, settings: AlertsSettings): Milliseconds =>
  divided(ruleOf(alert.name, settings)[name], settings);

export const ruleOf = (name: string, settings: AlertsSettings): RuleSettings =>
  settings.rules[name] ?? { severity: "warning" };

export interface TimeProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** Windows that hold too few scrapes for an alert ever to fire, with the factor applied. */
export function problemsOfTimes(settings: AlertsSettings): readonly TimeProblem[] {
  if (!readable(settings)) return [];
  const least = LEAST_SCRAPES * timesOf(settings).scrapeMs;
  const windows = ALERTS.flatMap((alert) =>
    Object.keys(alert.windows)
      .filter((name) => alert.windows[name]?.isAge !== true)
      .map((name) => ({
        path: ["rules", alert.name, name],
        ms: windowMsOf(alert, name, settings),
      })),
  );
  const short = [{ path: ["rateWindow"], ms: timesOf(settings).rateMs }, ...windows].filter(
    ({ ms }) => ms < least,
  );
  const { durationFactor: factor } = settings;
  const [first] = short;
  if (first !== undefined && factor > 1) {
    const [key, left, needed] = [first.path.join("."), span(first.ms).text, span(least).text];
    const message = `a smaller divisor: of alerts.${key} it leaves ${left}, less than four scrapes (${needed}), and an alert would never fire`;
    return [{ path: ["durationFactor"], message }];
  }
  return short.map(({ path }) => ({
    path,
    message: `a window of at least ${span(least).text}, four scrapes; with a shorter one the alert would never fire`,
  }));
}

function divided(text: string | number | undefined, settings: AlertsSettings): Milliseconds {
  return Math.round((parseDuration(String(text)) ?? 0) / settings.durationFactor);
}

/** Other checks may have failed already; what they are about is not there then. */
function readable(settings: AlertsSettings): boolean {
  return parseDuration(String(settings.scrape?.interval)) !== undefined && settings.rules !== undefined;
}

import { asFlinkLabel, Failure, type Milliseconds, span } from "../model/index.ts";
import type { Alert } from "./alert.ts";
import type { AlertsSettings } from "./settings.ts";
import { selected, type Terms } from "./terms.ts";
import { forMsOf, ruleOf, timesOf, windowMsOf } from "./times.ts";

/** Labels of series in tests, where the settings select none. */
const STAND_INS = { cluster: "prod", namespace: "default", job_name: "orders" };

/** What the settings mean for one alert; without one, for the recording rules. */
export function termsOf(settings: AlertsSettings, alert?: Alert): Terms {
  const times = timesOf(settings);
  const jobs = settings.jobs.map(asFlinkLabel);
  const chosen = Object.entries(settings.selector);
  const windowMs = (name: string): Milliseconds =>
    alert === undefined ? times.rateMs : windowMsOf(alert, name, settings);
  return {
    ...selected({ labels: settings.selector, jobs }),
    threshold: (name) => numberOf(alert, name, settings),
    window: (name) => span(windowMs(name)),
    windowMs,
    forMs: alert === undefined ? 0 : forMsOf(alert, settings),
    scrapeMs: times.scrapeMs,
    evaluationMs: times.evaluationMs,
    sample: {
      ...STAND_INS,
      ...(jobs[0] === undefined ? {} : { job_name: jobs[0] }),
      ...Object.fromEntries(chosen.map(([label, values]) => [label, values[0] ?? ""])),
    },
    fixed: Object.fromEntries(
      chosen.flatMap(([label, values]) => (values.length === 1 ? [[label, values[0] ?? ""]] : [])),
    ),
  };
}

function numberOf(alert: Alert | undefined, name: string, settings: AlertsSettings): number {
  const value = alert === undefined ? undefined : ruleOf(alert.name, settings)[name];
  if (typeof value === "number") return value;
  const what = `${alert?.name ?? "a recording rule"}.${name}`;
  throw new Failure("bad-config", `cannot write a rule: threshold ${what}; got ${value}; expected a number`);
}

/**
 * Telling people: Prometheus rules, their promtool tests, the scrape configuration and the page about them, all out of
 * one catalogue of alerts and the settings. Pure: texts go in and out, nothing is written here.
 */
import type { Milliseconds } from "../model/index.ts";
import { GROUPS } from "./alert.ts";
import { renderRuleTests, testFile } from "./rule-tests.ts";
import { alertsOf, checkNames, renderRules, ruleFile } from "./rules.ts";
import { renderScrape } from "./scrape.ts";
import type { AlertsSettings } from "./settings.ts";
import { windowMsOf } from "./times.ts";

export { WANTED } from "./alert.ts";
export { ALERT_NAMES } from "./catalogue.ts";
export { alertsReference } from "./reference.ts";
export { runbookUrl } from "./rules.ts";
export { type AlertsSettings, alertsSettings, defaultAlerts } from "./settings.ts";

export interface TextFile {
  readonly file: string;
  readonly content: string;
}

/** Rule files and their promtool tests. A file without alerts is left out. */
export function renderAlerts(settings: AlertsSettings): readonly TextFile[] {
  checkNames(settings);
  return GROUPS.filter((group) => alertsOf(group, settings).length > 0).flatMap((group) => [
    { file: ruleFile(group), content: renderRules(group, settings) },
    { file: testFile(group), content: renderRuleTests(group, settings) },
  ]);
}

/** The scrape configuration that the rules rely on. */
export function renderScrapeFiles(settings: AlertsSettings): readonly TextFile[] {
  return [{ file: "outrider.scrape.yaml", content: renderScrape(settings) }];
}

/** Age (ms) of a pass from which `OutriderPassesStale` fires, with the factor applied; undefined where it is disabled. */
export function passesMayBeOldMs(settings: AlertsSettings): Milliseconds | undefined {
  const alert = alertsOf("outrider", settings).find(({ name }) => name === "OutriderPassesStale");
  return alert === undefined ? undefined : windowMsOf(alert, "age", settings);
}

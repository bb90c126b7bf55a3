import { describe, expect, test } from "vitest";
import { alertsSettings } from "./index.ts";

const problems = (input: object): string => {
  const parsed = alertsSettings.safeParse(input);
  return parsed.success ? "" : parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("\n");
};

describe("what would break a rule, or could never fire, is refused", () => {
  test.each([
    [
      "a misspelt alert",
      { disabled: ["FlinkJobFailled"] },
      "disabled.0: the name of an alert; did you mean FlinkJobFailed?",
    ],
    ["an alert of a later release", { disabled: ["BackupCompleted"] }, "from the backup release on"],
    [
      "a name that nothing is near to",
      { disabled: ["Nonsense"] },
      "the name of an alert: FlinkJobManagerDown, ",
    ],
    ["a misspelt alert under rules", { rules: { FlinkJobFaild: {} } }, "FlinkJobFaild"],
    ["a threshold that an alert has not", { rules: { FlinkJobFailed: { share: 0.5 } } }, "share"],
    ["an event that should hold", { rules: { FlinkJobStarted: { for: "5min" } } }, "for"],
    ["back-pressure of all the time", { rules: { FlinkBackpressured: { share: 1 } } }, "would never fire"],
    ["the thousand of the tutorials", { rules: { FlinkBackpressured: { share: 1000 } } }, "would never fire"],
    ["a full heap", { rules: { FlinkTaskManagerHeapHigh: { share: 1 } } }, "would never fire"],
    ["nothing but collections", { rules: { FlinkGarbageCollection: { share: 1.2 } } }, "would never fire"],
    ["longer than the timeout", { rules: { FlinkCheckpointSlow: { share: 1 } } }, "would never fire"],
    ["more late than there are", { rules: { FlinkLateRecordsDropped: { share: 2 } } }, "would never fire"],
    [
      "a rate below zero",
      { rules: { FlinkSourceStalled: { recordsPerSecond: -1 } } },
      "a rate is never below 0",
    ],
    ["a share that always fires", { rules: { FlinkBackpressured: { share: 0 } } }, "always fire"],
    ["no failure", { rules: { FlinkCheckpointFailing: { failures: 0 } } }, "none is no failure"],
    ["an age below an interval", { rules: { FlinkCheckpointStale: { intervals: 1 } } }, "normal"],
    [
      "no number",
      { rules: { FlinkGarbageCollection: { share: Number.NaN } } },
      "FlinkGarbageCollection.share",
    ],
    [
      "infinitely many",
      { rules: { FlinkSourceLagGrowing: { records: Number.POSITIVE_INFINITY } } },
      "records",
    ],
    ["patience beyond a week", { rules: { FlinkJobFailed: { for: "8d" } } }, "would never fire"],
    ["no time at all", { rules: { FlinkBackpressured: { window: "0s" } } }, "would never fire"],
    [
      "a window of too few scrapes",
      { rules: { FlinkCheckpointFailing: { window: "30s" } } },
      "at least 40s, four scrapes",
    ],
    [
      "scrapes too rare for the windows",
      { scrape: { interval: "1min" } },
      "rateWindow: a window of at least 4m",
    ],
    [
      "a factor that leaves too little",
      { durationFactor: 60 },
      "durationFactor: a smaller divisor: of alerts.rateWindow it leaves 2s",
    ],
    ["a factor below one", { durationFactor: 0.5 }, "durationFactor"],
    ["a severity of one's own", { rules: { FlinkJobFailed: { severity: "page" } } }, "severity"],
    ["quotes in a job", { jobs: ['a"b'] }, "jobs.0: a job name without quotes"],
    ["braces in a job", { jobs: ["a{b}"] }, "jobs.0: a job name without quotes"],
    ["a backslash in a job", { jobs: ["a\\b"] }, "jobs.0: a job name without quotes"],
    ["a line break in a job", { jobs: ["a\nb"] }, "jobs.0: a job name without quotes"],
    ["no job", { jobs: [""] }, "jobs.0"],
    ["a label that is none", { labels: { "a-b": "x" } }, "labels.a-b: a label name"],
    [
      "a selection by a label that not every series has",
      { selector: { job_name: ["x"] } },
      "selector.job_name: cluster or namespace; for jobs use alerts.jobs",
    ],
    ["a line break in a value", { selector: { cluster: ["x\ny"] } }, "one line of text"],
    ["no values", { selector: { namespace: [] } }, "selector.namespace"],
    ["a template in a label", { labels: { team: "{{ x }}" } }, "one line of text without {{"],
    [
      "a label that alerts have",
      { labels: { severity: "x" } },
      "labels.severity: a label that alerts do not have",
    ],
    ["an address with quotes", { runbooks: 'x"y' }, "an address without"],
    [
      "an address without port",
      { scrape: { outrider: ["localhost"] } },
      "an address such as jobmanager:9249",
    ],
    ["a URL for an address", { scrape: { outrider: ["http://a:1"] } }, "an address such as jobmanager:9249"],
    [
      "a cluster with quotes",
      { scrape: { flink: [{ cluster: 'a"', jobManagers: ["a:1"] }] } },
      "without quotes",
    ],
  ])("%s", (_, input, sentence) => {
    expect(problems(input)).toContain(sentence);
  });

  test.each([
    ["nothing at all", {}],
    ["an alert at once", { rules: { FlinkJobFailed: { for: "0s" } } }],
    ["job names with blanks and dots", { jobs: ["my job v1.2 (eu)"] }],
    ["a floor for sources", { rules: { FlinkSourceStalled: { recordsPerSecond: 100 } } }],
    ["IPv6", { scrape: { outrider: ["[::1]:8090"] } }],
  ])("but not %s", (_, input) => {
    expect(problems(input)).toBe("");
  });
});

import { describe, expect, test } from "vitest";
import {
  flink,
  isNot,
  labelNames,
  literally,
  matches,
  matchesNot,
  own,
  promDuration,
  promql,
  recorded,
  scraped,
  span,
} from "./promql.ts";

const by = labelNames(["cluster", "job_name"]);

describe("an expression", () => {
  test("is made of references, numbers, times and labels", () => {
    const restarts = flink("flink_jobmanager_job_numRestarts", { job_name: "orders" });
    const inner = promql`sum by (${by}) (increase(${restarts}[${span(900_000)}]))`;
    expect(promql`${inner} > ${2}`.text).toBe(
      'sum by (cluster, job_name) (increase(flink_jobmanager_job_numRestarts{job_name="orders"}[15m])) > 2',
    );
  });

  test("over several lines is one line", () => {
    expect(
      promql`
      ${scraped("up")}
        == 0
    `.text,
    ).toBe("up == 0");
  });

  test("does not compile with a misspelt name, or with a text", () => {
    const misspelt = [
      // @ts-expect-error not in the catalogue
      () => flink("flink_jobmanager_job_numRestart"),
      // @ts-expect-error not a series of ours
      () => own("outrider_nothing"),
      // @ts-expect-error not recorded by a rule
      () => recorded("flink:nothing"),
      // @ts-expect-error bare text is no metric
      () => promql`${"up"}`,
    ];
    expect(misspelt).toHaveLength(4);
  });

  test.each([
    ["exact", { a: "x" }, 'up{a="x"}'],
    ["others", { a: isNot("x"), b: matches("x|y"), c: matchesNot("z.*") }, 'up{a!="x", b=~"x|y", c!~"z.*"}'],
    ["with quotes, backslash and line break", { a: '"\\\n' }, 'up{a="\\"\\\\\\n"}'],
    ["of none", {}, "up"],
  ])("has matchers: %s", (_, matchers, text) => {
    expect(scraped("up", matchers).text).toBe(text);
  });

  const meter = flink("flink_taskmanager_job_task_numRecordsInPerSecond");
  const counter = flink("flink_taskmanager_job_task_numRecordsIn");
  const gauge = flink("flink_jobmanager_job_lastCheckpointDuration");
  const summary = flink("flink_taskmanager_job_task_mailboxLatencyMs");
  test.each([
    ["rate of a meter", () => promql`sum(rate(${meter}[5m]))`, "rate() of a meter"],
    ["rate of a gauge", () => promql`rate(${gauge}[5m])`, "rate() of a gauge"],
    ["delta of a counter", () => promql`delta(${counter}[5m])`, "delta() of a counter"],
    [
      "quantile of a summary",
      () => promql`histogram_quantile(${summary})`,
      "histogram_quantile() of a summary",
    ],
    [
      "rate of a rate",
      () => promql`rate(${recorded("flink:source_records_in:rate")}[5m])`,
      "rate() of a recorded",
    ],
    ["a number that is none", () => promql`${counter} > ${Number.NaN}`, "NaN"],
    ["a label that is none", () => labelNames(["a-b"]), '"a-b"'],
    [
      "a matcher's label that is none",
      () => flink("flink_jobmanager_numRunningJobs", { 'a"': "x" }),
      "a label name",
    ],
  ])("refuses %s", (_, make, sentence) => {
    expect(make).toThrow(sentence);
  });

  test.each([
    ["rate of a counter", () => promql`rate(${counter}[5m])`],
    ["own counters", () => promql`increase(${own("outrider_decisions_total")}[5m])`],
    ["slope of a gauge", () => promql`deriv(${gauge}[5m])`],
    ["mean of a meter", () => promql`avg_over_time(${meter}[5m])`],
  ])("allows %s", (_, make) => {
    expect(make).not.toThrow();
  });
});

test.each([
  [90_000, "90s"],
  [1_500, "1500ms"],
  [3_600_000, "1h"],
  [172_800_000, "2d"],
  [0, "1ms"],
  [0.4, "1ms"],
])("%d ms is %s", (ms, text) => {
  expect(promDuration(ms)).toBe(text);
});

test("a literal matches only itself", () => {
  const text = "a.b|c(d)[e]{f}*+?^$\\";
  expect(new RegExp(`^(?:${literally(text)})$`).test(text)).toBe(true);
  expect(new RegExp(`^(?:${literally("a.b")})$`).test("axb")).toBe(false);
});

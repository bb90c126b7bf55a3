import type { Alert } from "./alert.ts";

/** How Prometheus' template language shows the value, and what that comes to. */
const FORMATS = {
  percent: { template: "{{ $value | humanizePercentage }}", shown: percent },
  seconds: { template: "{{ $value | humanizeDuration }}", shown: duration },
  count: { template: '{{ printf "%.0f" $value }}', shown: (value: number) => value.toFixed(0) },
} as const;

/** The busiest task of the job that nobody holds back: what those before it wait for. */
const CULPRIT = [
  '{{ with printf "topk(1, flink:task_busy:ratio_max{cluster=%q, namespace=%q, job_name=%q}',
  ' unless on (cluster, namespace, job_name, task_id) (flink:task_backpressured:ratio_max > 0.1))"',
  " $labels.cluster $labels.namespace $labels.job_name | query }}",
  '{{ . | first | label "task_name" }}{{ else }}unknown{{ end }}',
].join("");

/** A text of an alert in Prometheus' template language. */
export function asTemplate(alert: Alert, text: string): string {
  return filled(text, (name) =>
    name === "value" ? FORMATS[alert.value].template : name === "culprit" ? CULPRIT : `{{ $labels.${name} }}`,
  );
}

/** What Prometheus makes of that template, for the tests. */
export function asShown(
  alert: Alert,
  text: string,
  labels: Readonly<Record<string, string>>,
  value: number,
  culprit = "unknown",
): string {
  return filled(text, (name) =>
    name === "value"
      ? FORMATS[alert.value].shown(value)
      : name === "culprit"
        ? culprit
        : (labels[name] ?? ""),
  );
}

const filled = (text: string, fill: (name: string) => string): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => fill(name));

/** Prometheus' humanizePercentage. */
function percent(value: number): string {
  return `${Number((value * 100).toPrecision(4))}%`;
}

/** Prometheus' humanizeDuration for a second or more. */
function duration(value: number): string {
  const whole = Math.trunc(value);
  const [days, hours] = [Math.trunc(whole / 86_400), Math.trunc(whole / 3_600) % 24];
  const [minutes, seconds] = [Math.trunc(whole / 60) % 60, whole % 60];
  if (days > 0) return `${days}d ${hours}h ${minutes}m ${seconds}s`;
  if (hours > 0) return `${hours}h ${minutes}m ${seconds}s`;
  if (minutes > 0) return `${minutes}m ${seconds}s`;
  return `${Number(value.toPrecision(4))}s`;
}

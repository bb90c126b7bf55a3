import { join } from "node:path";
import { type Child, HopelessError, startChild, tailOf, waitFor } from "../support/child.ts";
import { tool } from "../tools/build.ts";
import { configFile } from "./generated.ts";

/** What a real Prometheus is started with. */
export interface PrometheusOptions {
  readonly port: number;
  /** Folder that holds `prometheus.yml` and what it names; data and log are put there too. */
  readonly workDir: string;
}

/** One series of an instant vector. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A rule as Prometheus sees it after its evaluations. */
export interface EvaluatedRule {
  readonly group: string;
  readonly type: "alerting" | "recording";
  readonly name: string;
  readonly query: string;
  readonly health: "ok" | "err" | "unknown";
  readonly lastError?: string;
}

/** An alert that is pending or firing now. */
export interface ActiveAlert {
  readonly state: "pending" | "firing";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A target that Prometheus reads. */
export interface Target {
  readonly url: string;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A running Prometheus on loopback. */
export interface Prometheus {
  readonly url: string;
  readonly child: Child;
  /** An instant query, now; fails with Prometheus's own words. */
  query(expression: string): Promise<readonly Sample[]>;
  /** Names of all metrics that have been read or recorded. */
  metricNames(): Promise<ReadonlySet<string>>;
  rules(): Promise<readonly EvaluatedRule[]>;
  alerts(): Promise<readonly ActiveAlert[]>;
  targets(): Promise<readonly Target[]>;
  stop(): Promise<void>;
}

/** Starts a real Prometheus and returns once it answers. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const program = await tool("prometheus");
  const { workDir } = options;
  const child = startChild({
    name: "prometheus",
    command: program,
    args: [
      `--config.file=${join(workDir, configFile)}`,
      `--storage.tsdb.path=${join(workDir, "data")}`,
      `--web.listen-address=127.0.0.1:${options.port}`,
    ],
    cwd: workDir,
    logFile: join(workDir, "prometheus.log"),
  });
  const url = `http://127.0.0.1:${options.port}`;
  try {
    await waitFor("Prometheus is ready", 30_000, async () => {
      if (!child.running()) throw new HopelessError(`Prometheus ended: ${tailOf(child.logFile)}`);
      return (await fetch(`${url}/-/ready`)).ok ? true : undefined;
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { url, child, ...questionsTo(url), stop: () => child.stop() };
}

type Questions = Omit<Prometheus, "url" | "child" | "stop">;

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
}

function questionsTo(url: string): Questions {
  return {
    async query(expression) {
      const data = await ask<{
        readonly resultType: string;
        readonly result: readonly { metric: Record<string, string>; value: [number, string] }[];
      }>(url, "query", { query: expression });
      if (data.resultType === "scalar") {
        const [, value] = data.result as unknown as [number, string];
        return [{ labels: {}, value: numberFrom(value) }];
      }
      return data.result.map(({ metric, value }) => ({ labels: metric, value: numberFrom(value[1]) }));
    },
    async metricNames() {
      return new Set(await ask<readonly string[]>(url, "label/__name__/values"));
    },
    async rules() {
      const { groups } = await ask<{ groups: readonly { name: string; rules: readonly EvaluatedRule[] }[] }>(
        url,
        "rules",
      );
      return groups.flatMap(({ name, rules }) => rules.map((rule) => ({ ...rule, group: name })));
    },
    async alerts() {
      return (await ask<{ alerts: readonly ActiveAlert[] }>(url, "alerts")).alerts;
    },
    async targets() {
      const { activeTargets } = await ask<{
        activeTargets: readonly (Labelled & {
          scrapeUrl: string;
          health: Target["health"];
          lastError: string;
        })[];
      }>(url, "targets", { state: "active" });
      return activeTargets.map(({ scrapeUrl, health, lastError, labels }) => ({
        url: scrapeUrl,
        health,
        lastError,
        labels,
      }));
    },
  };
}

async function ask<T>(url: string, path: string, params: Readonly<Record<string, string>> = {}): Promise<T> {
  const search = new URLSearchParams(params);
  const reply = await fetch(`${url}/api/v1/${path}?${search}`, { signal: AbortSignal.timeout(20_000) });
  const body = (await reply.json()) as { status: string; data?: T; error?: string };
  if (body.status !== "success" || body.data === undefined) {
    throw new Error(`Prometheus refused ${path} ${search}: ${body.error ?? reply.status}`);
  }
  return body.data;
}

/** Prometheus writes `+Inf`, which JavaScript does not read. */
function numberFrom(text: string): number {
  return Number(text.replace(/Inf$/, "Infinity"));
}

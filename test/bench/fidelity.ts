/**
 * `npm run bench:fidelity`: rides the plans on real and on simulated Flink, prints the figures side by side and keeps
 * them in `docs/benchmarks/fidelity.{json,md}`. Differences are printed and marked; they never change the exit code.
 *
 *   -- --runs 3 --version 1.20.5 --version 2.3.0 --only real|simulated --plan overload --traces DIR --out DIR
 *      --port-base 18800 -o json
 *
 * A side that is not run keeps its numbers from the last time. With `--traces` what each run saw is kept in a folder,
 * and a run that is there already is not ridden again. A real run takes up to three minutes.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, sentenceOf } from "../../model/index.ts";
import { type FlinkVersion, flinkVersions } from "../real/flink/fetch.ts";
import { figuresOf } from "./fidelity-figures.ts";
import { startFlinkTarget } from "./fidelity-flink.ts";
import { FIDELITY_PLANS, type FidelityPlan } from "./fidelity-plan.ts";
import { renderReport } from "./fidelity-report.ts";
import { EMPTY_RESULT, type FidelityResult, jsonOf, KINDS, type Kind, withRuns } from "./fidelity-result.ts";
import { type FidelityTarget, ridePlan } from "./fidelity-run.ts";
import { startSimulatedTarget } from "./fidelity-simulated.ts";
import type { Trace } from "./fidelity-trace.ts";

const DOCS = join(import.meta.dirname, "../../docs/benchmarks");
const MOST_RUNS = 20;

interface Asked {
  readonly runs: number;
  readonly versions: readonly FlinkVersion[];
  readonly kinds: readonly Kind[];
  readonly plans: readonly FidelityPlan[];
  readonly traces: string | undefined;
  /** Folder of `fidelity.json` and `fidelity.md`. */
  readonly out: string;
  readonly json: boolean;
  /** First port of a real cluster. */
  readonly portBase: number;
}

async function main(): Promise<void> {
  const asked = askedIn(process.argv.slice(2));
  let result = keptResult(asked.out);
  for (const kind of asked.kinds) {
    for (const version of asked.versions) {
      for (const plan of asked.plans) {
        const runs = [];
        for (let run = 1; run <= asked.runs; run++) {
          const trace = await traceOf(asked, { kind, version, plan, run });
          runs.push(figuresOf(plan, trace));
        }
        const recorded = `${asked.runs} runs, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores`;
        result = withRuns(result, { plan: plan.name, kind, version, runs }, recorded);
      }
    }
  }
  mkdirSync(asked.out, { recursive: true });
  const json = jsonOf(result);
  writeFileSync(join(asked.out, "fidelity.json"), json);
  writeFileSync(join(asked.out, "fidelity.md"), renderReport(result));
  process.stdout.write(asked.json ? json : renderReport(result));
}

interface Ride {
  readonly kind: Kind;
  readonly version: FlinkVersion;
  readonly plan: FidelityPlan;
  /** From 1. */
  readonly run: number;
}

/** What one run saw: read from the folder of traces, or ridden now. */
async function traceOf(asked: Asked, ride: Ride): Promise<Trace> {
  const { kind, version, plan, run } = ride;
  const name = `${kind}-${version}-${plan.name}-${run}`;
  const file = asked.traces === undefined ? undefined : join(asked.traces, `${name}.json`);
  if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Trace;
  process.stderr.write(`${name}: ${plan.endS} s of ${kind} time\n`);
  const target = await startTarget(ride, asked.portBase);
  try {
    const trace = await ridePlan(plan, target);
    if (file !== undefined && asked.traces !== undefined) {
      mkdirSync(asked.traces, { recursive: true });
      writeFileSync(file, JSON.stringify(trace));
    }
    return trace;
  } finally {
    await target.close();
  }
}

/** Simulated runs differ by their seed. */
function startTarget({ kind, version, plan, run }: Ride, portBase: number): Promise<FidelityTarget> {
  return kind === "real"
    ? startFlinkTarget(version, plan, portBase)
    : startSimulatedTarget(version, plan, run);
}

function askedIn(args: readonly string[]): Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: "3" },
      version: { type: "string", multiple: true, default: [...flinkVersions] },
      only: { type: "string" },
      plan: { type: "string", multiple: true, default: FIDELITY_PLANS.map((p) => p.name) },
      traces: { type: "string" },
      out: { type: "string", default: DOCS },
      "port-base": { type: "string", default: "18800" },
      output: { type: "string", short: "o", default: "text" },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1 || runs > MOST_RUNS)
    throw new Failure("bad-request", `cannot run: --runs; got ${values.runs}; expected 1 to ${MOST_RUNS}`);
  return {
    runs,
    versions: values.version.map((v) => oneOf("--version", v, flinkVersions)),
    kinds: values.only === undefined ? KINDS : [oneOf("--only", values.only, KINDS)],
    plans: values.plan.flatMap((name) => {
      const known = FIDELITY_PLANS.map((p) => p.name);
      return FIDELITY_PLANS.filter((p) => p.name === oneOf("--plan", name, known));
    }),
    traces: values.traces,
    out: values.out,
    portBase: portIn(values["port-base"]),
    json: oneOf("--output", values.output, ["text", "json"] as const) === "json",
  };
}

function oneOf<T extends string>(option: string, got: string, known: readonly T[]): T {
  const found = known.find((k) => k === got);
  if (found !== undefined) return found;
  throw new Failure("bad-request", `cannot run: ${option}; got ${got}; expected ${known.join(" or ")}`);
}

function portIn(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1_024 && port <= 65_000) return port;
  throw new Failure("bad-request", `cannot run: --port-base; got ${text}; expected 1024 to 65000`);
}

function keptResult(folder: string): FidelityResult {
  const file = join(folder, "fidelity.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as FidelityResult) : EMPTY_RESULT;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 2;
}

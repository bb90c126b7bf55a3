import { z } from "zod";
import type { Instant } from "../../model/index.ts";
import { compileWorld } from "./compile-world.ts";
import type { World } from "./world.ts";
import { crossProblems, type Parts } from "./world-checks.ts";
import {
  formatPath,
  type JsonSchema,
  MAX_PROBLEMS,
  type Problem,
  refusal,
  toProblems,
} from "./world-problems.ts";
import { clusterSchema, jobSchema, MAX_JOBS, worldSchema } from "./world-schema.ts";
import { readYaml } from "./world-yaml.ts";

const EPOCH: Instant = Date.UTC(2026, 0, 1);
const WORLD_JSON_SCHEMA = z.toJSONSchema(worldSchema, { io: "input" }) as JsonSchema;

export interface ReadWorldOptions {
  /** Names the text in messages. */
  readonly file?: string | undefined;
  /** Wins over the seed in the text. */
  readonly seed?: number | undefined;
  /** 2026-01-01T00:00:00Z without it. */
  readonly epoch?: Instant | undefined;
}

/** The world that a YAML text describes; throws one `Failure("bad-config")` that names every problem. */
export function readWorld(text: string, options: ReadWorldOptions = {}): World {
  const name = options.file ?? "the world";
  const yaml = readYaml(text, name);
  const parsed = worldSchema.safeParse(yaml.value);
  const problems = parsed.success
    ? crossProblems(parsed.data)
    : [
        ...toProblems(parsed.error.issues, yaml.value, WORLD_JSON_SCHEMA, yaml.writtenAs),
        ...crossProblems(wellFormedParts(yaml.value)),
      ];
  if (!parsed.success || problems.length > 0) {
    // Finding a line takes a walk through the text, so only what is shown gets one.
    const shown = problems.slice(0, MAX_PROBLEMS);
    throw refusal(
      name,
      shown.map((problem) => sentence(problem, yaml.lineOf(problem.path))),
      problems.length,
    );
  }
  const { seed = parsed.data.seed, epoch = EPOCH } = options;
  return compileWorld(parsed.data, seed, epoch);
}

/** `line 7: jobs[0].vertices.work.cpuMs: got -1; expected at least 0` */
function sentence({ path, text }: Problem, line: number | undefined): string {
  return `${line === undefined ? "" : `line ${line}: `}${formatPath(path)}: ${text}`;
}

/** So that one look shows every problem, what is well-formed is checked although something else is not. */
function wellFormedParts(raw: unknown): Parts {
  const { cluster, jobs, trouble } = raw as Record<string, unknown>;
  const list = Array.isArray(jobs) ? jobs.slice(0, MAX_JOBS) : [undefined];
  return {
    cluster: clusterSchema.safeParse(cluster ?? {}).data,
    jobs: list.map((job) => jobSchema.safeParse(job).data),
    trouble: worldSchema.shape.trouble.safeParse(trouble).data ?? [],
  };
}

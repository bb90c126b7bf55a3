import { z } from "zod";
import { Failure, type Parallelism } from "../../../model/index.ts";
import { fitLive } from "../../whatif/fit-live.ts";
import { type FittedJob, MOST_VERTICES } from "../../whatif/fitted-job.ts";
import { type Question, whatIf } from "../../whatif/what-if.ts";
import { findJob, keyParams } from "../job.ts";
import { type HttpDeps, type Route, route } from "../route.ts";
import { answerSchema, fitSchema } from "./simulations-schema.ts";

/** A simulation shares its process with the passes over real jobs: one at a time, and not for ever. */
const MOST_MS = 60_000;
const MOST_MINUTES = 1_440;
let busy = false;

const simulationBody = z.strictObject({
  parallelism: z
    .record(z.string().max(1_000), z.number().int().min(1).max(32_768))
    .refine((p) => Object.keys(p).length <= MOST_VERTICES, `at most ${MOST_VERTICES} vertices`)
    .optional()
    .describe("Subtasks by vertex: its id, its name or a part of it that no other name has."),
  loadFactor: z.number().min(0).max(1_000).optional().describe("The present load times this."),
  load: z
    .array(z.object({ minute: z.number().min(0).max(MOST_MINUTES), rate: z.number().min(0).max(1e12) }))
    .min(1)
    .max(MOST_MINUTES + 1)
    .refine((points) => points.every((p, i) => i === 0 || p.minute > (points[i - 1]?.minute ?? -1)), {
      message: "expected minutes in ascending order",
    })
    .optional()
    .describe("Records/s at all sources together by minute from now, joined by straight lines."),
  minutes: z.number().int().min(1).max(MOST_MINUTES).default(60),
});

/** What would become of a job: simulated, nothing is touched. */
export const simulationRoutes: readonly Route[] = [
  route({
    id: "simulateJob",
    method: "post",
    path: "/api/v1/jobs/{key}/simulations",
    access: "viewer",
    tag: "simulations",
    summary: "What if: the job simulated as it is, and with another parallelism or load; nothing is touched",
    params: keyParams,
    body: simulationBody,
    reply: answerSchema,
    problems: [400, 404, 409, 503, 504],
    handle: async ({ params, body }, deps) => {
      const { fitted, config } = fitLive(deps, findJob(params.key, deps), deps.now());
      const question: Question = {
        ...body,
        parallelism: body.parallelism === undefined ? undefined : byId(fitted, body.parallelism),
      };
      return await alone(fitted, question, { config });
    },
  }),
  route({
    id: "getFit",
    method: "get",
    path: "/api/v1/jobs/{key}/fit",
    access: "viewer",
    tag: "simulations",
    summary: "What a simulation of the job is made of: what was learned of its graph, costs, load and pause",
    params: keyParams,
    reply: fitSchema,
    problems: [404, 409],
    handle: ({ params }, deps: HttpDeps) => fitLive(deps, findJob(params.key, deps), deps.now()).fitted,
  }),
];

async function alone(
  fitted: FittedJob,
  question: Question,
  options: Pick<Parameters<typeof whatIf>[2], "config">,
) {
  if (busy)
    throw new Failure(
      "throttled",
      "cannot simulate now: another simulation is running; ask again in a moment",
    );
  busy = true;
  const until = performance.now() + MOST_MS;
  try {
    const answer = await whatIf(fitted, question, { ...options, mayGoOn: () => performance.now() < until });
    const name = (id: string): string => fitted.vertices.find((v) => v.id === id)?.name ?? id;
    return {
      job: fitted.job,
      at: fitted.at,
      minutes: question.minutes,
      sentence: answer.sentence,
      courses: answer.courses.map((course) => ({
        ...course,
        parallelism: Object.fromEntries(Object.entries(course.parallelism).map(([id, p]) => [name(id), p])),
      })),
      assumed: fitted.assumed,
    };
  } finally {
    busy = false;
  }
}

/** Vertex ids of what people call the vertices. Throws `bad-request` where nobody, more than one, or one twice is meant. */
export function byId({ vertices }: Pick<FittedJob, "vertices">, named: Parallelism): Parallelism {
  const meant = new Map<string, string>();
  return Object.fromEntries(
    Object.entries(named).map(([text, p]) => {
      const exact = vertices.filter((v) => v.id === text || v.name === text);
      const part = vertices.filter((v) => v.name.toLowerCase().includes(text.toLowerCase()));
      const found = exact.length > 0 ? exact : part;
      const [only] = found;
      if (only !== undefined && found.length === 1) {
        const twice = meant.get(only.id);
        meant.set(only.id, text);
        if (twice === undefined) return [only.id, p];
        throw new Failure(
          "bad-request",
          `cannot simulate: got ${twice.slice(0, 100)} and ${text.slice(0, 100)}, which both mean ${only.name}; expected each vertex once`,
        );
      }
      const names = vertices
        .slice(0, 20)
        .map((v) => v.name)
        .join(", ");
      const got =
        found.length === 0 ? "which no vertex is called" : `which ${found.length} vertices are called`;
      throw new Failure(
        "bad-request",
        `cannot simulate: got ${text.slice(0, 100)}, ${got}; expected one of ${names}`,
      );
    }),
  );
}

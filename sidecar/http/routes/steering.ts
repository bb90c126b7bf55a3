import { z } from "zod";
import { Failure, formatInstant, type Instant } from "../../../model/index.ts";
import { findJob, keyParams } from "../job.ts";
import { announce, type Route, route } from "../route.ts";
import { modeSchema, pauseSchema } from "../schemas.ts";

/** A pause is a person's note to self; one that lasts longer than this was forgotten. */
const LONGEST_PAUSE_MS = 90 * 86_400_000;

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const pauseBody = z
  .strictObject({
    reason: z.string().trim().min(1).max(500),
    for: z.string().max(20).optional().describe("How long: `30m`, `2h`, `1d`. Either this or `until`."),
    until: z.iso.datetime({ offset: true }).optional().describe("The end: `2026-11-21T18:00:00Z`."),
  })
  .refine((b) => (b.for === undefined) !== (b.until === undefined), {
    message: "give either for or until",
  });

/** What people do to a job: pause, resume, set its mode. */
export const steeringRoutes: readonly Route[] = [
  route({
    id: "pauseJob",
    method: "post",
    path: "/api/v1/jobs/{key}/pause",
    access: "operator",
    tag: "steering",
    summary: "Keep Outrider from acting on a job for a while",
    params: keyParams,
    body: pauseBody,
    reply: pauseSchema,
    problems: [400, 404],
    handle: ({ params, body, caller }, deps) => {
      const job = findJob(params.key, deps).key;
      const from = deps.now();
      const until = endOf(from, body);
      const pause = { job, owner: caller.name, reason: body.reason, from, until };
      deps.store.setPause(pause);
      const sentence = `${caller.name} paused the job until ${formatInstant(until)}: ${body.reason}`;
      announce(deps, { at: from, job, type: "paused", severity: "info", sentence, decision: undefined });
      deps.wake();
      return pause;
    },
  }),
  route({
    id: "resumeJob",
    method: "post",
    path: "/api/v1/jobs/{key}/resume",
    access: "operator",
    tag: "steering",
    summary: "End a pause now",
    params: keyParams,
    reply: z.object({ job: z.string(), resumed: z.boolean().describe("False: it was not paused.") }),
    problems: [404],
    handle: ({ params, caller }, deps) => {
      const job = findJob(params.key, deps).key;
      const at = deps.now();
      const resumed = deps.store.endPause(job, at);
      if (resumed) {
        const sentence = `${caller.name} ended the pause`;
        announce(deps, { at, job, type: "resumed", severity: "info", sentence, decision: undefined });
        deps.wake();
      }
      return { job, resumed };
    },
  }),
  route({
    id: "setMode",
    method: "put",
    path: "/api/v1/jobs/{key}/mode",
    access: "admin",
    tag: "steering",
    summary: "Set the job's own mode, or remove it so that the configured one holds again",
    params: keyParams,
    body: z.strictObject({ mode: modeSchema.nullable().describe("Null: the configured mode.") }),
    reply: z.object({
      job: z.string(),
      mode: modeSchema.describe("The mode in force now."),
      own: modeSchema.nullable().describe("The job's own mode."),
    }),
    problems: [400, 404],
    handle: ({ params, body, caller }, deps) => {
      const job = findJob(params.key, deps).key;
      const at = deps.now();
      deps.store.setMode(job, body.mode, caller.name, at);
      const mode = deps.modeOf(job);
      const sentence = `${caller.name} set the mode to ${body.mode ?? `the configured one, ${mode}`}`;
      announce(deps, { at, job, type: "mode-changed", severity: "info", sentence, decision: undefined });
      deps.wake();
      return { job, mode, own: body.mode };
    },
  }),
];

function endOf(from: Instant, body: { for?: string | undefined; until?: string | undefined }): Instant {
  const until = body.until === undefined ? from + parseLength(body.for ?? "") : Date.parse(body.until);
  if (until <= from)
    throw new Failure("bad-request", `the pause would end in the past, at ${formatInstant(until)}`);
  if (until - from > LONGEST_PAUSE_MS) {
    throw new Failure(
      "bad-request",
      "a pause lasts 90 days at most; to keep Outrider from acting, set observe",
    );
  }
  return until;
}

/** `2h` → 7 200 000. */
function parseLength(text: string): number {
  const [, count, unit] = /^(\d{1,6}) ?(s|m|min|h|d)$/.exec(text.trim()) ?? [];
  const size = UNIT_MS[unit ?? ""];
  if (count === undefined || size === undefined) {
    throw new Failure("bad-request", `for: cannot read ${JSON.stringify(text)}; expected 30m, 2h or 1d`);
  }
  return Number(count) * size;
}

import { Failure, type Instant } from "../../../model/index.ts";
import type { SimulationClock } from "../clock.ts";
import type { JobProgress } from "../progress.ts";
import { readTrouble } from "../read-trouble.ts";
import { jobManagerPage, taskManagerPage } from "../reporter/page.ts";
import type { Trouble } from "../world.ts";
import { objectIn } from "./json-body.ts";
import { ok, plainError, type SimulatorReply } from "./reply.ts";
import { type Asked, type Route, route } from "./route.ts";

/** What only a simulated Flink can do; none of it is troubled by the world's trouble. */
export interface SimulatorControls {
  readonly clock: SimulationClock;
  /** Absent: the load is as the world says. Throws where there is no such job. */
  readonly setLoad?: (job: string, recordsPerSecond: number) => void;
  readonly operator?: SimulationOperator;
}

/** What a person who runs a simulation can do to it, and see in it beyond what Flink tells. */
export interface SimulationOperator {
  /** Throws where the trouble names a job or a file that there is not. */
  applyTrouble(trouble: Trouble): void;
  /** Every life of every job. */
  progress(): readonly JobProgress[];
}

export const CLOCK_PATH = "/simulator/clock";
const LONGEST_STEP_MS = 31 * 86_400_000;
const HIGHEST_RATE = 1e9;
const PAGE_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export function simulatorRoutes({ clock, setLoad, operator }: SimulatorControls): readonly Route[] {
  return [
    route("GET /simulator/clock", ({ desk }) => {
      const { mode, speed } = clock;
      return ok({ nowMs: desk.cluster.now(), mode, ...(speed === undefined ? {} : { speed }) });
    }),
    route("POST /simulator/clock", (asked) => advance(asked, clock)),
    route("POST /simulator/load", (asked) => load(asked, setLoad)),
    route("GET /simulator/jobs", () => ok({ jobs: operator?.progress() ?? [] })),
    route("POST /simulator/trouble", (asked) => trouble(asked, operator)),
    route("GET /simulator/reporter/jobmanager", ({ desk, query }) => page(jobManagerPage(desk, query))),
    route("GET /simulator/reporter/taskmanagers/:index", ({ desk, at, query }) => {
      const text = taskManagerPage(desk, Number(at["index"]), query);
      return text === undefined
        ? plainError(404, `There is no TaskManager ${at["index"]} that reports.`)
        : page(text);
    }),
  ];
}

const page = (text: string): SimulatorReply => ({ status: 200, body: text, contentType: PAGE_TYPE });

/** Where a clock request asks to go; undefined where it will be refused. */
export function steppedTo(body: string, now: Instant): Instant | undefined {
  const to = objectIn(body)?.["advanceToMs"];
  const valid = typeof to === "number" && Number.isFinite(to) && to >= now && to <= now + LONGEST_STEP_MS;
  return valid ? to : undefined;
}

function advance({ desk: { cluster }, body }: Asked, clock: SimulationClock): SimulatorReply {
  if (clock.mode !== "stepped") {
    return plainError(400, "This simulation's clock runs by itself; only a stepped one can be advanced.");
  }
  const to = objectIn(body)?.["advanceToMs"];
  const now = cluster.now();
  if (typeof to !== "number" || !Number.isFinite(to)) {
    return plainError(400, 'The body must be {"advanceToMs": T} with T in epoch milliseconds.');
  }
  if (to < now) return plainError(400, `advanceToMs is ${to}, which is before the simulation's now, ${now}.`);
  if (to > now + LONGEST_STEP_MS) {
    return plainError(
      400,
      `advanceToMs is ${to}, which is more than 31 days after the simulation's now, ${now}.`,
    );
  }
  cluster.advanceTo(to);
  return ok({ nowMs: cluster.now() });
}

function load({ desk: { cluster }, body }: Asked, setLoad: SimulatorControls["setLoad"]): SimulatorReply {
  if (setLoad === undefined) return plainError(400, "The load of this simulation is fixed by its world.");
  const { job, rate } = objectIn(body) ?? {};
  const isRate = typeof rate === "number" && rate >= 0 && rate <= HIGHEST_RATE;
  if (typeof job !== "string" || !isRate) {
    return plainError(
      400,
      'The body must be {"job": NAME, "rate": R} with R from 0 to 1e9 records per second.',
    );
  }
  if (!cluster.jobs.some((j) => j.plan.name === job)) {
    return plainError(404, "There is no job of that name in this simulation.");
  }
  setLoad(job, rate);
  return ok({});
}

/** What goes wrong now: an entry of a world's `trouble` without its `at`. */
function trouble({ body }: Asked, operator: SimulationOperator | undefined): SimulatorReply {
  if (operator === undefined) return plainError(400, "The trouble of this simulation is fixed by its world.");
  try {
    operator.applyTrouble(readTrouble(objectIn(body)));
    return ok({});
  } catch (error) {
    if (error instanceof Failure) return plainError(error.code === "not-found" ? 404 : 400, error.message);
    throw error;
  }
}

import type { World } from "../../engine/simulated/index.ts";
import { formatDuration, type Milliseconds } from "../../model/index.ts";

/** Something that happens in a simulated world: known to whoever runs it, never to Outrider's policy. */
export interface News {
  /** Since the world began. */
  readonly atMs: Milliseconds;
  readonly sentence: string;
}

/** A load is news when it differs this much from the one that was told last. */
const NEWS_SHARE = 0.25;
const SECOND: Milliseconds = 1_000;

const records = (n: number): string => Math.round(n).toLocaleString("en-US");

/**
 * Tells what happens second by second: call it with every second of the world, in order. A step of a load is told
 * at once, a ramp when it has come to its end, a smooth wave never.
 */
export function createNews(world: World): (atMs: Milliseconds) => readonly News[] {
  const loads = world.jobs.flatMap((job) =>
    job.vertices.flatMap(({ source }) =>
      source === undefined
        ? []
        : [{ job: job.name, rateAt: source.load.rateAt, told: source.load.rateAt(0) }],
    ),
  );
  const trouble = [...world.trouble];
  const limits = world.jobs.flatMap((job) => job.vertices.flatMap((v) => limitSentence(job.name, v)));
  return (atMs) => {
    const news = limits.splice(0);
    for (const load of loads) {
      const [before, now] = [load.rateAt(Math.max(0, atMs - SECOND)), load.rateAt(atMs)];
      const told = now === before || differs(before, now);
      if (!told || !differs(load.told, now)) continue;
      news.push(loadSentence(load.job, load.told, now));
      load.told = now;
    }
    while (trouble[0] !== undefined && trouble[0].atMs <= atMs) {
      const one = trouble.shift();
      if (one !== undefined) news.push(troubleSentence(world, one));
    }
    return news.map((sentence) => ({ atMs, sentence }));
  };
}

/** What will happen within `untilMs`, for people who want to know beforehand. O(seconds × sources). */
export function foretell(world: World, untilMs: Milliseconds): readonly News[] {
  const news = createNews(world);
  const all: News[] = [];
  for (let atMs = 0; atMs <= untilMs; atMs += SECOND) all.push(...news(atMs));
  return all;
}

/** A limit that lies outside Flink: nothing that Flink shows says so. */
function limitSentence(job: string, { name, cap }: World["jobs"][number]["vertices"][number]): string[] {
  if (cap === undefined) return [];
  return [
    `what is behind ${name} of ${job} takes at most ${records(cap)} records/s, whatever its parallelism`,
  ];
}

const differs = (a: number, b: number): boolean => Math.abs(a - b) > NEWS_SHARE * Math.min(a, b) + 1e-9;

function loadSentence(job: string, before: number, now: number): string {
  const way = now > before ? "rises" : "falls";
  const factor = now > before ? now / before : before / now;
  const times = before > 0 && now > before && factor >= 1.5 ? `, ${shortNumber(factor)} times as many` : "";
  return `the load of ${job} ${way} from ${records(before)} to ${records(now)} records/s${times}`;
}

const shortNumber = (n: number): string => String(Math.round(n * 10) / 10);

function troubleSentence(world: World, trouble: World["trouble"][number]): string {
  const nameOf = (job: string, id: string | undefined): string =>
    world.jobs.find((j) => j.name === job)?.vertices.find((v) => v.id === id)?.name ?? "all vertices";
  switch (trouble.kind) {
    case "task-manager-lost": {
      const { backAfterMs } = trouble;
      const back = backAfterMs === undefined ? "" : `; a new one comes after ${formatDuration(backAfterMs)}`;
      return `TaskManager ${trouble.taskManager} dies${back}`;
    }
    case "job-exception":
      return `${nameOf(trouble.job, trouble.vertex)} of ${trouble.job} throws ${lastPart(trouble.exception)}: ${trouble.message}${trouble.terminal === true ? "; Flink gives the job up" : ""}`;
    case "poison-record":
      return `a record that ${nameOf(trouble.job, trouble.vertex)} of ${trouble.job} cannot take lies ahead of it`;
    case "restart-loop":
      return `${nameOf(trouble.job, trouble.vertex)} of ${trouble.job} throws ${lastPart(trouble.exception)} again and again for ${formatDuration(trouble.forMs)}: ${trouble.message}`;
    case "job-manager-lost":
      return `the JobManager dies; another one answers after ${formatDuration(trouble.backAfterMs)}`;
    case "snapshot-damaged":
      return `the newest checkpoint of ${trouble.job} is spoilt (${trouble.damage})`;
    case "storage-down":
      return `the store of the checkpoints is down for ${formatDuration(trouble.forMs)}`;
    case "checkpoints-fail":
      return `checkpoints of ${trouble.job} fail for ${formatDuration(trouble.forMs)}`;
    case "sink-slow":
      return `the outside takes only ${records(trouble.cap)} records/s from ${nameOf(trouble.job, trouble.vertex)} of ${trouble.job} for ${formatDuration(trouble.forMs)}`;
    case "memory-pressure": {
      const where =
        trouble.taskManager === undefined ? "all TaskManagers" : `TaskManager ${trouble.taskManager}`;
      return `collectors stop the tasks of ${where} for ${Math.round(trouble.gcShare * 100)} % of ${formatDuration(trouble.forMs)}`;
    }
    case "metrics-missing":
      return `the metrics of ${nameOf(trouble.job, trouble.vertex)} of ${trouble.job} vanish for ${formatDuration(trouble.forMs)}`;
    case "rest-slow":
      return `Flink's REST API answers ${formatDuration(trouble.delayMs)} late for ${formatDuration(trouble.forMs)}`;
    case "rest-fails":
      return `Flink's REST API answers ${trouble.status} for ${formatDuration(trouble.forMs)}`;
  }
}

const lastPart = (className: string): string => className.split(".").at(-1) ?? className;

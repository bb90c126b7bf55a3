import { worldNamed } from "../../engine/simulated/index.ts";
import { type Instant, type JobKey, jobKey } from "../../model/index.ts";
import { type App, startApp } from "../app.ts";
import { type Config, loadConfig } from "../config/index.ts";
import { version } from "../version.ts";
import { limitNews } from "./limit-news.ts";
import { type SimulatedFlink, startSimulatedFlink, TOO_SLOW } from "./simulated-flink.ts";
import { makeStateFolder } from "./state-folder.ts";
import { Story, type StoryLine } from "./story.ts";
import { type DemoSummary, summarize } from "./summary.ts";
import { virtualClock } from "./virtual-clock.ts";
import { createNews } from "./world-news.ts";

export interface DemoOptions {
  /** Of API and console; 0 takes a free one. */
  readonly port: number;
  /** Virtual seconds per second. */
  readonly speed: number;
  /** Of the simulated Flink's noise; without it the world's own. */
  readonly seed?: number;
  /** Gets every line of the story as it happens. */
  readonly tell: (line: StoryLine) => void;
}

/** The suite beside a simulated Flink: everything but Flink is what `outrider run` starts. */
export interface Demo {
  /** Address of API and console. */
  readonly url: string;
  readonly flink: SimulatedFlink;
  readonly config: Config;
  /** Rejects with what ended it, resolves after `stop`. */
  readonly done: Promise<void>;
  summary(): DemoSummary;
  /** Ends Outrider, then its Flink. Idempotent. */
  stop(): Promise<void>;
}

const CLUSTER = "demo";
/** A person is asked before this job is changed: the demo's first decision to approve or to reject. */
const ASKED_FIRST = "*/orders";

/** This job fails for good, and Outrider knows how to start it. */
const BROUGHT_BACK = "*/invoices";

/** Starts Flink and Outrider. Throws `Failure("bad-config")` when the port is taken. */
export async function startDemo({ port, speed, seed, tell }: DemoOptions): Promise<Demo> {
  const state = makeStateFolder();
  const named = worldNamed("demo", { epoch: Date.now(), ...(seed === undefined ? {} : { seed }) });
  const world = { ...named, cluster: { ...named.cluster, storage: state.storage } };
  const tooSlow = (at: Instant): void => tell({ at, who: "world", tone: "hold", text: TOO_SLOW });
  const flink = await startSimulatedFlink({ world, port: 0, speed, tooSlow });
  const end = async (): Promise<void> => {
    await flink.close();
    state.remove();
  };
  const config = configOf(flink.url, port, state.jar);
  const clock = virtualClock(flink.now, speed);
  const app = await startApp(config, version, clock).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  tellStory(app, flink, tell);
  return {
    url: app.url,
    flink,
    config,
    done: app.done,
    summary: () => summarize(app.fleet.jobs(), app.store),
    stop: async () => {
      await app.stop();
      await end();
    },
  };
}

/** Defaults wherever possible: what is seen here is what `outrider run` does. */
function configOf(flinkUrl: string, port: number, jar: string): Config {
  const settings = {
    clusters: [{ name: CLUSTER, url: flinkUrl }],
    mode: "act",
    jobs: { [ASKED_FIRST]: { mode: "approve" }, [BROUGHT_BACK]: { recovery: { restore: { jar } } } },
    server: { port },
    store: { path: ":memory:" },
    // The story says it better, and a second voice would be in its way.
    log: { level: "silent" },
  };
  return loadConfig({ text: JSON.stringify(settings) }).config;
}

function tellStory(app: App, flink: SimulatedFlink, tell: (line: StoryLine) => void): void {
  const story = new Story({
    decision: (id) => app.store.decision(id),
    stateOf: (job) => app.fleet.job(job)?.state,
    addressOf: (job) => jobPage(app.url, job),
  });
  app.subscribe((event) => {
    const line = story.hear(event);
    if (line !== undefined) tell(line);
    const history = event.type === "outcome" ? app.store.decision(event.decision ?? "") : undefined;
    const limits = history === undefined ? [] : limitNews(flink.world, history);
    for (const text of limits) tell({ at: event.at, who: "world", tone: "world", text });
  });
  const news = createNews(flink.world);
  flink.everySecond((sinceStartMs) => {
    for (const { atMs, sentence } of news(sinceStartMs)) {
      tell({ at: flink.world.epoch + atMs, who: "world", tone: "world", text: `${sentence}.` });
    }
  });
}

const jobPage = (url: string, job: JobKey): string => `${url}/jobs/${encodeURIComponent(job)}`;

/** Key of a job of the demo. */
export const keyOfJob = (name: string): JobKey => jobKey({ cluster: CLUSTER, namespace: "default", name });

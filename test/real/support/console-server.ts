import { startApp } from "../../../sidecar/app.ts";
import { loadConfig } from "../../../sidecar/config/index.ts";
import { ensureConsole } from "../../../sidecar/ensure-console.ts";
import { type Trouble, TroubledFlink } from "../../support/troubled-flink.ts";

/** What a cluster of the server under test does, by its name. Every cluster runs one job, `orders`. */
interface Scene {
  readonly arrival: number;
  readonly parallelism?: number;
  readonly mode?: "observe" | "approve" | "act";
  readonly trouble?: Trouble;
}

/** One of every standing that an operator meets. */
const SCENES: Readonly<Record<string, Scene>> = {
  waiting: { arrival: 200 },
  second: { arrival: 180 },
  calm: { arrival: 30 },
  acting: { arrival: 30, mode: "act" },
  fixed: { arrival: 60, trouble: { kind: "not-adaptive" } },
  blind: { arrival: 40, trouble: { kind: "half-missing" } },
  looking: { arrival: 120, mode: "observe" },
};

export interface ConsoleServer {
  readonly url: string;
  /** Cluster name → its Flink, whose load and troubles a test may change. */
  readonly flinks: Readonly<Record<string, TroubledFlink>>;
  keyOf(cluster: string): string;
  stop(): Promise<void>;
}

const STEP_MS = 100;
/** So that jobs are steady when Outrider sees them first. */
const RAN_FOR_MS = 120_000;

/** A whole Outrider with its API and console, beside simulated Flinks whose time is ours. */
export async function startConsoleServer(options: {
  readonly port: number;
  readonly tokens?: readonly { name: string; role: "viewer" | "operator" | "admin"; value: string }[];
  readonly scenes?: readonly string[];
}): Promise<ConsoleServer> {
  await ensureConsole();
  const names = options.scenes ?? Object.keys(SCENES);
  const flinks = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await liveFlink(SCENES[name])] as const)),
  );
  const { config } = loadConfig({
    text: JSON.stringify({
      clusters: names.map((name) => ({ name, url: flinks[name]?.url })),
      mode: "approve",
      jobs: Object.fromEntries(names.map((name) => [keyOf(name), { mode: SCENES[name]?.mode ?? "approve" }])),
      interval: "500ms",
      server: { port: options.port },
      store: ":memory:",
      log: { level: "fatal" },
      autoscaler: { minWatch: "2s", stabilization: "1s", cooldownUp: "2s", scaleDownPatience: "60s" },
      ...(options.tokens === undefined ? {} : { tokens: options.tokens }),
    }),
  });
  let last = Date.now();
  const life = setInterval(() => {
    const passed = Math.floor((Date.now() - last) / STEP_MS) * STEP_MS;
    last += passed;
    for (const flink of Object.values(flinks)) flink.advance(passed);
  }, STEP_MS);
  const app = await startApp(config, "0.0.0-test");
  return {
    url: app.url,
    flinks,
    keyOf,
    stop: async () => {
      clearInterval(life);
      await app.stop();
      await Promise.all(Object.values(flinks).map((f) => f.close()));
    },
  };
}

const keyOf = (cluster: string): string => `${cluster}/default/orders`;

async function liveFlink(scene: Scene | undefined): Promise<TroubledFlink> {
  const { arrival = 30, parallelism = 1, trouble } = scene ?? {};
  const flink = new TroubledFlink({ parallelism, epoch: Date.now() - RAN_FOR_MS });
  flink.advance(RAN_FOR_MS);
  flink.arrival = arrival;
  flink.trouble = trouble;
  return await flink.listen();
}

import { type Milliseconds, sentenceOf } from "../../model/index.ts";
import { settingsOf } from "../config/index.ts";
import { type Demo, keyOfJob, startDemo } from "../demo/demo.ts";
import type { StoryLine } from "../demo/story.ts";
import { farewellText, lineText, type Screen, screenOf, welcomeText, widthOf } from "../demo/terminal.ts";
import { ensureConsole } from "../ensure-console.ts";
import { EXIT } from "./exit.ts";
import type { OutputFormat } from "./output.ts";
import { namingPort } from "./port-taken.ts";
import { untilStopped } from "./until-stopped.ts";

export interface DemoCommandOptions {
  readonly output: OutputFormat;
  readonly port: number;
  readonly speed: number;
  readonly seed?: number;
  /** Wall time; without it the demo runs until Ctrl-C. */
  readonly forMs?: Milliseconds;
}

/** `outrider demo`: the suite beside a simulated Flink, its story in the terminal. Returns the exit code. */
export async function demo(options: DemoCommandOptions): Promise<number> {
  const { output, port, speed, seed, forMs } = options;
  const json = output === "json";
  const to = json ? process.stderr : process.stdout;
  // Lines wait until the address and the welcome stand above them.
  const waiting: StoryLine[] = [];
  let tell = (line: StoryLine): void => void waiting.push(line);
  // Before the virtual clock starts: a build beside it would have Outrider look late and decide late.
  await ensureConsole().catch(sayNotBuilt);
  const started = performance.now();
  const running = await namingPort(port, () =>
    startDemo({ port, speed, ...(seed === undefined ? {} : { seed }), tell: (line) => tell(line) }),
  );
  try {
    // First, because whoever reads the address may send a signal at once.
    const stopped = untilStopped({ afterMs: forMs, done: running.done });
    to.write(`Outrider console: ${running.url}\n`);
    to.write(welcomeOf(running, speed, screenOf(to)));
    const { epoch } = running.flink.world;
    const width = widthOf(running.flink.world);
    tell = (line) => void to.write(`${lineText(line, epoch, width, screenOf(to))}\n`);
    for (const line of waiting.splice(0)) tell(line);
    await stopped;
    tell = () => {};
    const summary = running.summary();
    const virtualMs = running.flink.now() - epoch;
    to.write(farewellText(summary, performance.now() - started, virtualMs, screenOf(to)));
    if (json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return EXIT.yes;
  } finally {
    await running.stop();
  }
}

function welcomeOf({ flink, config }: Demo, speed: number, screen: Screen): string {
  const modeOf = (name: string) => settingsOf(config, keyOfJob(name)).mode;
  const startsAgain = (name: string) => settingsOf(config, keyOfJob(name)).recovery.restore !== null;
  return welcomeText({ world: flink.world, flinkUrl: flink.url, speed, modeOf, startsAgain }, screen);
}

/** The demo is worth something without its console, too. */
function sayNotBuilt(error: unknown): void {
  process.stderr.write(`warning: ${sentenceOf(error)}\n`);
}

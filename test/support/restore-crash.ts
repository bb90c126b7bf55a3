import { aFault, FailingFlink, type FailingFlinkOptions } from "./failing-flink.ts";
import { PASS_MS, Ride, type RideOptions } from "./ride.ts";

/** A fault, what Outrider does about it, and how long that takes at most. */
export interface CrashScenario {
  readonly options: FailingFlinkOptions;
  readonly settings: NonNullable<RideOptions["recovery"]>;
  /** Passes before the fault: until there is something to restore from. */
  readonly before: number;
  readonly harm: (flink: FailingFlink) => void;
  /** Submissions when all is over. */
  readonly submissions: number;
  readonly state: "RUNNING" | "CANCELED";
}

const LOOPING = { strategy: { kind: "fixed-delay", attempts: 1_000, delayMs: 500 } } as const;

export const SCENARIOS = {
  "the job failed": {
    options: {},
    settings: {},
    before: 4,
    harm: (flink) => flink.fail(),
    submissions: 1,
    state: "RUNNING",
  },
  "the JobManager was lost with the job": {
    options: { cluster: { heartbeatTimeoutMs: 4_000 } },
    settings: { deadMarginMs: 1_000 },
    before: 4,
    harm: (flink) => flink.harm({ kind: "job-manager-lost", backAfterMs: 3_000 }),
    submissions: 1,
    state: "RUNNING",
  },
  "the job loops over a broken checkpoint": {
    options: LOOPING,
    settings: {},
    before: 9,
    harm: (flink) => {
      flink.harm({ kind: "snapshot-damaged", job: flink.job.name, damage: "file-missing" });
      flink.harm({ ...aFault("boom"), kind: "job-exception" });
    },
    submissions: 1,
    state: "RUNNING",
  },
  "the job loops over a fault of its own": {
    options: { ...LOOPING, intervalMs: 7_000 },
    settings: { endLoopAfterMs: 4_000 },
    before: 6,
    harm: (flink) =>
      flink.harm({ ...aFault("always"), kind: "restart-loop", everyMs: 600, forMs: 3_600_000 }),
    submissions: 0,
    state: "CANCELED",
  },
} as const satisfies Record<string, CrashScenario>;

export type ScenarioName = keyof typeof SCENARIOS;
export const scenarioOf = (name: ScenarioName): CrashScenario => SCENARIOS[name];

/** A Flink in trouble, and the store of an Outrider that saw the job well and was ended before the trouble. */
export async function troubled(name: ScenarioName, storePath: string): Promise<FailingFlink> {
  const { options, before, harm } = scenarioOf(name);
  const flink = await new FailingFlink(options).listen();
  const ride = crashRide(flink, name, storePath);
  for (let i = 0; i < before; i++) await ride.round(flink.advance(PASS_MS));
  await ride.close();
  harm(flink);
  return flink;
}

export function crashRide(
  flink: Pick<FailingFlink, "url" | "spec">,
  name: ScenarioName,
  storePath: string,
  more: Partial<RideOptions> = {},
): Ride {
  const recovery = { ...scenarioOf(name).settings, restore: flink.spec };
  return new Ride({ clusters: { main: flink.url }, storePath, recovery, ...more });
}

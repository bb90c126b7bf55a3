import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { spread } from "../../sidecar/whatif/spread.ts";
import { type LoadFile, readLoadFile } from "./load-file.ts";

/** Recorded loads beside this checkout; without them the shapes below are measured. */
const TRACES = join(import.meta.dirname, "../../../shared/traces");
const STEP_MINUTES = 5;
const DAY = 288;
const SHAPE_DAYS = 14;
const NOISE = 0.03;

/** What is measured: the given files, else the recorded loads, else the shapes. Throws where a file is bad. */
export function loadsToMeasure(
  files: readonly string[],
  peakToMean: number | undefined,
): readonly LoadFile[] {
  const loads = files.length > 0 ? files.map(readLoadFile) : recorded();
  return peakToMean === undefined ? loads : loads.map((load) => spread(load, peakToMean));
}

function recorded(): readonly LoadFile[] {
  if (!existsSync(TRACES)) return shapes();
  const files = readdirSync(TRACES).filter((file) => file.endsWith(".csv"));
  return files.length === 0 ? shapes() : files.sort().map((file) => readLoadFile(join(TRACES, file)));
}

/** Two weeks of 5 minutes each, with 3 % noise, the same in every run. */
export function shapes(): readonly LoadFile[] {
  const sine = (i: number) => 1_000 * (1 + 0.6 * Math.sin((2 * Math.PI * i) / DAY));
  const walk = walkOf(SHAPE_DAYS * DAY);
  const courses: Readonly<Record<string, (i: number) => number>> = {
    step: (i) => (i < 9 * DAY ? 1_000 : 3_000),
    ramp: (i) => 1_000 + i / 2,
    sine,
    "sine-with-spikes": (i) => sine(i) * (i % 401 < 3 ? 3 : 1),
    "random-walk": (i) => walk[i] ?? 0,
  };
  return Object.entries(courses).map(([name, course]) => {
    const chance = chanceOf(name.length);
    const values = Array.from({ length: SHAPE_DAYS * DAY }, (_, i) => course(i) * (1 + NOISE * bell(chance)));
    return { name, stepMinutes: STEP_MINUTES, values };
  });
}

function walkOf(length: number): readonly number[] {
  const chance = chanceOf(99);
  let log = Math.log(1_000);
  return Array.from({ length }, () => {
    log += 0.02 * bell(chance) - 0.001 * (log - Math.log(1_000));
    return Math.exp(log);
  });
}

/** Even chances from 0 to 1 (Lehmer's generator), the same for one seed. */
function chanceOf(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const bell = (chance: () => number): number => (chance() + chance() + chance() - 1.5) * 2;

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { DrillFigures } from "../real/recovery/figures.ts";
import { missedBy, type RecoveryBench, renderRecovery } from "./recovery-report.ts";

/**
 * `npm run bench:recovery [-- --only WORDS] [--lines FILE] [--render]`: rides every drill on real Flink (half an hour)
 * and writes docs/benchmarks/recovery.json and the page beside it. `--only` rides the drills whose names match and
 * replaces their figures alone; `--lines` takes figures of earlier rides (what RECOVERY_FIGURES collected) in place of
 * a ride; `--render` only writes the page again. Ends with 1 where a drill failed or a goal is missed.
 */
const DOCS = join(import.meta.dirname, "../../docs/benchmarks");
const JSON_FILE = join(DOCS, "recovery.json");
const FILES = ["recovery", "recovery-processes", "recovery-store"].map((name) => `test/real/${name}.test.ts`);

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    lines: { type: "string" },
    render: { type: "boolean", default: false },
  },
});

let failed = false;
const figures = values.render ? [] : values.lines === undefined ? ride() : linesOf(values.lines);
const before = readBefore();
const at = new Date().toISOString().slice(0, 10);
const load = (loadavg()[2] ?? Number.NaN).toFixed(0);
const machine = `Node ${process.version}, ${cpus().length} cores, load average ${load} in the last 15 minutes`;
const bench: RecoveryBench = {
  at: values.render ? (before?.at ?? at) : at,
  machine: values.render ? (before?.machine ?? machine) : machine,
  drills: merged(before?.drills ?? [], figures),
};
if (!values.render) writeFileSync(JSON_FILE, `${JSON.stringify(bench, null, 2)}\n`);
writeFileSync(join(DOCS, "recovery.md"), renderRecovery(bench));
const missed = bench.drills.flatMap(missedBy);
for (const words of missed) process.stderr.write(`missed: ${words}\n`);
process.exitCode = failed || missed.length > 0 ? 1 : 0;

function ride(): readonly DrillFigures[] {
  const folder = mkdtempSync(join(tmpdir(), "outrider-bench-"));
  const lines = join(folder, "figures.jsonl");
  writeFileSync(lines, "");
  const only = values.only === undefined ? [] : ["-t", values.only];
  try {
    const { status } = spawnSync("vitest", ["run", "--project", "real", ...FILES, ...only], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, REAL_FULL: "1", RECOVERY_FIGURES: lines },
    });
    failed = status !== 0;
    return linesOf(lines);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function linesOf(file: string): readonly DrillFigures[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as DrillFigures);
}

function readBefore(): RecoveryBench | undefined {
  try {
    return JSON.parse(readFileSync(JSON_FILE, "utf8")) as RecoveryBench;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Newer figures of a drill replace older ones in their place. */
function merged(old: readonly DrillFigures[], fresh: readonly DrillFigures[]): readonly DrillFigures[] {
  const byName = new Map([...old, ...fresh].map((drill) => [`${drill.drill} ${drill.version}`, drill]));
  return [...byName.values()];
}

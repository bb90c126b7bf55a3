import { spawnSync } from "node:child_process";

/**
 * `npm run test:real [-- --full] [-- filter …]`: the tests on real components, one file after the other.
 * Without `--full` one pass per Flink version; with it also the long ones.
 */
const args = process.argv.slice(2);
const full = args.includes("--full");
const { status } = spawnSync("vitest", ["run", "--project", "real", ...args.filter((a) => a !== "--full")], {
  stdio: "inherit",
  env: { ...process.env, ...(full ? { REAL_FULL: "1" } : {}) },
});
process.exitCode = status ?? 1;

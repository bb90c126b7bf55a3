import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Findings } from "../../model/index.ts";
import { startCluster } from "./flink/cluster.ts";
import { startLoadJob } from "./flink/load.ts";
import { type Child, startChild, waitFor } from "./support/child.ts";
import { type Ended, runProgram } from "./support/program.ts";

const checkout = join(import.meta.dirname, "../..");
const PORTS = { flink: 19160, outrider: 19168 };

let root: string;
/** Where the bundle lies, as in an image: nothing of the checkout is above it. */
let app: string;
/** Where it is started: an empty folder. */
let empty: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "outrider-bundle-"));
  app = join(root, "app");
  empty = join(root, "empty");
  mkdirSync(empty);
  const built = await runProgram(process.execPath, [join(checkout, "scripts/bundle.ts"), "--out", app], {
    cwd: checkout,
    timeoutMs: 300_000,
  });
  if (built.status !== 0) throw new Error(`the bundle cannot be built: ${built.stderr}`);
}, 310_000);

afterAll(() => {
  if (root !== undefined) rmSync(root, { recursive: true, force: true });
});

test("the bundle is small, has no packages beside it, and starts with Node alone", async () => {
  const files = readdirSync(app, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  expect(files.filter((e) => e.parentPath.includes("node_modules"))).toEqual([]);
  const megabytes = files.reduce((sum, e) => sum + statSync(join(e.parentPath, e.name)).size, 0) / 1e6;
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    const { status, stderr } = await outrider("--version");
    times.push(performance.now() - start);
    expect([status, stderr]).toEqual([0, ""]);
  }
  const median = times.toSorted((a, b) => a - b)[2] ?? Number.NaN;
  process.stdout.write(
    `bundle: ${files.length} files, ${megabytes.toFixed(1)} MB, --version in ${Math.round(median)} ms\n`,
  );
  expect(megabytes).toBeLessThan(10);
});

describe("beside a real Flink", () => {
  test("doctor, run, API and console work", async () => {
    const cluster = await startCluster({ version: "2.3.0", portBase: PORTS.flink });
    let child: Child | undefined;
    try {
      await startLoadJob(cluster, { rate: 50, args: { checkpoint: "off" } });
      const { status, stdout } = await outrider("doctor", "--url", cluster.restUrl, "-o", "json");
      const { findings } = JSON.parse(stdout) as Findings;
      expect(findings.map((f) => f.code)).toContain("checkpointing-off");
      expect(status).toBe(1);

      const url = `http://127.0.0.1:${PORTS.outrider}`;
      child = startChild({
        name: "bundle",
        command: process.execPath,
        args: [main(), "run", "--url", cluster.restUrl, "--port", `${PORTS.outrider}`],
        cwd: empty,
        logFile: join(root, "run.log"),
      });
      await waitFor("the bundle is ready", 20_000, async () =>
        (await fetch(`${url}/readyz`)).ok ? true : undefined,
      );
      const jobs = await waitFor("the bundle sees the job", 20_000, async () => {
        const { items } = (await (await fetch(`${url}/api/v1/jobs`)).json()) as { items: readonly unknown[] };
        return items.length > 0 ? items : undefined;
      });
      expect(jobs).toHaveLength(1);
      const page = await fetch(url);
      expect(page.headers.get("content-type")).toContain("text/html");
      expect(await page.text()).toContain("<script");
    } finally {
      await child?.stop();
      await cluster.stop();
    }
  });
});

const main = () => join(app, "server/outrider.js");

/** The bundle's command line, in the empty folder, without what a checkout or npm sets. */
function outrider(...args: readonly string[]): Promise<Ended> {
  return runProgram(process.execPath, [main(), ...args], {
    cwd: empty,
    env: { NODE_PATH: "", NODE_OPTIONS: "" },
  });
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type Browser, chromium } from "playwright-core";

/**
 * `npm run screenshots [-- --url http://127.0.0.1:8090 --job KEY --out FOLDER]`: the console's pictures for the
 * documentation. Without `--url` it starts the demo. Needs Chromium.
 */
const ROOT = join(import.meta.dirname, "..");
const DEMO = ["sidecar/main.ts", "demo", "--port", "8192"];
/** In the demo a load step is answered by then, and a decision waits for a person. */
const SETTLE_MS = 10_500;
const MOST_BYTES = 200_000;

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    job: { type: "string", default: "demo/default/payments" },
    out: { type: "string", default: join(ROOT, "docs/images") },
    settle: { type: "string", default: String(SETTLE_MS) },
  },
});

async function main(): Promise<void> {
  const server = values.url === undefined ? await startDemo() : undefined;
  const url = values.url ?? server?.url ?? "";
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    await new Promise((resolve) => setTimeout(resolve, Number(values.settle)));
    mkdirSync(values.out, { recursive: true });
    for (const theme of ["dark", "light"] as const) {
      await shoot(browser, `${url}/`, theme, "fleet");
      await shoot(browser, `${url}/jobs/${encodeURIComponent(values.job)}`, theme, "job");
    }
  } finally {
    await browser.close();
    server?.stop();
  }
}

async function shoot(browser: Browser, url: string, theme: "dark" | "light", name: string): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: name === "job" ? 1440 : 720 },
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator(name === "job" ? "svg.graph" : "table.fleet").waitFor();
  await page.waitForTimeout(1_500);
  const path = join(values.out, `console-${name}-${theme}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  process.stderr.write(`${path}: ${Math.round(size / 1_000)} kB${size > MOST_BYTES ? ", too large" : ""}\n`);
  if (size > MOST_BYTES) process.exitCode = 1;
  await context.close();
}

/** The demo says its address in its first line. */
async function startDemo(): Promise<{ url: string; stop: () => void }> {
  const child = spawn(process.execPath, DEMO, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", () => {});
  const [first] = (await once(lines, "line")) as [string];
  const url = /^Outrider console: (\S+)$/.exec(first)?.[1];
  if (url === undefined) throw new Error(`the demo did not say its address; it said ${first}`);
  return { url, stop: () => child.kill() };
}

await main();

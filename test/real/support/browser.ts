import { execFileSync } from "node:child_process";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Starts Chromium: the one that `CHROMIUM` names, else the one on the path. Fails with a sentence without it. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
}

function findChromium(): string {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") return named;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // The next name.
    }
  }
  throw new Error("the tests of the console need Chromium: apt-get install chromium, or name it in CHROMIUM");
}

/** A page that writes down whatever must not happen. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the console (violations of the policy among them), thrown errors, requests to elsewhere. */
  readonly wrongs: string[];
  close(): Promise<void>;
}

export async function openPage(
  browser: Browser,
  origin: string,
  options: { readonly theme?: "light" | "dark"; readonly width?: number; readonly height?: number } = {},
): Promise<WatchedPage> {
  const { theme = "light", width = 1280, height = 900 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: "reduce",
    baseURL: origin,
  });
  const page = await context.newPage();
  const wrongs: string[] = [];
  page.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning") wrongs.push(`console: ${m.text()}`);
  });
  page.on("pageerror", (e) => wrongs.push(`thrown: ${e.message}`));
  page.on("dialog", (d) => wrongs.push(`a script asked: ${d.message()}`));
  page.on("request", (r) => {
    if (!r.url().startsWith(`${origin}/`) && !r.url().startsWith("data:"))
      wrongs.push(`request to ${r.url()}`);
  });
  return { page, context, wrongs, close: () => context.close() };
}

/** What axe finds that shuts somebody out, one line a finding. */
export async function barriersOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary ?? ""}`));
}

/** Whether something sticks out to the right, so that the whole page would have to be scrolled sideways. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1");
}

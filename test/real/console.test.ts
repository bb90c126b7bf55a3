import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CONSOLE_FOLDER } from "../../sidecar/ensure-console.ts";
import { barriersOf, openPage, overflows, startBrowser, type WatchedPage } from "./support/browser.ts";
import { aJob, answerWith, aWideTopology, ODD_KEY } from "./support/console-replies.ts";
import { type ConsoleServer, startConsoleServer } from "./support/console-server.ts";

/** The console in a real browser, served by a real Outrider; ports 8193 to 8196. */
const MOST_BYTES = 120_000;
let browser: Browser;
let server: ConsoleServer;
const opened: WatchedPage[] = [];

beforeAll(async () => {
  browser = await startBrowser();
  server = await startConsoleServer({ port: 8193 });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  const wrongs = opened.flatMap((o) => o.wrongs);
  await Promise.all(opened.splice(0).map((o) => o.close()));
  expect(wrongs).toEqual([]);
});

async function open(path: string, options: Parameters<typeof openPage>[2] = {}, origin = server.url) {
  const watched = await openPage(browser, origin, options);
  opened.push(watched);
  await watched.page.goto(path);
  return watched;
}
const jobPath = (cluster: string): string => `/jobs/${encodeURIComponent(server.keyOf(cluster))}`;

/** The page of the newest decision to act of a cluster's job. */
async function decisionPath(cluster: string): Promise<string> {
  for (;;) {
    const reply = await fetch(`${server.url}/api/v1/jobs/${encodeURIComponent(server.keyOf(cluster))}`);
    const { newest } = (await reply.json()) as { newest?: { id: string; acts: boolean } | null };
    if (newest?.acts === true) return `${jobPath(cluster)}/decisions/${newest.id}`;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

it("weighs little", () => {
  const files = readdirSync(join(CONSOLE_FOLDER, "assets")).map((f) => join(CONSOLE_FOLDER, "assets", f));
  const bytes = [join(CONSOLE_FOLDER, "index.html"), ...files].reduce(
    (sum, file) => sum + gzipSync(readFileSync(file)).length,
    0,
  );
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

describe("every view", () => {
  const views: readonly (readonly [string, () => string | Promise<string>, string])[] = [
    ["fleet", () => "/", "table.fleet tbody tr"],
    ["job", () => jobPath("second"), "svg.graph .vertex"],
    ["decision", () => decisionPath("looking"), ".guards li"],
    ["events", () => "/events", ".event"],
    ["clusters", () => "/clusters", "tbody tr"],
    ["no page", () => "/jobs/unknown%2Fdefault%2Fjob", "h1"],
  ];
  const themes = ["light", "dark"] as const;
  const all = views.flatMap(([name, path, ready]) => themes.map((theme) => ({ name, path, ready, theme })));

  it.each(all)(
    "$name, $theme, shuts nobody out, and fits a narrow screen",
    async ({ path, ready, theme }) => {
      const { page, wrongs } = await open(await path(), { theme });
      await page.locator(ready).first().waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      expect(await barriersOf(page)).toEqual([]);
      expect(await overflows(page)).toBe(false);
      await page.setViewportSize({ width: 380, height: 800 });
      await expect.poll(() => overflows(page)).toBe(false);
      expect(await page.locator(ready).first().isVisible()).toBe(true);
      forgive(wrongs, /404/);
    },
  );

  it("can be switched to the other theme, which is remembered", async () => {
    const { page } = await open("/", { theme: "light" });
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await ground();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByText("Dark", { exact: true }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.locator("table.fleet").waitFor();
    expect(await ground()).toBe(dark);
  });

  it("is found again at its address after a reload", async () => {
    const { page } = await open("/");
    await page.locator("tr", { hasText: "looking / default" }).getByRole("link").click();
    await page.getByRole("heading", { level: 1, name: "orders" }).waitFor();
    await page.getByRole("link", { name: "Details" }).first().click();
    await page.getByRole("heading", { name: "The numbers it stands on" }).waitFor();
    const address = page.url();
    await page.reload();
    await page.getByRole("heading", { name: "The numbers it stands on" }).waitFor();
    expect(page.url()).toBe(address);
    await page.goBack();
    await page.getByRole("heading", { name: "Over time" }).waitFor();
  });
});

describe("the fleet", () => {
  it("puts first who needs a person, and filters", async () => {
    const { page } = await open("/");
    await page.locator("tr", { hasText: "Needs approval" }).first().waitFor();
    const order = await page.locator("tbody tr .badge").allInnerTexts();
    const place = (label: string) => order.findIndex((text) => text.includes(label));
    expect(place("Needs approval")).toBeLessThan(place("Needs a person"));
    expect(place("Needs a person")).toBeLessThan(place("Not assessed"));
    expect(place("Not assessed")).toBeLessThan(place("Well"));
    await page.getByLabel("Filter jobs").fill("not assessed");
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
  });
});

describe("a person", () => {
  it("approves, and the job is rescaled", async () => {
    const { page } = await open(jobPath("waiting"));
    await page.getByRole("button", { name: "Approve …" }).click();
    const dialog = page.getByRole("dialog", { name: "Approve this rescale?" });
    const named = await dialog.locator("code").innerText();
    const sent = page.waitForRequest((r) => r.url().endsWith("/approve"));
    await dialog.getByRole("button", { name: "Approve", exact: true }).click();
    expect((await sent).url()).toContain(`/${named}/`);
    await page.locator(".decision .badge", { hasText: "Reached" }).first().waitFor({ timeout: 30_000 });
    expect(server.flinks["waiting"]?.changes.length).toBeGreaterThanOrEqual(1);
    await page.locator("a.mark:not(.undone)").first().waitFor({ state: "attached" });
  });

  it("rejects with a reason", async () => {
    const { page } = await open(jobPath("second"));
    await page.getByRole("button", { name: "Reject …" }).click();
    const dialog = page.getByRole("dialog", { name: "Reject this decision?" });
    await dialog.getByLabel("Reason").fill("not during the sale");
    await dialog.getByRole("button", { name: "Reject" }).click();
    await page.locator(".story", { hasText: "not during the sale" }).first().waitFor();
    expect(server.flinks["second"]?.changes).toEqual([]);
  });

  it("pauses with a reason and an end, and resumes; a length that makes no sense is refused in words", async () => {
    const { page, wrongs } = await open(jobPath("calm"));
    await page.getByRole("button", { name: "Pause …" }).click();
    const dialog = page.getByRole("dialog", { name: "Pause this job?" });
    await dialog.getByLabel("Reason").fill("release");
    await dialog.getByLabel("For", { exact: true }).fill("a while");
    await dialog.getByRole("button", { name: "Pause" }).click();
    await dialog.getByRole("alert").filter({ hasText: "expected 30m, 2h or 1d" }).waitFor();
    await dialog.getByRole("button", { name: "8h" }).click();
    await dialog.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByText("Paused by local").waitFor();
    await page.getByText("release").waitFor();
    await page.getByRole("button", { name: "Resume now" }).click();
    await page.getByRole("button", { name: "Pause …" }).waitFor();
    forgive(wrongs, /400/);
  });

  it("sets the mode, after a question that Escape answers with no", async () => {
    const { page } = await open(jobPath("looking"));
    const act = page.getByRole("button", { name: "act", exact: true });
    await act.click();
    await page.getByRole("dialog", { name: "Set the mode to act?" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(await act.getAttribute("aria-pressed")).toBe("false");
    expect(server.flinks["looking"]?.puts).toBe(0);
    await page.getByRole("button", { name: "approve", exact: true }).click();
    await page.getByRole("button", { name: "Set approve" }).click();
    await page.getByRole("heading", { name: "This waits for you" }).waitFor();
  });

  it("reaches everything with the keyboard alone", async () => {
    const { page } = await open("/");
    await page.locator("table.fleet").waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("To the content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Over time" }).waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
  });
});

describe("events", () => {
  it("come by themselves while one looks", async () => {
    const { page } = await open("/events");
    await page.locator(".event").first().waitFor();
    const key = encodeURIComponent(server.keyOf("fixed"));
    const reason = `seen live ${Date.now()}`;
    const reply = await fetch(`${server.url}/api/v1/jobs/${key}/pause`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ for: "1h", reason }),
    });
    expect(reply.status).toBe(200);
    await page.locator(".event", { hasText: reason }).waitFor();
  });
});

it("a lost stream is told calmly, old data stays and says its age, and all comes back", async () => {
  const mine = { port: 8194, scenes: ["calm"] };
  let alone = await startConsoleServer(mine);
  try {
    const { page, wrongs } = await open("/", {}, alone.url);
    await page.locator("tbody tr").waitFor();
    await alone.stop();
    await page.getByText(/trying again in \d+ s/).waitFor();
    await page.getByText("Jobs as of").waitFor();
    expect(await page.locator("tbody tr").count()).toBe(1);
    alone = await startConsoleServer(mine);
    await page.getByText("Live", { exact: true }).waitFor();
    await expect.poll(() => page.getByText("Jobs as of").count(), { timeout: 10_000 }).toBe(0);
    await page.close();
    forgive(wrongs, /ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY/);
  } finally {
    await alone.stop();
  }
});

it("a token is asked for where there are tokens, and what it may not do is said", async () => {
  const tokens = [{ name: "ann", role: "viewer", value: "let-me-look-1234" }] as const;
  const closed = await startConsoleServer({ port: 8195, scenes: ["calm"], tokens });
  try {
    const { page, wrongs } = await open("/", {}, closed.url);
    await page.getByText("This Outrider wants a token.").waitFor();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByLabel("Token").fill("let-me-look-1234");
    await page.getByRole("button", { name: "Use" }).click();
    await page.keyboard.press("Escape");
    await page.locator("tbody tr").getByRole("link").click();
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("button", { name: "observe" }).click();
    await page.getByRole("button", { name: "Set observe" }).click();
    await page.getByText("the token ann has the role viewer; this needs admin").waitFor();
    await page.close();
    forgive(wrongs, /401|403/);
  } finally {
    await closed.stop();
  }
});

describe("what is odd looks right", () => {
  it("names are text, however they are spelt", async () => {
    const { page, wrongs } = await open("about:blank", { width: 380 });
    await answerWith(page, { "/jobs": { items: [aJob({ key: ODD_KEY })], next: null } });
    await page.goto("/");
    await page.getByText('<script>alert("x")</script>', { exact: false }).waitFor();
    await page.getByText("<b>nothing</b>", { exact: false }).waitFor();
    expect(await overflows(page)).toBe(false);
    expect(wrongs).toEqual([]);
  });

  it.each([1280, 400])("a small graph hides no vertex, %i wide", async (width) => {
    const { page } = await open(jobPath("calm"), { width });
    await page.locator(".vertex").first().waitFor();
    const hidden = "(a => a.scrollHeight - a.clientHeight)(document.querySelector('.graph-scroll'))";
    expect(await page.evaluate(hidden)).toBeLessThanOrEqual(2);
    expect(await page.locator(".graph-hint").count()).toBe(0);
  });

  it("an address that is none gets the console's own page, with its status", async () => {
    const { page, wrongs } = await open("about:blank");
    const reply = await page.goto("/nonsense");
    expect(reply?.status()).toBe(404);
    await page.getByRole("heading", { name: "Nothing here" }).waitFor();
    forgive(wrongs, /404/);
  });

  it.each([1280, 380])("a graph of 200 vertices without numbers, %i wide", async (width) => {
    const { page } = await open("about:blank", { width });
    const path = encodeURIComponent(ODD_KEY);
    await answerWith(page, {
      "/topology": aWideTopology(200),
      "/history": { items: [], next: null },
      "/decisions": { items: [], next: null },
      "/explain": { wouldChange: [], said: null, decision: null },
      "/snapshots": { items: [], next: null, choice: { snapshot: null, sentence: "none is known" } },
      [`/${path}`]: aJob({ key: ODD_KEY }),
    });
    await page.goto(`/jobs/${path}`);
    await expect.poll(() => page.locator(".vertex").count(), { timeout: 20_000 }).toBe(200);
    await page.getByText("Nothing was decided yet.").waitFor();
    await page.getByText("The graph goes on: scroll it").waitFor();
    expect(await overflows(page)).toBe(false);
  });

  it("an empty fleet, and a job without a graph", async () => {
    const { page, wrongs } = await open("about:blank");
    await answerWith(page, { "/jobs": { items: [], next: null }, "%2Forders": aJob() });
    await page.goto("/");
    await page.getByText("No jobs yet.").waitFor();
    await page.route("**/topology", (r) =>
      r.fulfill({ status: 409, json: { code: "conflict", detail: "the topology is not known yet" } }),
    );
    await page.goto(`/jobs/${encodeURIComponent("prod/default/orders")}`);
    await page.getByText("The graph is not known yet").waitFor();
    forgive(wrongs, /404|409/);
  });
});

it("what the policy forbids would be seen by these tests", async () => {
  const { page, wrongs } = await open("/clusters");
  await page.evaluate(`{
    const style = document.createElement("style");
    style.textContent = "body { color: red }";
    document.head.append(style);
    document.body.setAttribute("onclick", "alert(1)");
  }`);
  await expect.poll(() => wrongs.length).toBe(2);
  expect(wrongs.join("\n")).toContain("Content Security Policy");
  wrongs.splice(0);
});

/** A status that the test provoked is written to the console by the browser itself. */
function forgive(wrongs: string[], expected: RegExp): void {
  const rest = wrongs.filter((w) => !(w.startsWith("console: Failed to load resource") && expected.test(w)));
  wrongs.splice(0, wrongs.length, ...rest);
}

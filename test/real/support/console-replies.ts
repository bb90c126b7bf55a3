import type { Page } from "playwright-core";

/** Replies of the API that no double of Flink gives: what names and graphs in the wild look like. */
export const ODD_KEY =
  'prod/default/<script>alert("x")<%2Fscript> & \'quotes\' "and" a very long name that goes on and on and on ünïcödé';

const ID = (n: number): string => n.toString(16).padStart(32, "0");

export function aJob(changes: Record<string, unknown> = {}) {
  return {
    key: "prod/default/orders",
    cluster: "prod",
    flinkJobId: ID(1),
    state: "RUNNING",
    mode: "observe",
    pause: null,
    verdict: "metric-missing",
    sentence: "Hold: <b>nothing</b> is known.",
    parallelism: {},
    wanted: null,
    lagRecords: null,
    arrivalRate: null,
    decision: null,
    lastPassAt: null,
    newest: null,
    diagnosis: null,
    restorePoint: null,
    ...changes,
  };
}

/** Three followers a vertex; every number is missing. */
export function aWideTopology(count: number) {
  const vertex = (i: number) => ({
    id: ID(i),
    name:
      i === 0 ? "<img src=x onerror=alert(1)>" : `Window(TumblingEventTimeWindows(60000), CountTrigger) ${i}`,
    parallelism: 1 + (i % 64),
    maxParallelism: 128,
    slotSharingGroup: "default",
    inRate: i % 2 === 0 ? null : 1_234_567,
    outRate: null,
    busyShare: i % 2 === 0 ? null : (i % 100) / 100,
    backPressuredShare: i % 2 === 0 ? null : 0,
    pendingRecords: null,
  });
  return {
    job: ODD_KEY,
    at: Date.now(),
    vertices: Array.from({ length: count }, (_, i) => vertex(i)),
    edges: Array.from({ length: Math.max(0, count - 1) }, (_, i) => ({
      from: ID(Math.floor(i / 3)),
      to: ID(i + 1),
      ship: "HASH",
      inFlight: null,
    })),
  };
}

/** Answers requests of the page whose path ends so, in the place of the server. */
export async function answerWith(page: Page, replies: Readonly<Record<string, unknown>>): Promise<void> {
  await page.route("**/api/v1/**", async (route) => {
    const path = new URL(route.request().url()).pathname;
    const known = Object.entries(replies).find(([end]) => path.endsWith(end));
    if (known === undefined) await route.continue();
    else await route.fulfill({ json: known[1] });
  });
}

import { request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { aDecision, aJob, type FakeProcess, NOW, ORDERS, startFake } from "./fake-process.ts";
import { openApiDocument, servedRoutes } from "./openapi.ts";

const JOB = `/api/v1/jobs/${encodeURIComponent(ORDERS)}`;
const TARGET = { ["a".repeat(32)]: 2 };
let fake: FakeProcess;
afterEach(() => fake?.close());

async function ask(path: string, init: RequestInit & { json?: unknown } = {}) {
  const { json, ...rest } = init;
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const headers = { ...(json === undefined ? {} : { "Content-Type": "application/json" }), ...init.headers };
  const r = await fetch(`${fake.url}${path}`, { ...rest, ...body, headers });
  const text = await r.text();
  const type = r.headers.get("content-type") ?? "";
  return {
    status: r.status,
    type,
    headers: r.headers,
    text,
    body: type.includes("json") ? JSON.parse(text) : null,
  };
}

/** `fetch` does not let one choose the Host. */
function rawStatus(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const req = request(`${fake.url}${path}`, { headers }, (res) => {
      res.resume();
      resolve(res.statusCode ?? 0);
    });
    req.on("error", reject).end();
  });
}

describe("the table of routes", () => {
  it("answers every GET with what the document promises", async () => {
    fake = await startFake();
    const { id } = fake.store.recordDecision("d1", aDecision(TARGET));
    // Those two need a job that was really observed; their own tests have one.
    const own = ["listObservations", "getFit"];
    for (const route of servedRoutes().filter((r) => r.method === "get" && !own.includes(r.id))) {
      const path = route.path.replace("{key}", encodeURIComponent(ORDERS)).replace("{id}", id);
      const r = await ask(path);

      expect([route.id, r.status]).toEqual([route.id, 200]);
      const said = route.reply.safeParse(r.body ?? r.text);
      expect([route.id, said.error]).toEqual([route.id, undefined]);
    }
  });

  it("is in the document, and nothing else is", () => {
    const { paths } = openApiDocument() as { paths: Record<string, Record<string, unknown>> };
    const documented = Object.entries(paths).flatMap(([p, ms]) => Object.keys(ms).map((m) => `${m} ${p}`));

    expect(documented.sort()).toEqual(
      servedRoutes()
        .map((r) => `${r.method} ${r.path}`)
        .sort(),
    );
  });
});

describe("problems", () => {
  it("names the nearest keys of an unknown job", async () => {
    fake = await startFake();
    const r = await ask("/api/v1/jobs/ordres");

    expect([r.status, r.type]).toEqual([404, expect.stringContaining("application/problem+json")]);
    expect(r.body).toMatchObject({ code: "not-found", status: 404, detail: expect.stringContaining(ORDERS) });
  });

  it.each([
    [
      "bad JSON",
      { method: "POST", body: "{", headers: { "Content-Type": "application/json" } },
      400,
      "bad-request",
    ],
    ["an unknown key", { method: "POST", json: { reason: "x", for: "2h", x: 1 } }, 400, "bad-request"],
    [
      "both ends",
      { method: "POST", json: { reason: "x", for: "2h", until: "2027-01-01T00:00:00Z" } },
      400,
      "bad-request",
    ],
    ["an unreadable length", { method: "POST", json: { reason: "x", for: "soon" } }, 400, "bad-request"],
    ["text", { method: "POST", body: "{}", headers: { "Content-Type": "text/plain" } }, 415, "not-json"],
    ["too much", { method: "POST", json: { reason: "x".repeat(70_000), for: "2h" } }, 413, "body-too-large"],
    ["another method", { method: "DELETE" }, 405, "method-not-allowed"],
  ])("answers %s with a problem", async (_name, init, status, code) => {
    fake = await startFake();
    const r = await ask(`${JOB}/pause`, init);

    expect([r.status, r.body.code]).toEqual([status, code]);
    if (status === 405) expect(r.headers.get("allow")).toBe("POST");
  });

  it("shows a correlation id only of what it does not know", async () => {
    fake = await startFake();
    fake.state.broken = true;
    const r = await ask("/api/v1/clusters");

    expect([r.status, r.body.code]).toEqual([500, "internal"]);
    expect(r.text).not.toContain("secret");
    expect(fake.logged).toHaveLength(1);
  });

  it("refuses limits out of bounds and unknown query names", async () => {
    fake = await startFake();
    for (const q of ["limit=0", "limit=100000", "limit=x", "lmit=3"]) {
      expect([q, (await ask(`/api/v1/decisions?${q}`)).status]).toEqual([q, 400]);
    }
  });

  it("is not ready before every cluster was asked, but alive", async () => {
    fake = await startFake();
    fake.state.ready = false;

    expect((await ask("/readyz")).status).toBe(503);
    expect((await ask("/livez")).status).toBe(200);
  });
});

describe("who may ask", () => {
  it("without tokens refuses a Host or an Origin that is not ours", async () => {
    fake = await startFake();
    const port = new URL(fake.url).port;

    expect(await rawStatus("/api/v1/jobs", { Host: `evil.example:${port}` })).toBe(403);
    expect(await rawStatus("/api/v1/jobs", { Host: "127.0.0.1:1" })).toBe(403);
    expect(await rawStatus("/api/v1/jobs", { Host: `localhost:${port}` })).toBe(200);
    expect(await rawStatus("/api/v1/jobs", { Origin: "http://evil.example" })).toBe(403);
    expect(await rawStatus("/api/v1/jobs", { Origin: "null" })).toBe(403);
    expect(await rawStatus("/api/v1/jobs", { Origin: fake.url })).toBe(200);
  });

  it("without tokens does not listen beyond loopback", async () => {
    fake = await startFake();
    const { createHttpApp } = await import("./app.ts");
    const { listen } = await import("./listen.ts");
    const app = createHttpApp({ tokens: [] } as unknown as Parameters<typeof createHttpApp>[0]);

    await expect(listen(app, { host: "0.0.0.0", port: 0 })).rejects.toThrow(/loopback only/);
  });

  it("with tokens gives each role what is its own", async () => {
    const roles = ["viewer", "operator", "admin"] as const;
    fake = await startFake({
      tokens: roles.map((role) => ({ name: `the-${role}`, role, value: `${role}-secret` })),
    });
    const as = (token: string | null) => ({
      headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    });
    const pause = { method: "POST", json: { reason: "x", for: "2h" } };
    const mode = { method: "PUT", json: { mode: "act" } };
    const statuses = async (token: string | null) => [
      (await ask("/livez", as(token))).status,
      (await ask("/metrics", as(token))).status,
      (await ask(`${JOB}/pause`, { ...pause, ...as(token) })).status,
      (await ask(`${JOB}/mode`, { ...mode, ...as(token) })).status,
    ];

    expect(await statuses(null)).toEqual([200, 401, 401, 401]);
    expect(await statuses("wrong")).toEqual([200, 401, 401, 401]);
    expect(await statuses("viewer-secret")).toEqual([200, 200, 403, 403]);
    expect(await statuses("operator-secret")).toEqual([200, 200, 200, 403]);
    expect(await statuses("admin-secret")).toEqual([200, 200, 200, 200]);
    expect(fake.store.pauseOf(ORDERS)?.owner).toBe("the-admin");
  });
});

describe("steering", () => {
  it("pauses, resumes and sets the mode, shows it at once and asks for a pass", async () => {
    fake = await startFake();
    const paused = await ask(`${JOB}/pause`, { method: "POST", json: { reason: "release", for: "2h" } });

    expect(paused.body).toMatchObject({ owner: "local", until: NOW + 7_200_000 });
    expect((await ask(JOB)).body.pause.reason).toBe("release");
    expect((await ask(`${JOB}/mode`, { method: "PUT", json: { mode: "act" } })).body.mode).toBe("act");
    expect((await ask(JOB)).body.mode).toBe("act");
    expect((await ask(`${JOB}/mode`, { method: "PUT", json: { mode: null } })).body).toMatchObject({
      own: null,
    });
    expect((await ask(`${JOB}/resume`, { method: "POST" })).body).toEqual({ job: ORDERS, resumed: true });
    expect((await ask(`${JOB}/resume`, { method: "POST" })).body.resumed).toBe(false);
    expect(fake.state.wakes).toBe(4);
  });

  it("pages decisions", async () => {
    fake = await startFake();
    for (const n of [1, 2, 3]) fake.store.recordDecision(`d${n}`, aDecision({ v: n }, { at: NOW + n }));
    const first = (await ask("/api/v1/decisions?limit=2")).body;
    const second = (await ask(`/api/v1/decisions?limit=2&before=${encodeURIComponent(first.next)}`)).body;

    const ids = [...first.items, ...second.items].map((i: { record: { id: string } }) => i.record.id);
    expect([ids, second.next]).toEqual([["d3", "d2", "d1"], null]);
  });

  it("takes a person's word once", async () => {
    fake = await startFake();
    fake.store.recordDecision("d1", aDecision(TARGET));

    expect((await ask("/api/v1/decisions/d1/approve", { method: "POST" })).body.approval.by).toBe("local");
    const second = await ask("/api/v1/decisions/d1/reject", { method: "POST", json: { reason: "no" } });
    expect(second.status).toBe(409);
  });

  it("refuses a word on what is no longer on the table", async () => {
    fake = await startFake();
    fake.store.recordDecision("hold", aDecision(null));
    fake.store.recordDecision("old", aDecision(TARGET, { at: NOW + 1 }));
    fake.store.recordDecision("new", aDecision({ ["a".repeat(32)]: 3 }, { at: NOW + 2 }));
    const approve = (id: string) => ask(`/api/v1/decisions/${id}/approve`, { method: "POST" });

    expect((await approve("hold")).body.detail).toContain("it is a hold");
    expect((await approve("old")).body.detail).toContain("; on the table now is new: ");
    fake.state.jobs = [aJob(ORDERS, { flinkJobId: "0".repeat(32) })];
    expect((await approve("new")).body).toMatchObject({
      status: 409,
      detail: expect.stringContaining("anew"),
    });
    expect((await approve("none")).status).toBe(404);
  });
});

describe("events", () => {
  /** Reads until `count` data lines came. */
  async function read(headers: Record<string, string>, query: string, count: number, then?: () => void) {
    const stop = new AbortController();
    const accept = { Accept: "text/event-stream", ...headers };
    const r = await fetch(`${fake.url}/api/v1/events${query}`, { headers: accept, signal: stop.signal });
    let text = "";
    const decoder = new TextDecoder();
    then?.();
    for await (const chunk of r.body ?? []) {
      text += decoder.decode(chunk);
      if ((text.match(/^data: /gm)?.length ?? 0) >= count) break;
    }
    stop.abort();
    return [...text.matchAll(/^id: (\d+)$/gm)].map((m) => Number(m[1]));
  }

  it("replays after Last-Event-ID, then goes on live, without loss or doubles", async () => {
    fake = await startFake();
    for (const n of [1, 2, 3]) fake.tell(`event ${n}`);

    expect(await read({ "Last-Event-ID": "1" }, "?after=0", 3, () => fake.tell("event 4"))).toEqual([
      2, 3, 4,
    ]);
    expect(await read({}, "", 1, () => fake.tell("event 5"))).toEqual([5]);
  });

  it("tells a reader of another store to begin anew, and goes on", async () => {
    fake = await startFake();
    fake.tell("event 1");
    const stop = new AbortController();
    const headers = { Accept: "text/event-stream", "Last-Event-ID": "999" };
    const r = await fetch(`${fake.url}/api/v1/events`, { headers, signal: stop.signal });
    let text = "";
    for await (const chunk of r.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes("reset") && !text.includes("event 2")) fake.tell("event 2");
      if (text.includes("event 2")) break;
    }
    stop.abort();
    expect(text).toContain('id: 1\nevent: reset\ndata: {"newest":1}');
    expect(text.indexOf("event 2")).toBeGreaterThan(text.indexOf("reset"));
  });

  it("lists with a cursor", async () => {
    fake = await startFake();
    for (const n of [1, 2, 3]) fake.tell(`event ${n}`);
    const first = (await ask("/api/v1/events?limit=2")).body;

    expect(first.next).toBe("2");
    expect((await ask("/api/v1/events?after=2&limit=2")).body).toMatchObject({
      items: [{ seq: 3 }],
      next: null,
    });
  });

  it("lists the newest first, and pages backwards", async () => {
    fake = await startFake();
    for (const n of [1, 2, 3]) fake.tell(`event ${n}`);
    const newest = (await ask("/api/v1/events?order=newest&limit=2")).body;
    expect(newest).toMatchObject({ items: [{ seq: 3 }, { seq: 2 }], next: "2" });
    expect((await ask("/api/v1/events?order=newest&before=2")).body).toMatchObject({
      items: [{ seq: 1 }],
      next: null,
    });
  });

  it.each(["?before=2", "?order=newest&after=2"])(
    "does not page %s, which would be half a question",
    async (query) => {
      fake = await startFake();
      const { status, body } = await ask(`/api/v1/events${query}`);
      expect([status, body.detail]).toEqual([400, expect.stringContaining("cannot page the events")]);
    },
  );

  it("ends streams at once when the server closes, and beats while nothing happens", async () => {
    fake = await startFake({ limits: { heartbeatMs: 10, stalledMs: 1_000, clients: 5 } });
    const r = await fetch(`${fake.url}/api/v1/events`, { headers: { Accept: "text/event-stream" } });
    setTimeout(() => void fake.close(), 100);
    const before = Date.now();
    const text = await r.text();

    expect(text).toContain(": still here");
    expect(Date.now() - before).toBeLessThan(900);
  });
});

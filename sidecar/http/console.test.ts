import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createConsole } from "./console.ts";
import { type Listening, listen } from "./listen.ts";
import { toProblem } from "./problem.ts";
import type { Token } from "./security.ts";

const TOKENS: readonly Token[] = [{ name: "ann", role: "viewer", value: "s3cret" }];
let folder: string;
let server: Listening;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "console-"));
  mkdirSync(join(folder, "dist/assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "dist/index.html"), "<title>Outrider</title>");
  writeFileSync(join(folder, "dist/assets/index-abc.js"), "1;");
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function start(tokens: readonly Token[] = []): Promise<void> {
  const app = express();
  app.set("query parser", "simple");
  app.use((_req, res, next) => {
    res.set("Cache-Control", "no-store");
    next();
  });
  app.use(createConsole({ folder: join(folder, "dist"), tokens }));
  app.use((_req, res) => void res.status(404).send("elsewhere"));
  app.use(((error, _req, res, _next) => {
    const { body } = toProblem(error);
    res.status(body.status).send(body.detail);
  }) satisfies express.ErrorRequestHandler);
  server = await listen(app, { host: "127.0.0.1", port: 0 });
}

/** `fetch` mends paths and hosts; this does not. */
function raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const req = request({ hostname, port, path, headers }, (res) => {
      let text = "";
      res.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      res.on("end", () => resolve({ status: res.statusCode ?? 0, text }));
    });
    req.on("error", reject).end();
  });
}

describe("the console", () => {
  it.each(["/", "/jobs/prod%2Fdefault%2Forders", "/jobs/a%2Fb%2Fc/decisions/s-1", "/events", "/clusters"])(
    "answers %s with its page, which is never kept and strict",
    async (path) => {
      await start();
      const r = await fetch(`${server.url}${path}`);
      expect([r.status, await r.text()]).toEqual([200, "<title>Outrider</title>"]);
      expect(r.headers.get("cache-control")).toBe("no-store");
      expect(r.headers.get("x-content-type-options")).toBe("nosniff");
      expect(r.headers.get("referrer-policy")).toBe("no-referrer");
      const policy = r.headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain("unsafe");
    },
  );

  it("lets browsers keep assets for good", async () => {
    await start();
    const r = await fetch(`${server.url}/assets/index-abc.js`);
    expect([r.status, r.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
    expect(r.headers.get("content-type")).toContain("javascript");
  });

  it.each([
    "/assets/../../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/assets/..%5c..%5csecret.txt",
    "/assets/....//secret.txt",
    "/assets/%00",
    "/assets//etc/passwd",
    "/../secret.txt",
  ])("gives nothing away for %s", async (path) => {
    await start();
    const { status, text } = await raw(path, { host: new URL(server.url).host });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toBe("secret");
  });

  it.each(["/nowhere", "/assets/other.js", "/assets/", "/jobs", "/Events"])(
    "leaves %s to who comes next, and it is not kept",
    async (path) => {
      await start();
      const r = await fetch(`${server.url}${path}`);
      expect([r.status, await r.text(), r.headers.get("cache-control")]).toEqual([
        404,
        "elsewhere",
        "no-store",
      ]);
    },
  );

  it.each(["/nonsense", "/jobs", "/Events", "/jobs/a/b/c/d"])(
    "tells a browser with its page that there is none at %s",
    async (path) => {
      await start();
      const host = new URL(server.url).host;
      const { status, text } = await raw(path, { host, accept: "text/html,*/*;q=0.8" });
      expect([status, text]).toEqual([404, "<title>Outrider</title>"]);
    },
  );

  it.each(["/api/v1/nothing", "/api", "/metrics", "/livez", "/readyz", "/assets/other.js"])(
    "leaves %s to who comes next, whoever asks",
    async (path) => {
      await start();
      const r = await fetch(`${server.url}${path}`, { headers: { Accept: "text/html" } });
      expect(await r.text()).toBe("elsewhere");
    },
  );

  it("says how it is built when it is not", async () => {
    rmSync(join(folder, "dist"), { recursive: true });
    await start();
    const r = await fetch(`${server.url}/`);
    expect(r.status).toBe(503);
    expect(r.headers.get("content-type")).toContain("text/plain");
    expect(await r.text()).toContain("npm run build:console");
  });

  it.each(["/", "/assets/index-abc.js"])("refuses a foreign host at %s", async (path) => {
    await start();
    expect((await raw(path, { host: "evil.example" })).status).toBe(403);
  });

  it("needs no token where tokens are configured, as it holds no data", async () => {
    await start(TOKENS);
    expect((await raw("/", { host: "outrider.example" })).status).toBe(200);
  });
});

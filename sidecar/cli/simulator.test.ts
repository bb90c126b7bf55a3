import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startCommand } from "../../test/support/command.ts";
import { EXIT } from "./exit.ts";
import { main } from "./program.ts";

const PATIENCE_MS = 60_000;
const ADDRESS = /^Flink REST: (http:\/\/127\.0\.0\.1:\d+)$/;

async function start(...args: readonly string[]) {
  const command = startCommand("simulator", "--port", "0", ...args);
  const url = ADDRESS.exec(await command.firstLine("out"))?.[1] ?? "";
  const ask = async (path: string, body?: unknown) => {
    const reply = await fetch(
      url + path,
      body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
    );
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };
  return { ...command, url, ask };
}

async function refused(...args: readonly string[]): Promise<string> {
  let err = "";
  const code = await main(["simulator", ...args], {
    out: () => expect.unreachable(),
    err: (text) => {
      err += text;
    },
    env: {},
    signal: new AbortController().signal,
  });
  expect(code).toBe(EXIT.usage);
  return err;
}

function worldFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "outrider-")), "world.yaml");
  writeFileSync(file, text);
  return file;
}

describe("outrider simulator", () => {
  it(
    "speaks Flink's REST API, in a time that stands still until it is moved",
    async () => {
      const flink = await start("--stepped");
      expect((await flink.ask("/jobs/overview")).body).toMatchObject({ jobs: [{ name: "orders" }] });
      const nowMs = Number((await flink.ask("/simulator/clock")).body["nowMs"]);
      const to = nowMs + 90_000;
      expect(await flink.ask("/simulator/clock", { advanceToMs: to })).toEqual({
        status: 200,
        body: { nowMs: to },
      });
      expect((await flink.ask("/simulator/clock", { advanceToMs: nowMs })).status).toBe(400);
      flink.signal("SIGTERM");
      const { code, out, err } = await flink.ended;
      expect([code, out]).toEqual([0, `Flink REST: ${flink.url}\n`]);
      expect(err).toMatch(/^Simulated Flink 2\.3\.0, .*\/simulator\/clock/);
      expect(err).toContain("Jobs: orders (Source: gen > work > count > drop).");
      expect(err).toContain("What will happen: after 1 min the load of orders rises from 250 to 1,500");
    },
    PATIENCE_MS,
  );

  it(
    "runs a world of one's own, as fast as is asked, until Ctrl-C",
    async () => {
      const world = worldFile("jobs: [{name: mine, vertices: {src: {source: {load: {rate: 5}}}}}]");
      const flink = await start("--world", world, "--speed", "50", "--seed", "7");
      expect((await flink.ask("/simulator/clock")).body).toMatchObject({ mode: "real-time", speed: 50 });
      expect((await flink.ask("/jobs/overview")).body).toMatchObject({ jobs: [{ name: "mine" }] });
      flink.signal("SIGINT");
      expect(await flink.ended).toMatchObject({ code: 0 });
    },
    PATIENCE_MS,
  );

  it(
    "writes checkpoints into a new folder, and begins a job with one when its jar is run",
    async () => {
      const folder = join(mkdtempSync(join(tmpdir(), "outrider-")), "state");
      const flink = await start("--stepped", "--snapshots", folder);
      const nowMs = Number((await flink.ask("/simulator/clock")).body["nowMs"]);
      await flink.ask("/simulator/clock", { advanceToMs: nowMs + 12_000 });
      const { jobs } = (await flink.ask("/jobs/overview")).body as { jobs: { jid: string }[] };
      const [job = ""] = jobs.map(({ jid }) => jid);
      expect(readdirSync(join(folder, "checkpoints", job))).toEqual(["chk-2", "shared", "taskowned"]);
      await flink.ask("/simulator/trouble", { kind: "job-manager-lost", backAfter: "1s" });
      await flink.ask("/simulator/clock", { advanceToMs: nowMs + 80_000 });
      const form = new FormData();
      form.set("jarfile", new Blob(["PK"]), "orders.jar");
      const uploaded = await fetch(`${flink.url}/jars/upload`, { method: "POST", body: form });
      const { filename } = (await uploaded.json()) as { filename: string };
      const run = `/jars/${filename.split("/").at(-1)}/run`;
      const savepointPath = join(folder, "checkpoints", job, "chk-2");
      expect(await flink.ask(run, { savepointPath, jobId: "2".repeat(32) })).toMatchObject({ status: 200 });
      await flink.ask("/simulator/clock", { advanceToMs: nowMs + 90_000 });
      expect((await flink.ask("/jobs/overview")).body).toMatchObject({ jobs: [{ state: "RUNNING" }] });
      flink.signal("SIGTERM");
      expect((await flink.ended).err).toContain("a jar called orders.jar starts orders");
    },
    PATIENCE_MS,
  );

  it.each([
    [["--snapshots", import.meta.dirname], "got one that is not empty; expected a new or empty folder"],
    [["--snapshots", import.meta.filename], "got a file; expected a new or empty folder"],
    [["--speed", "2", "--stepped"], "cannot be used with"],
    [["--speed", "-1"], "--speed: -1 is not a number above 0"],
    [["--port", "x"], "--port: x is not a whole number"],
    [
      ["--world", "/nowhere/world.yaml"],
      "cannot read the world: /nowhere/world.yaml; got no such file; expected",
    ],
    [["--world", tmpdir()], "got a folder; expected a readable YAML file"],
    [["--world", worldFile("jobs: [{name: a, vertices: {}}]")], "jobs[0].vertices"],
    [["--world", worldFile("jbos: []")], "unknown key; did you mean jobs?"],
    [["--world", worldFile("a: [")], "line 1"],
  ])("refuses %j with a sentence", async (args, sentence) => {
    expect(await refused(...args)).toContain(sentence);
  });
});

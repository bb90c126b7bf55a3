import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type Ended, startCommand } from "../../test/support/command.ts";
import { EXIT } from "./exit.ts";
import { main } from "./program.ts";

/** The demo is a process with a clock of its own: tests wait for it, and judge only what does not hang on time. */
const PATIENCE_MS = 60_000;
const ADDRESS = /^Outrider console: (http:\/\/127\.0\.0\.1:\d+)$/;

async function run(...args: readonly string[]): Promise<Ended> {
  let out = "";
  let err = "";
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await main(args, { ...io, env: {}, signal: new AbortController().signal });
  return { code, out, err };
}

describe("outrider demo", () => {
  it(
    "ends by itself with one document, in which jobs were scaled; everything else is on stderr",
    async () => {
      const demo = startCommand("demo", "--for", "12s", "-o", "json", "--port", "0", "--speed", "40");
      const { code, out, err } = await demo.ended;
      expect(code).toBe(0);
      const { jobs } = JSON.parse(out);
      expect(jobs.map((j: { key: string }) => j.key)).toEqual([
        "demo/default/clicks",
        "demo/default/invoices",
        "demo/default/orders",
        "demo/default/payments",
      ]);
      for (const job of jobs) {
        expect(Object.keys(job).sort()).toEqual(
          ["decisions", "key", "lagRecords", "parallelism", "rescales", "restores", "state"].sort(),
        );
        expect(job.decisions).toBeGreaterThan(0);
      }
      const [, invoices, orders, payments] = jobs;
      expect(payments.rescales).toBeGreaterThan(0);
      expect(orders.rescales).toBe(0);
      expect(invoices.restores).toBe(1);
      // A console that is outdated is built first, and says so.
      expect(err).toMatch(new RegExp(ADDRESS, "m"));
      expect(err).toMatch(/payments +.*validate 1 → \d/);
      expect(err).toMatch(/invoices +Restore from chk-\d+ \(verified/);
      expect(err).toMatch(/orders +.*asks you first:\n +http.*\/jobs\/demo%2Fdefault%2Forders\n/);
    },
    PATIENCE_MS,
  );

  it(
    "serves the API in Flink's time while it runs, and ends tidily on Ctrl-C",
    async () => {
      const demo = startCommand("demo", "--port", "0");
      const url = ADDRESS.exec(await demo.firstLine("out"))?.[1];
      const reply = await fetch(`${url}/api/v1/jobs`);
      expect(reply.status).toBe(200);
      // One key press may reach it twice.
      demo.signal("SIGINT");
      demo.signal("SIGINT");
      const { code, out } = await demo.ended;
      expect(code).toBe(0);
      expect(out.trimEnd().split("\n").at(-1)).toContain("outrider -- run --url http://your-flink:8081");
    },
    PATIENCE_MS,
  );

  it(
    "prints its document on SIGTERM too",
    async () => {
      const demo = startCommand("demo", "--port", "0", "-o", "json");
      await demo.firstLine("err");
      demo.signal("SIGTERM");
      const { code, out } = await demo.ended;
      expect([code, Object.keys(JSON.parse(out))]).toEqual([0, ["jobs"]]);
    },
    PATIENCE_MS,
  );

  it("says in one sentence that its port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const { code, out, err } = await run("demo", "--port", String(port));
    other.close();
    expect([code, out]).toEqual([EXIT.usage, ""]);
    expect(err).toBe(
      `outrider: cannot listen on port ${port}: another program uses it; choose another with --port, or 0 for a free one\n`,
    );
  });

  it.each([
    [["--port", "65536"], "--port: 65536 is not a whole number from 0 to 65535"],
    [["--speed", "0"], "--speed: 0 is not a number above 0 and at most 100"],
    [["--speed", "fast"], "--speed: fast is not a number"],
    [["--seed", "-1"], "--seed: -1 is not a whole number"],
    [["--for", "8"], "--for: 8 is not a duration"],
    [["--for", "0s"], "--for: 0s is not a duration"],
    [["--for", "30d"], "--for: 30d is not a duration"],
    [["extra"], "too many arguments"],
  ])("refuses %j", async (args, sentence) => {
    const { code, out, err } = await run("demo", ...args);
    expect([code, out]).toEqual([EXIT.usage, ""]);
    expect(err).toContain(sentence);
  });
});

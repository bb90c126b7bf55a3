import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readMetadata } from "../../engine/snapshot/index.ts";
import type { Candidate } from "../../model/index.ts";
import { type RestorePoints, restorePointsOf } from "../snapshots/index.ts";
import { main } from "./program.ts";
import { createProgress } from "./snapshots-progress.ts";

const FIXTURES = join(import.meta.dirname, "../../engine/snapshot/fixtures");
const JOB = "f2d620c27789a9b7196390daee717d42";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "outrider-cli-snapshots-"));
});
afterEach(() => rmSync(root, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  let out = "";
  let err = "";
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    env,
    signal: new AbortController().signal,
  };
  const code = await main(["snapshots", ...args], io);
  return { code, out, err };
}

/** A real `_metadata` with files of the sizes that it needs, their bytes made up. Absolute ones are not written. */
function plant(directory: string, fixture = "1.20-hashmap-full"): readonly string[] {
  const bytes = readFileSync(join(FIXTURES, `${fixture}.metadata`));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "_metadata"), bytes);
  const reading = readMetadata(bytes);
  const references = reading.ok ? reading.content.references.filter((r) => r.relative) : [];
  for (const { path, needed } of references) writeFileSync(join(directory, path), new Uint8Array(needed));
  return references.map((r) => join(directory, r.path));
}
const checkpoint = (id: number, job = JOB): string => join(root, "ckpt", job, `chk-${id}`);

describe("snapshots verify", () => {
  it("proves a whole one, as JSON and as text", async () => {
    plant(checkpoint(2));
    const { code, out, err } = await run(["verify", checkpoint(2), "-o", "json"]);

    expect([code, err]).toEqual([0, ""]);
    expect(JSON.parse(out)).toMatchObject({
      path: `file:${checkpoint(2)}`,
      kind: "checkpoint",
      version: 4,
      state: "verified",
      checkpointId: 2,
      operators: expect.any(Array),
      references: { files: 4, bytes: expect.any(Number) },
      problems: [],
    });
    const text = await run(["verify", checkpoint(2)]);
    expect(text.out).toMatch(/^verified {2}chk-2 is whole: all 4 files with /);
  });

  it.each([
    ["its _metadata", () => join(checkpoint(2), "_metadata")],
    ["a URL", () => `file://${checkpoint(2)}/`],
    ["a relative path", () => relative(process.cwd(), checkpoint(2))],
    ["an absolute path that goes up and down again", () => `${checkpoint(2)}/../chk-2`],
    ["the job's directory", () => join(root, "ckpt", JOB)],
    ["the directory of all checkpoints", () => join(root, "ckpt")],
  ])("takes %s for a target", async (_, target) => {
    plant(checkpoint(2));
    expect((await run(["verify", target()])).code).toBe(0);
  });

  it("names a missing file: exit 3", async () => {
    const [first = ""] = plant(checkpoint(2));
    rmSync(first);
    const json = await run(["verify", checkpoint(2), "-o", "json"]);
    expect(json.code).toBe(3);
    expect(JSON.parse(json.out)).toMatchObject({
      state: "incomplete",
      problems: [{ file: `file:${first}`, needed: expect.any(Number), found: null, sentence: "is missing" }],
    });
    const text = await run(["verify", checkpoint(2)]);
    expect(text.out).toContain(`INCOMPLETE  chk-2 is incomplete: `);
    expect(text.out).toContain(`  file:${first}\n      is missing; `);
  });

  it.each<[string, (directory: string) => void, number, string]>([
    ["_metadata is empty", (d) => writeFileSync(join(d, "_metadata"), ""), 3, "corrupt"],
    ["_metadata has a byte too many", (d) => appendFileSync(join(d, "_metadata"), "x"), 3, "corrupt"],
    ["_metadata is missing", (d) => rmSync(join(d, "_metadata")), 3, "incomplete"],
    [
      "the version is from the future",
      (d) => {
        const bytes = readFileSync(join(d, "_metadata"));
        bytes.writeInt32BE(99, 4);
        writeFileSync(join(d, "_metadata"), bytes);
      },
      4,
      "unsupported",
    ],
    ["files lie outside the roots", (d) => plant(d, "1.20-changelog"), 5, "unknown"],
  ])("%s", async (_, harm, code, state) => {
    plant(checkpoint(2));
    harm(checkpoint(2));
    const ran = await run(["verify", checkpoint(2), "-o", "json"]);
    expect([ran.code, JSON.parse(ran.out).state]).toEqual([code, state]);
  });

  it("reads what lies outside where a root or a map allows it", async () => {
    plant(checkpoint(3), "1.20-changelog");
    const bytes = readFileSync(join(FIXTURES, "1.20-changelog.metadata"));
    const reading = readMetadata(bytes);
    const outside = reading.ok ? reading.content.references.filter((r) => !r.relative) : [];
    const from = "file:/data/flink/run01/1.20";
    for (const { path, needed } of outside) {
      const copy = join(root, "copy", path.replace(/^file:\/*/, "/").slice("/data/flink/run01/1.20".length));
      mkdirSync(join(copy, ".."), { recursive: true });
      writeFileSync(copy, new Uint8Array(needed));
    }

    expect((await run(["verify", checkpoint(3)])).code).toBe(5);
    const copy = join(root, "copy");
    expect(await run(["verify", checkpoint(3), "--map", `${from}=${copy}`])).toMatchObject({ code: 0 });
    const near = relative(process.cwd(), copy);
    expect(await run(["verify", checkpoint(3), "--map", `${from}=${near}`])).toMatchObject({ code: 0 });
    const allowed = await run(["verify", checkpoint(3), "--root", "file:/"]);
    expect([allowed.code, allowed.out]).toEqual([3, expect.stringContaining("is missing")]);
  });

  it("lists several, newest first; the worst one is the exit code", async () => {
    plant(checkpoint(2));
    plant(checkpoint(3));
    const [first = ""] = plant(checkpoint(4));
    expect((await run(["verify", root])).code).toBe(0);
    rmSync(first);

    const { code, out, err } = await run(["verify", join(root, "ckpt"), "-o", "json"]);
    expect([code, err]).toEqual([3, ""]);
    const { items, next } = JSON.parse(out);
    expect(items.map((i: { path: string; state: string }) => [i.path, i.state])).toEqual([
      [`file:${checkpoint(4)}`, "incomplete"],
      [`file:${checkpoint(3)}`, "verified"],
      [`file:${checkpoint(2)}`, "verified"],
    ]);
    expect(next).toBeNull();
    expect((await run(["verify", join(root, "ckpt")])).out.split("\n")[0]).toMatch(
      /^STATE +WRITTEN +SNAPSHOT +VERDICT$/,
    );
  });

  it.each<[string, () => readonly string[], RegExp]>([
    ["nothing is there", () => [join(root, "none/chk-1")], /there is nothing at file:.*none\/chk-1/],
    ["no target is given", () => [], /expected either a target or --job KEY/],
    [
      "a target and a job are given",
      () => [root, "--job", "orders"],
      /expected either a target or --job KEY/,
    ],
    ["the target is no place", () => ["ftp:x"], /cannot read "ftp:x" as a place/],
    ["a map is none", () => [root, "--map", "here"], /FROM=TO/],
  ])("cannot ask where %s: exit 2 and an empty stdout", async (_, args, says) => {
    const { code, out, err } = await run(["verify", ...args()]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(says);
  });

  it("does not know a store that nobody can speak with: exit 5", async () => {
    const { code, out } = await run(["verify", "hdfs://nn:8020/ckpt/chk-1", "-o", "json"]);
    expect([code, JSON.parse(out).state]).toEqual([5, "unknown"]);
  });
});

describe("snapshots show", () => {
  it("prints operators and files", async () => {
    plant(checkpoint(2));
    const { code, out } = await run(["show", checkpoint(2), "-o", "json"]);
    expect(code).toBe(0);
    const shown = JSON.parse(out);
    expect(shown).toMatchObject({ version: 4, checkpointId: 2, kind: "checkpoint", sharedWith: [] });
    expect(shown.operators[0]).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      parallelism: 2,
      maxParallelism: 16,
      bytes: expect.any(Number),
    });
    expect(shown.references[0]).toMatchObject({ bytes: expect.any(Number), scope: "exclusive" });
    expect(shown.references[0].path).toContain(`file:${checkpoint(2)}/`);
    expect((await run(["show", checkpoint(2)])).out).toContain("OPERATOR");
  });

  it("tells who shares files", async () => {
    plant(checkpoint(3), "1.20-changelog");
    plant(checkpoint(2), "1.20-changelog");
    const { out } = await run(["show", checkpoint(3), "-o", "json"]);
    expect(JSON.parse(out).sharedWith).toEqual([
      { path: `file:${checkpoint(2)}`, files: 3, bytes: expect.any(Number) },
    ]);
    expect((await run(["show", checkpoint(3)])).out).toContain("Shares files with:");
  });

  it.each<[string, () => void, number]>([
    ["there is none", () => rmSync(join(checkpoint(2), "_metadata")), 2],
    ["it is corrupt", () => writeFileSync(join(checkpoint(2), "_metadata"), "x"), 3],
  ])("says so where %s", async (_, harm, code) => {
    plant(checkpoint(2));
    harm();
    const ran = await run(["show", checkpoint(2)]);
    expect([ran.code, ran.out]).toEqual([code, ""]);
    expect(ran.err).toMatch(/^outrider: cannot/);
  });
});

describe("what a running Outrider knows", () => {
  let server: Server;
  let points: RestorePoints;
  const candidate = (id: number, state: Candidate["state"]): Candidate => ({
    path: `s3://b/${JOB}/chk-${id}`,
    flinkJobId: JOB,
    checkpointId: id,
    kind: "checkpoint",
    format: null,
    takenAt: id * 60_000,
    state,
    checkedAt: id * 60_000 + 1_000,
    bytes: 1_234_567,
    files: 3,
    compatible: true,
    sentence: `chk-${id} is ${state}`,
    origin: "flink",
  });

  beforeEach(async () => {
    server = createServer((req, res) => {
      const known = req.url === "/api/v1/jobs/prod%2Fdefault%2Forders/snapshots";
      res.writeHead(known ? 200 : 404, { "Content-Type": "application/json" });
      res.end(JSON.stringify(known ? points : { detail: "there is no such job" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  });
  afterEach(() => server.close());

  const ask = (...args: readonly string[]): Promise<Ran> =>
    run(args, { OUTRIDER_SERVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

  it("is listed with the one that a restore would take", async () => {
    points = restorePointsOf([candidate(9, "incomplete"), candidate(8, "verified")], 600_000);
    const { code, out } = await ask("list", "prod/default/orders");
    expect(code).toBe(0);
    expect(out).toMatch(
      /^A restore would take chk-8 \(verified 1 min 59 s ago, 2 min to read again\); chk-9 is incomplete\./,
    );
    expect(out).toMatch(/\n\* +verified .* 1\.2 MB +s3:/);
  });

  it.each<[string, readonly Candidate[], number]>([
    ["all are verified", [candidate(8, "verified")], 0],
    ["one is incomplete", [candidate(9, "unknown"), candidate(8, "incomplete")], 3],
    ["one is not looked at", [candidate(9, "unchecked"), candidate(8, "verified")], 5],
    ["none is known", [], 5],
  ])("is an exit code: %s", async (_, candidates, code) => {
    points = restorePointsOf(candidates, 600_000);
    const ran = await ask("verify", "--job", "prod/default/orders", "-o", "json");
    expect([ran.code, JSON.parse(ran.out).items.length]).toEqual([code, candidates.length]);
  });

  it("cannot be asked of a job that is not there", async () => {
    expect(await ask("list", "prod/default/other")).toMatchObject({
      code: 2,
      out: "",
      err: "outrider: there is no such job\n",
    });
  });
});

it("long work tells how it gets on, every two seconds", () => {
  const said: string[] = [];
  let now = 0;
  const progress = createProgress(
    (line) => said.push(line),
    () => now,
  );
  for (now = 0; now <= 5_000; now += 500) progress({ found: now * 10, of: 100_000 });
  expect(said).toEqual([
    "found 20,000 of 100,000 files, 10,000 a second\n",
    "found 40,000 of 100,000 files, 10,000 a second\n",
  ]);
});

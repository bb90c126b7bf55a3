import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readMetadata } from "../../engine/snapshot/index.ts";
import type { OrphanReport } from "../../recovery/index.ts";
import { main } from "./program.ts";

const FIXTURE = join(import.meta.dirname, "../../engine/snapshot/fixtures/1.20-hashmap-full.metadata");
const JOB = "f2d620c27789a9b7196390daee717d42";
const LONG_AGO = new Date("2026-01-01T00:00:00Z");

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "outrider-cli-orphans-"));
  plant(join(root, JOB, "chk-7"));
});
afterEach(() => rmSync(root, { recursive: true }));

async function orphans(...args: readonly string[]) {
  let out = "";
  let err = "";
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    env: {},
    signal: new AbortController().signal,
  };
  const code = await main(["snapshots", "orphans", ...args], io);
  return { code, out, err };
}

/** A real `_metadata` with files of the sizes that it needs. */
function plant(directory: string): void {
  const bytes = readFileSync(FIXTURE);
  write(join(directory, "_metadata"), bytes);
  const reading = readMetadata(bytes);
  if (!reading.ok) throw new Error(reading.defect.sentence);
  for (const { path, needed } of reading.content.references)
    write(join(directory, path), new Uint8Array(needed));
}

function write(file: string, bytes: Uint8Array, at = LONG_AGO): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, bytes);
  utimesSync(file, at, at);
}

describe("snapshots orphans", () => {
  it("finds none where every file belongs to a snapshot: exit 0", async () => {
    expect(await orphans(root)).toMatchObject({ code: 0, out: expect.stringContaining("No orphans") });
  });

  it("names what belongs to none, with its bytes and its directory, and removes nothing: exit 1", async () => {
    const shared = join(root, JOB, "shared");
    write(join(shared, "left-behind"), new Uint8Array(1_000));
    const text = await orphans(root);
    expect(text.code).toBe(1);
    expect(text.out).toContain(shared);
    const { code, out } = await orphans(root, "-o", "json");
    const report = JSON.parse(out) as OrphanReport;
    expect(code).toBe(1);
    expect(report).toMatchObject({ bytes: 1_000, orphans: [{ path: `file:${shared}/left-behind` }] });
    expect(readdirSync(shared)).toEqual(["left-behind"]);
  });

  it.each([
    [[], 0],
    [["--min-age", "0s"], 1],
  ])("what is young is no orphan unless asked for: %j exits %i", async (more, code) => {
    write(join(root, JOB, "shared", "in-progress"), new Uint8Array(1), new Date());
    expect((await orphans(root, ...more)).code).toBe(code);
  });

  it("calls nothing an orphan while one snapshot cannot be read: exit 5", async () => {
    write(join(root, JOB, "shared", "left-behind"), new Uint8Array(1_000));
    write(join(root, "other", "chk-1", "_metadata"), new Uint8Array(10));
    const { code, out } = await orphans(root);
    expect(code).toBe(5);
    expect(out).toContain("Nothing is called an orphan");
  });

  it("counts what a snapshot below another root refers to", async () => {
    const [checkpoints, state] = [join(root, "a"), join(root, "b")];
    plant(join(checkpoints, JOB, "chk-8"));
    write(join(state, "file"), new Uint8Array(5));
    expect((await orphans(state)).code).toBe(1);
    const both = await orphans(checkpoints, "--root", state, "-o", "json");
    expect(JSON.parse(both.out)).toMatchObject({ orphans: [{ path: `file:${state}/file` }] });
  });

  it.each([
    [["/not/there"], "nothing at"],
    [["/", "--min-age", "soon"], "--min-age"],
  ])("refuses %j: exit 2", async (args, said) => {
    expect(await orphans(...args)).toMatchObject({ code: 2, err: expect.stringContaining(said) });
  });
});

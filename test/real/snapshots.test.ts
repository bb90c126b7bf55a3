import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeMetadata } from "../../engine/snapshot/index.ts";
import { METADATA_FIXTURES, realSnapshots } from "../support/real-snapshots.ts";
import { rawSnapshots } from "../support/snapshot-arbitrary.ts";
import { type FlinkVersion, flinkVersions } from "./flink/fetch.ts";
import { compare } from "./snapshots/agree.ts";
import { chances, cuts, flips, lengthened } from "./snapshots/damage.ts";
import { whileMissing, whileShortened } from "./snapshots/harm.ts";
import { unlike } from "./snapshots/holds.ts";
import { judge } from "./snapshots/judge.ts";
import { directoryOf, filesBelow, litter, metadataOf, placeOf } from "./snapshots/on-disk.ts";
import { askFlink } from "./snapshots/oracle/ask.ts";
import type { Pressed } from "./snapshots/press.ts";
import { whyFlinkRefuses } from "./snapshots/refusal.ts";
import { restoreRewritten } from "./snapshots/restore.ts";
import { openSession, type Session } from "./snapshots/session.ts";
import { subject } from "./snapshots/subject.ts";

/** Snapshots that real Flink writes here and now; its own loader and its own restore say what is in them. */
const full = process.env["REAL_FULL"] === "1";
const rides = flinkVersions.flatMap((version) =>
  (["local", "s3"] as const).map((store) => ({ version, store })),
);
/** Metadata versions that a Flink reads, oldest first. */
const READS: Readonly<Record<FlinkVersion, readonly number[]>> = {
  "1.20.5": [2, 3, 4],
  "2.3.0": [2, 3, 4, 5, 6],
};
const SEED = 6;

describe.each(rides)("Flink $version, snapshots in $store", ({ version, store: storeName }) => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession(version, storeName, full);
  });
  afterAll(() => session?.close());

  const bytesOf = (pressed: Pressed) => metadataOf(session.store, pressed);
  const pointerOf = (pressed: Pressed) => directoryOf(session.store, pressed);
  const contentOf = (pressed: Pressed) => {
    const reading = subject.read(bytesOf(pressed));
    if (!reading.ok) throw new Error(`${pressed.flavour.name}: ${reading.defect.sentence}`);
    return reading.content;
  };
  /** Damaged and made metadata name no files of their own: it is enough that some snapshot lies there. */
  const anyPointer = () => session.pressed.map(pointerOf)[0] ?? "";
  const verify = ({ pointer }: Pressed) => subject.verify(session.storage, pointer);
  const isThere = ({ flavour }: Pressed) => flavour.lost?.includes(storeName) !== true;

  test("our reader finds in each what Flink loads from it, and each is what it was made for", async () => {
    const questions = session.pressed.map((pressed) => ({ pointer: pointerOf(pressed) }));
    const readings = await askFlink(version, questions);
    for (const [i, reading] of readings.entries()) {
      const pressed = session.pressed[i];
      if (pressed === undefined) continue;
      const { name } = pressed.flavour;
      expect(reading, name).toMatchObject({ ok: true, unread: 0 });
      expect(unlike(pressed, reading), name).toEqual([]);
      expect(compare(bytesOf(pressed), reading, subject), name).toEqual(SAME);
    }
  });

  test("each refers to the very files that lie in its directory, and Outrider proves it whole", async () => {
    for (const pressed of session.pressed.filter(isThere)) {
      const { references } = contentOf(pressed);
      const places = references.map((reference) => placeOf(session.store, pressed, reference));
      expect(
        places.filter((place) => !existsSync(place)),
        pressed.flavour.name,
      ).toEqual([]);
      const own = places.filter((place) => dirname(place) === pointerOf(pressed));
      const beside = filesBelow(pointerOf(pressed)).filter((file) => basename(file) !== "_metadata");
      expect(beside, pressed.flavour.name).toEqual(own.sort());
      expect(await verify(pressed), pressed.flavour.name).toMatchObject({ state: "verified", problems: [] });
    }
  });

  test("the command line says the same of them", async () => {
    for (const { pointer, flavour } of session.pressed.filter(isThere).slice(full ? 0 : -2)) {
      const { status, stdout, stderr } = await session.verifyByCommand(pointer);
      expect([status, stderr], flavour.name).toEqual([0, ""]);
      expect(stdout, flavour.name).toMatch(/^verified /);
    }
  });

  test("no other file lies in the directories of the jobs, once Flink has tidied up", async () => {
    const messy = session.pressed.filter(({ flavour }) => flavour.litters?.includes(storeName));
    const jobs = new Set(messy.flatMap(({ jobIds }) => jobIds));
    expect(await litter(session, (jobId) => jobs.has(jobId))).toEqual([]);
  });

  test("one file taken away, or one byte of it, is named", async () => {
    let looks = 0;
    for (const pressed of session.pressed.filter(isThere)) {
      for (const reference of contentOf(pressed).references) {
        const place = placeOf(session.store, pressed, reference);
        const name = `${pressed.flavour.name}: ${reference.path}`;
        const missing = await whileMissing(place, () => verify(pressed));
        expect(filesIn(missing), name).toEqual([place]);
        expect(missing.state, name).toBe("incomplete");
        looks += 1;
        // Nobody can tell by its length how much of a compressed file should be there.
        if (pressed.flavour.compressed === true && statSync(place).size < reference.needed) continue;
        const short = await whileShortened(place, reference.needed - 1, () => verify(pressed));
        expect(filesIn(short), name).toEqual([place]);
        expect(short.state, name).toBe("incomplete");
        looks += 1;
      }
      const metadata = join(pointerOf(pressed), "_metadata");
      const length = statSync(metadata).size;
      expect((await whileMissing(metadata, () => verify(pressed))).state).toBe("incomplete");
      expect((await whileShortened(metadata, length - 1, () => verify(pressed))).state).toBe("corrupt");
    }
    expect(looks).toBeGreaterThan(20);
    say({ version, storeName, snapshots: session.pressed.length, harmed: looks });
  });
  const filesIn = ({ problems }: { readonly problems: readonly { readonly file: string }[] }) =>
    problems.map(({ file }) => session.store.onDisk(file));

  test.runIf(full && storeName === "s3")(
    "a checkpoint that Flink calls complete and never wrote is incomplete, and it cannot restore it",
    async () => {
      const lost = session.pressed.filter((pressed) => !isThere(pressed));
      expect(lost).not.toEqual([]);
      for (const pressed of lost) {
        const { state, problems } = await verify(pressed);
        expect([state, problems.length]).toEqual(["incomplete", contentOf(pressed).references.length]);
        const why = await whyFlinkRefuses(session.cluster, session.store, pressed);
        expect(why).toMatch(/FileNotFound|NoSuchKey|No such file/);
      }
    },
  );

  describe.runIf(storeName === "local")("beyond what it wrote itself", () => {
    test("our writer's snapshots are read by Flink as by us", async () => {
      const made = fc.sample(rawSnapshots(READS[version]), { numRuns: full ? 10_000 : 1_000, seed: SEED });
      const others = [...METADATA_FIXTURES, ...realSnapshots()].filter(({ name }) =>
        version === "2.3.0" ? true : name.startsWith("1.20"),
      );
      const inputs = [...made.map(writeMetadata), ...others.map(({ bytes }) => bytes)];
      const { verdicts, wrong } = await judge(version, anyPointer(), inputs, subject);
      expect(wrong).toEqual([]);
      expect(verdicts).toEqual({ same: inputs.length });
    });

    test("whatever Flink refuses we refuse; where we refuse more, it is for a known reason", async () => {
      const chance = chances(SEED);
      const each = Math.ceil((full ? 50_000 : 2_000) / session.pressed.length);
      const inputs = session.pressed
        .map(bytesOf)
        .flatMap((bytes) => [
          ...cuts(bytes, Math.ceil((full ? 5_000 : 200) / session.pressed.length)),
          ...flips(bytes, each, chance),
          lengthened(bytes),
        ]);
      const { verdicts, wrong } = await judge(version, anyPointer(), inputs, subject);
      say({ version, damaged: inputs.length, verdicts });
      expect(wrong).toEqual([]);
      expect(verdicts["same"], "most damage is seen by both").toBeGreaterThan(inputs.length / 2);
    });

    test("a job resumes from a checkpoint whose metadata we wrote, and has lost nothing", async () => {
      const restored = await restoreRewritten(session.cluster, session.store, subject.restores);
      say({ version, restored });
      expect(restored.bytesDiffer).toBe(true);
      const { atCheckpoint, atEnd } = restored;
      expect(atCheckpoint.ever, "all records before the checkpoint").toBe(atCheckpoint.due);
      expect(atEnd.ever, "all records in both lives").toBe(atEnd.due);
      expect(atEnd.now, "none of the first life again").toBe(atEnd.due - atCheckpoint.due);
      expect(restored.restoredFrom).toBe(restored.pointer);
    });
  });
});

const SAME = { verdict: "same", words: "" };
const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);

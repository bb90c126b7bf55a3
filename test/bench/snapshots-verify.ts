import { mkdirSync, writeFileSync } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { writeMetadata } from "../../engine/snapshot/index.ts";
import { parseLocation } from "../../model/index.ts";
import { verifySnapshot } from "../../recovery/index.ts";
import {
  compileStorageSettings,
  openStores,
  snapshotStorage,
  storageSettings,
} from "../../sidecar/storage/index.ts";
import { medianOf } from "./fidelity-snapshots.ts";
import { madeSnapshot } from "./snapshots-made.ts";
import { uuidOf } from "./snapshots-parse.ts";

/** What verifying one snapshot costs beside merely listing the same directories. Times in milliseconds. */
export interface VerifyRow {
  readonly store: "S3" | "local files";
  readonly files: number;
  readonly directories: number;
  readonly runs: number;
  readonly verifyMs: number;
  readonly listMs: number;
  /** Time that this process itself computed. */
  readonly verifyCpuMs: number;
  readonly listCpuMs: number;
  /** Requests of one verification by command; none for local files. */
  readonly requests: Readonly<Record<string, number>>;
  /** Live bytes above those before, at the highest of the samples, one after each page. */
  readonly heapBytes: number;
}

/** Files of one directory: the S3 server of this bench reads a directory anew for each page of it. */
const PER_DIRECTORY = 5_000;
const AT_ONCE = 8;
const BUCKET = "bench";

/** A snapshot on disk whose references name the store that it is read through. */
interface Made {
  readonly target: string;
  readonly root: string;
  /** Directories with the files, as paths below the bucket. */
  readonly prefixes: readonly string[];
}

/** Where the bench reads: an S3 server over `folder`, or the folder itself. */
export interface Subject {
  readonly store: VerifyRow["store"];
  readonly folder: string;
  readonly endpoint?: string;
}

/** Makes a snapshot of so many files, then verifies and lists it in turns. */
export async function verifyRow(subject: Subject, files: number, runs: number): Promise<VerifyRow> {
  const made = makeSnapshot(subject, files);
  const requests: Record<string, number> = {};
  const config = compileStorageSettings(
    storageSettings.parse(subject.endpoint === undefined ? {} : { s3: { endpoint: subject.endpoint } }),
  );
  const stores = openStores(config, (command) => {
    requests[command] = (requests[command] ?? 0) + 1;
  });
  const lister = listerOf(subject);
  const storage = snapshotStorage(stores, { roots: [parseLocation(made.root)] });
  const verify = async (progress?: () => void): Promise<void> => {
    const options = { now: Date.now(), ...(progress === undefined ? {} : { progress }) };
    const report = await verifySnapshot(storage, made.target, options);
    if (report.state !== "verified" || report.references.files !== files) throw new Error(report.sentence);
  };
  const list = async (): Promise<void> => {
    const counts = await inTurns(made.prefixes, (prefix) => lister.count(prefix));
    const seen = counts.reduce((sum, n) => sum + n, 0);
    if (seen !== files) throw new Error(`${seen} files were listed, not ${files}`);
  };
  try {
    await verify();
    await list();
    const perVerification = { ...requests };
    const times = { verify: [] as Took[], list: [] as Took[] };
    for (let run = 0; run < runs; run++) {
      times.verify.push(await took(verify));
      times.list.push(await took(list));
    }
    return {
      store: subject.store,
      files,
      directories: made.prefixes.length,
      runs,
      verifyMs: median(times.verify.map((t) => t.ms)),
      listMs: median(times.list.map((t) => t.ms)),
      verifyCpuMs: median(times.verify.map((t) => t.cpuMs)),
      listCpuMs: median(times.list.map((t) => t.cpuMs)),
      requests: perVerification,
      heapBytes: await highestHeap(verify),
    };
  } finally {
    stores.close();
    lister.close();
  }
}

function makeSnapshot({ store, folder }: Subject, files: number): Made {
  const base = `${files}/checkpoints/0123456789abcdef0123456789abcdef`;
  const root = store === "S3" ? `s3://${BUCKET}` : `file:${join(folder, BUCKET)}`;
  const prefixes = Array.from(
    { length: Math.ceil(files / PER_DIRECTORY) },
    (_, i) => `${base}/taskowned/tm-${i}`,
  );
  for (const prefix of prefixes) mkdirSync(join(folder, BUCKET, prefix), { recursive: true });
  const made = Array.from({ length: files }, (_, i) => {
    const name = `${prefixes[Math.floor(i / PER_DIRECTORY)]}/${uuidOf(i)}`;
    const bytes = i % 3;
    writeFileSync(join(folder, BUCKET, name), "x".repeat(bytes));
    return { path: `${root}/${name}`, bytes };
  });
  mkdirSync(join(folder, BUCKET, base, "chk-1"));
  const metadata = writeMetadata(madeSnapshot(1, made, Math.min(128, files)));
  writeFileSync(join(folder, BUCKET, base, "chk-1/_metadata"), metadata);
  return { target: `${root}/${base}/chk-1`, root, prefixes };
}

/** The shortest way to see all files of a directory with their sizes. */
interface Lister {
  count(prefix: string): Promise<number>;
  close(): void;
}

function listerOf({ folder, endpoint }: Subject): Lister {
  if (endpoint === undefined) {
    return { count: (prefix) => countLocal(join(folder, BUCKET, prefix)), close: () => undefined };
  }
  const client = new S3Client({ endpoint, forcePathStyle: true, maxAttempts: 1 });
  return { count: (prefix) => countS3(client, `${prefix}/`), close: () => client.destroy() };
}

async function countS3(client: S3Client, prefix: string): Promise<number> {
  let count = 0;
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix, Delimiter: "/", ContinuationToken: token }),
    );
    count += page.Contents?.length ?? 0;
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return count;
}

async function countLocal(directory: string): Promise<number> {
  let sizes: Promise<number>[] = [];
  let count = 0;
  for await (const entry of await opendir(directory, { bufferSize: 1_000 })) {
    sizes.push(lstat(join(directory, entry.name)).then((stats) => stats.size));
    if (sizes.length < 1_000) continue;
    count += (await Promise.all(sizes)).length;
    sizes = [];
  }
  return count + (await Promise.all(sizes)).length;
}

/** As many at once as a verification has. */
async function inTurns<T, U>(items: readonly T[], run: (item: T) => Promise<U>): Promise<U[]> {
  const left = items.values();
  const done: U[] = [];
  const worker = async () => {
    for (const item of left) done.push(await run(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

function median(values: readonly number[]): number {
  return medianOf(values) ?? Number.NaN;
}

interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}

async function took(run: () => Promise<void>): Promise<Took> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1_000 };
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Live bytes: garbage is collected before each sample, which is why this run is not timed. */
async function highestHeap(verify: (progress: () => void) => Promise<void>): Promise<number> {
  const live = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = live();
  let highest = before;
  await verify(() => {
    highest = Math.max(highest, live());
  });
  return highest - before;
}

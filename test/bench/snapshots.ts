import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startS3 } from "../real/s3/server.ts";
import { parseRow } from "./snapshots-parse.ts";
import { missedBy, renderSnapshots, type SnapshotBench } from "./snapshots-report.ts";
import { type Subject, verifyRow } from "./snapshots-verify.ts";

/**
 * `npm run bench:snapshots [-- --write] [--files 1000,10000] [--runs 5]`: how fast `_metadata` is parsed, and what
 * verifying a snapshot costs beside merely listing its files, in a real S3 server and on the local disk. Ends with 1
 * where a goal is missed. `--write` also writes docs/benchmarks/snapshots.md.
 */
const PAGE = join(import.meta.dirname, "../../docs/benchmarks/snapshots.md");
const PORT = 19_310;

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    files: { type: "string", default: "1000,10000,100000" },
    runs: { type: "string", default: "5" },
  },
});
const sizes = values.files.split(",").map(Number);
const home = mkdtempSync(join(tmpdir(), "outrider-bench-"));
const folders = { s3: join(home, "s3"), local: join(home, "local") };
mkdirSync(folders.local);
const server = await startS3({ port: PORT, folder: folders.s3, workDir: home });
try {
  Object.assign(process.env, server.env);
  const parse = [];
  for (const references of sizes) parse.push(await parseRow(references));
  const verify = [];
  const subjects: readonly Subject[] = [
    { store: "S3", folder: folders.s3, endpoint: server.url },
    { store: "local files", folder: folders.local },
  ];
  for (const subject of subjects) {
    for (const files of sizes) {
      process.stderr.write(`${subject.store}, ${files} files …\n`);
      verify.push(await verifyRow(subject, files, Number(values.runs)));
    }
  }
  const at = new Date().toISOString().slice(0, 10);
  const load = (loadavg()[2] ?? Number.NaN).toFixed(0);
  const machine = `Node ${process.version}, ${cpus().length} cores, load average ${load} in the last 15 minutes`;
  const bench: SnapshotBench = { at, machine, parse, verify };
  const page = renderSnapshots(bench);
  process.stdout.write(page);
  if (values.write) writeFileSync(PAGE, page);
  const missed = verify.flatMap(missedBy);
  for (const words of missed) process.stderr.write(`missed: ${words}\n`);
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
}

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { flinkVersions } from "../flink/fetch.ts";
import { type S3Server, startS3 } from "../s3/server.ts";
import { flavoursOf } from "./flavours.ts";
import { pressAll } from "./press-cluster.ts";
import { localStore, s3Store } from "./stores.ts";

/**
 * `npm exec -c 'node test/real/snapshots/try.ts --version 2.3.0 --out DIR [--store s3] [--only FLAVOUR]'`: snapshots of
 * real Flink below DIR, to look at. One line each: flavour, pointer, the jobs whose directories hold its files.
 */
const { values } = parseArgs({
  options: {
    version: { type: "string", default: "2.3.0" },
    out: { type: "string", default: "" },
    store: { type: "string", default: "local" },
    only: { type: "string" },
    "port-base": { type: "string", default: "18900" },
  },
});
const version = flinkVersions.find((known) => known === values.version);
if (version === undefined || values.out === "") throw new Error("expected --version 1.20.5|2.3.0 --out DIR");
const out = resolve(values.out);
const portBase = Number(values["port-base"]);
mkdirSync(join(out, "snapshots"), { recursive: true });
const s3: S3Server | undefined =
  values.store === "s3" ? await startS3({ port: portBase + 9, folder: out, workDir: out }) : undefined;
const store = s3 === undefined ? localStore(out) : s3Store({ url: s3.url, folder: out, bucket: "snapshots" });
const flavours = flavoursOf(store.name, true).filter(
  ({ name }) => values.only === undefined || name === values.only,
);
try {
  const began = Date.now();
  const { pressed, cluster } = await pressAll({ version, portBase, store, flavours, workDir: out });
  const seconds = (Date.now() - began) / 1000;
  await cluster.stop();
  for (const { flavour, pointer, jobIds } of pressed) {
    process.stdout.write(`${[flavour.name, pointer, ...jobIds].join("\t")}\n`);
  }
  process.stderr.write(`${pressed.length} snapshots of Flink ${version} in ${seconds} s\n`);
} finally {
  await s3?.stop();
}

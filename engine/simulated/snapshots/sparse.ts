import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Instant } from "../../../model/index.ts";

/** A file of this length that takes no room: its bytes are a hole. */
export function writeSparse(path: string, bytes: number, at: Instant): void {
  const file = openSync(path, "w");
  try {
    ftruncateSync(file, bytes);
  } finally {
    closeSync(file);
  }
  utimesSync(path, at / 1_000, at / 1_000);
}

/** Written beside it first, so that nobody finds half of it: as Flink does on file systems that can rename. */
export function writeWhole(path: string, bytes: Uint8Array, at: Instant): void {
  const temporary = path.replace(/[^/]+$/, "._metadata_temp");
  writeFileSync(temporary, bytes);
  utimesSync(temporary, at / 1_000, at / 1_000);
  renameSync(temporary, path);
}

/** A folder with those above it, one after the other: below `/proc`, Node's own recursion would never end. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

import type { Instant, SnapshotProblem, SnapshotReport, SnapshotState } from "../model/index.ts";
import { bytesText } from "./bytes-text.ts";
import type { Suspect } from "./presence.ts";
import type { Verification } from "./verify.ts";

/** A missing or short file in words. */
export function problemOf({ file, needed, found }: Suspect): SnapshotProblem {
  const sentence = found === null ? "is missing" : `has ${found} of the ${needed} bytes that are needed`;
  return { file, needed, found, sentence };
}

/** Of a snapshot whose `_metadata` could not be read: only its place and what stood in the way are known. */
export function unreadReport(
  path: string,
  state: SnapshotState,
  problem: SnapshotProblem,
  now: Instant,
): Verification {
  const report = {
    path,
    state,
    kind: kindByName(path),
    format: null,
    version: null,
    checkpointId: null,
    operators: [],
    references: { files: 0, bytes: 0 },
    problems: [problem],
    moreProblems: 0,
    checkedAt: now,
    writtenAt: null,
    metadataBytes: null,
  };
  return { ...report, sentence: sentenceFor(report) };
}

/** What the name of a snapshot's directory says of it. */
export function kindByName(path: string): SnapshotReport["kind"] {
  const name = nameIn(path);
  if (/^chk-\d+$/.test(name)) return "checkpoint";
  return name.startsWith("savepoint-") ? "savepoint" : "unknown";
}

/** One line: `checkpoint 42 is whole: 17 files with 83.4 kB`, `chk-42 is incomplete: shared/ab… is missing`. */
export function sentenceFor(report: Omit<SnapshotReport, "sentence">): string {
  const { state, references, version } = report;
  switch (state) {
    case "verified":
      return `${subjectOf(report)} is whole: ${filesText(references)}`;
    case "incomplete":
      return `${subjectOf(report)} is incomplete: ${firstOf(report)}`;
    case "corrupt":
      return `${subjectOf(report)} is corrupt: ${firstOf(report)}`;
    case "unsupported":
      return report.problems.length > 0
        ? `${subjectOf(report)} cannot be judged: ${firstOf(report)}`
        : `${subjectOf(report)} cannot be judged: no released Flink writes version ${version} of its format`;
    case "unknown":
      return `${subjectOf(report)} cannot be proven: ${firstOf(report)}`;
  }
}

function subjectOf({ path, kind, checkpointId }: Omit<SnapshotReport, "sentence">): string {
  const name = nameIn(path);
  if (kindByName(path) !== "unknown" || checkpointId === null) return name;
  return kind === "savepoint" ? `savepoint ${name}` : `checkpoint ${checkpointId} in ${name}`;
}

function filesText({ files, bytes }: SnapshotReport["references"]): string {
  if (files === 0) return "all its state lies in _metadata";
  return `${files === 1 ? "its file" : `all ${files.toLocaleString("en-US")} files`} with ${bytesText(bytes)}`;
}

function firstOf({ path, state, problems, moreProblems }: Omit<SnapshotReport, "sentence">): string {
  const [first] = problems;
  if (first === undefined) return "nothing more is known";
  const others = problems.length - 1 + moreProblems;
  const more = others > 0 ? ` (and ${others.toLocaleString("en-US")} more)` : "";
  // What a store says of itself names the place already.
  const saysWhere = state === "unknown" && first.needed === null;
  return `${saysWhere ? first.sentence : placeIn(path, first)}${more}`;
}

/** A file by the path from the snapshot's parent on, as people know it: `shared/ab…`, `chk-42/…`. */
function placeIn(path: string, { file, sentence }: SnapshotProblem): string {
  if (file === path) return sentence;
  const parent = path.slice(0, path.lastIndexOf("/") + 1);
  const short = file.startsWith(`${path}/`)
    ? file.slice(path.length + 1)
    : file.startsWith(parent)
      ? file.slice(parent.length)
      : file;
  return `${short} ${sentence}`;
}

const nameIn = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

import { Failure } from "./failure.ts";

/**
 * Where a file or directory lies, in a form in which equal places are equal. `path` begins with a slash, has none at
 * its end (`/` alone is the root) and holds no empty part, `.` or `..`; percent signs in it mean themselves.
 */
export interface Location {
  /** `file`, `s3`, `gs`, `abfss` … in lower case. */
  readonly scheme: string;
  /** Bucket, container and account, or host and port; empty for files and where Flink fills in a default. */
  readonly authority: string;
  readonly path: string;
}

/** Longest text that is read; HDFS allows 8,000 characters, the others less. */
const MOST_CHARACTERS = 8_192;
/** Flink's plugins read the same buckets under these names. */
const S3_SCHEMES = ["s3", "s3a", "s3n", "s3p"];
/** Schemes whose first part names the bucket or container; without it nothing can be found. */
const NEEDS_AUTHORITY = ["s3", "gs", "oss", "cos", "abfs", "abfss", "wasb", "wasbs"];
/** Schemes whose authority is `container@account`; elsewhere an `@` would follow a user and a password. */
const NAMES_CONTAINER = ["abfs", "abfss", "wasb", "wasbs"];
const DRIVE = "what Flink takes for a Windows drive";

/**
 * Reads a place as Flink writes it: `file:/a`, `file:///a`, `/a`, `s3://bucket/key`, `abfss://container@account/key`,
 * `hdfs://nn:8020/x`, `viewfs:/x` … Doubled slashes, `.` and a slash at the end go, as in Flink's own `Path`; `s3a`,
 * `s3n` and `s3p` become `s3`; nothing is decoded. Stricter than Flink: `..`, backslashes, control characters and
 * Windows drives are refused. Throws a `Failure` `bad-request` that says what is wrong.
 */
export function parseLocation(text: string): Location {
  const problem = problemOfText(text);
  if (problem !== undefined) throw wrong(text, problem);
  const { scheme, authority, path } = splitUrl(text);
  const wrongAuthority = problemOfAuthority(scheme, authority);
  if (wrongAuthority !== undefined) throw wrong(text, wrongAuthority);
  if (/^\/+[A-Za-z]:/.test(path)) throw wrong(text, DRIVE);
  return {
    scheme,
    authority: scheme === "file" ? "" : authority,
    path: cleanPath(path, text),
  };
}

/** The normal text of a place: `file:/a/b`, `s3://bucket/key`, `hdfs:/x` where no host is named. */
export function locationText({ scheme, authority, path }: Location): string {
  return authority === "" ? `${scheme}:${path}` : `${scheme}://${authority}${path}`;
}

/** The directory that holds this place; `undefined` for the root of a store. */
export function parentOf(location: Location): Location | undefined {
  const { path } = location;
  if (path === "/") return undefined;
  return { ...location, path: path.slice(0, Math.max(1, path.lastIndexOf("/"))) };
}

/** The last part of the path; empty for the root. */
export function nameOf({ path }: Location): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What is wrong with a name of one file or directory; `undefined` where nothing is. */
export function problemOfName(name: string): string | undefined {
  if (name === "") return "an empty name";
  if (name === "." || name === "..") return `the name ${name}`;
  if (name.includes("/")) return "a name with a slash";
  return problemOfText(name);
}

/** The place of a name right in a directory. Throws a `Failure` `bad-request` for `..`, slashes and the like. */
export function childOf(directory: Location, name: string): Location {
  const problem = problemOfName(name);
  if (problem !== undefined) {
    throw new Failure(
      "bad-request",
      `cannot use ${shown(name)} as a name in ${locationText(directory)}: got ${problem}; expected one file or directory`,
    );
  }
  return { ...directory, path: `${directory.path === "/" ? "" : directory.path}/${name}` };
}

/** Whether a place is the root or lies below it; `/a/bc` does not lie below `/a/b`. */
export function isInside(root: Location, location: Location): boolean {
  if (root.scheme !== location.scheme || root.authority !== location.authority) return false;
  if (root.path === "/" || root.path === location.path) return true;
  return location.path.startsWith(root.path) && location.path[root.path.length] === "/";
}

function wrong(text: string, got: string): Failure {
  return new Failure(
    "bad-request",
    `cannot read ${shown(text)} as a place: got ${got}; expected an absolute path or a URL such as s3://bucket/key`,
  );
}

/** The text within quotes, without what may be a password, not longer than people read. */
function shown(text: string): string {
  const bare = text.replace(/\/\/[^/]*@/, "//…@");
  return JSON.stringify(bare.length > 160 ? `${bare.slice(0, 160)}…` : bare);
}

function problemOfText(text: string): string | undefined {
  if (text.length > MOST_CHARACTERS) return `${text.length} characters, more than ${MOST_CHARACTERS}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return "a control character";
  if (text.includes("\\")) return "a backslash, which Flink takes for a slash";
  return text.isWellFormed() ? undefined : "half a character (a lone surrogate)";
}

function splitUrl(text: string): { scheme: string; authority: string; path: string } {
  if (/^[A-Za-z]:/.test(text)) throw wrong(text, DRIVE);
  const url = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/]*))?(\/.*)?$/.exec(text);
  if (url?.[1] !== undefined && (url[2] !== undefined || url[3] !== undefined)) {
    const scheme = url[1].toLowerCase();
    return {
      scheme: S3_SCHEMES.includes(scheme) ? "s3" : scheme,
      authority: url[2] ?? "",
      path: url[3] ?? "/",
    };
  }
  if (/^\/\/[^/]/.test(text)) throw wrong(text, "a host without a scheme");
  if (!text.startsWith("/")) throw wrong(text, text === "" ? "nothing" : "a relative path");
  return { scheme: "file", authority: "", path: text };
}

function problemOfAuthority(scheme: string, authority: string): string | undefined {
  if (scheme === "file") {
    if (authority === "" || authority === "localhost") return undefined;
    return `a file on another machine (${authority})`;
  }
  if (authority === "" && NEEDS_AUTHORITY.includes(scheme)) return `no bucket or container after ${scheme}:`;
  const mayHoldAt = NAMES_CONTAINER.includes(scheme) && !/:.*@/.test(authority);
  return authority.includes("@") && !mayHoldAt ? "credentials in it" : undefined;
}

function cleanPath(path: string, text: string): string {
  if (!/\/(?:\/|\.{1,2}(?:\/|$)|$)/.test(path)) return path;
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw wrong(text, "a path with ..");
  return `/${parts.join("/")}`;
}

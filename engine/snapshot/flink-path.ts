/**
 * Which texts Flink takes for a path. A metadata file with another one is refused by Flink as a whole, so it may not be
 * called good. Where a path leads is the caller's business: `..`, NUL and doubled slashes pass here.
 */

const SCHEME = /^[a-z][a-z\d+.-]*$/i;
const DRIVE = /^[a-z]:/i;

/** Why Flink refuses this text as a path; `undefined` when it takes it. */
export function pathFault(text: string): string | undefined {
  if (text === "") return "is empty";
  const colon = text.indexOf(":");
  if (colon === -1) return authorityFault(text);
  const slash = text.indexOf("/");
  if ((slash !== -1 && slash < colon) || DRIVE.test(text)) return authorityFault(text);
  if (!SCHEME.test(text.slice(0, colon))) return "has a scheme that is none";
  const rest = text.slice(colon + 1);
  return /^[/\\]/.test(rest) ? authorityFault(rest) : "has a scheme, but is not absolute";
}

/** As `pathFault`, for a name below the directory of `_metadata`. Flink takes some absolute ones; it writes none. */
export function relativePathFault(text: string): string | undefined {
  if (text === "") return "is empty";
  if (/^[/\\]/.test(text)) return "is absolute, though it stands beside _metadata";
  const colon = text.indexOf(":");
  const slash = text.indexOf("/");
  return colon !== -1 && (slash === -1 || colon < slash) ? "has a scheme, though it is relative" : undefined;
}

/** Brackets belong to IPv6 addresses; no store of files is named by one. */
function authorityFault(text: string): string | undefined {
  if (!text.startsWith("//") || text.length === 2) return undefined;
  const end = text.indexOf("/", 2);
  return /[[\]]/.test(end === -1 ? text : text.slice(0, end))
    ? "has brackets where a host stands"
    : undefined;
}

/**
 * A path as Flink's own `Path` spells it again: one slash where there were several, none at the end, no `.` and no `..`
 * between, `file:/a` for `file:///a`.
 */
export function flinkPath(text: string): string {
  const slashed = text.replaceAll("\\", "/");
  const [, scheme = "", authority = "", path = ""] = /^([^/:]+:)?(?:\/\/([^/]*))?(.*)$/s.exec(slashed) ?? [];
  const names = path.split("/").filter((name) => name !== "");
  const kept: string[] = [];
  for (const name of names) {
    if (name === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (name !== ".") kept.push(name);
  }
  // Java's `URI.normalize` leaves the slash before a `.` at the end, and before a `..` that took a name away.
  const took = kept.length > 0 && kept.at(-1) !== ".." && /^\.\.?$/.test(names.at(-1) ?? "");
  const root = path.startsWith("/") ? "/" : "";
  return `${scheme}${authority === "" ? "" : `//${authority}`}${root}${kept.join("/")}${took ? "/" : ""}`;
}

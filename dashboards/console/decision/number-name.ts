/** Names whose words alone would not tell what is counted. */
const WORDS: Readonly<Record<string, string>> = {
  agoMs: "since then",
  after: "slots after",
  before: "slots before",
  free: "slots free",
  max: "most subtasks",
  newestAgeMs: "newest reading, age",
  parallelism: "subtasks",
  patienceMs: "patience",
  quietMs: "quiet for",
  ranMs: "has run for",
  waitMs: "to be kept",
  watchedMs: "watched for",
};

/** The name of a number of a guard in words: `newestAgeMs` → `newest reading, age`; one that is new here as it is spelt. */
export function numberName(name: string): string {
  return (
    (Object.hasOwn(WORDS, name) ? WORDS[name] : undefined) ??
    name
      .replace(/Ms$/, "")
      .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
      .toLowerCase()
  );
}

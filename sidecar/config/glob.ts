/** Whether a whole text matches: `*` is any run of characters (also `/`), `?` is one; everything else is itself. */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    // Several stars in a row mean the same as one, and would make the match slow.
    .replaceAll(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, "su").test(text);
}

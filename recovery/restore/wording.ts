/** `chk-41` of `s3://b/c/<job>/chk-41`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A sentence without its full stop, to stand inside another one. */
export function bare(sentence: string): string {
  return sentence.replace(/\.\s*$/, "");
}

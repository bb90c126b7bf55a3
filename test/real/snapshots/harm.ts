import { existsSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";

/** Does something to a file, looks, and puts the file back as it was. */
async function during<T>(undo: () => void, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } finally {
    undo();
  }
}

/** What `look` finds while the file is not there. */
export function whileMissing<T>(file: string, look: () => Promise<T>): Promise<T> {
  if (!existsSync(file)) throw new Error(`${file} is not there to be taken away`);
  const aside = `${file}.aside`;
  renameSync(file, aside);
  return during(() => renameSync(aside, file), look);
}

/** What `look` finds while only the first `length` bytes of the file are there. */
export function whileShortened<T>(file: string, length: number, look: () => Promise<T>): Promise<T> {
  const whole = readFileSync(file);
  truncateSync(file, length);
  return during(() => writeFileSync(file, whole), look);
}

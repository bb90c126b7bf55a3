import type { SnapshotDefect } from "../../model/index.ts";

/** Thrown inside this folder when the bytes make no sense; no exported function lets it out. */
export class Defective extends Error {
  readonly defect: SnapshotDefect;

  constructor(defect: SnapshotDefect) {
    super(defect.sentence);
    this.name = "Defective";
    this.defect = defect;
  }
}

/** The file is cut or contradicts itself. `offset`: the byte where that shows. */
export function corrupt(offset: number, sentence: string): Defective {
  return new Defective({ state: "corrupt", offset, sentence });
}

/** The file says something that Outrider does not know. */
export function unsupported(offset: number, sentence: string): Defective {
  return new Defective({ state: "unsupported", offset, sentence });
}

/** Runs a reading; a defect becomes a value, anything else is a fault of ours and flies on. */
export function orDefect<T>(read: () => T): T | { readonly ok: false; readonly defect: SnapshotDefect } {
  try {
    return read();
  } catch (error) {
    if (error instanceof Defective) return { ok: false, defect: error.defect };
    throw error;
  }
}

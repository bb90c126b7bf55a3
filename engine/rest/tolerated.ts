import { Failure } from "../../model/index.ts";

/** `undefined` instead of a failure, for what a readout can do without. */
export async function tolerated<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

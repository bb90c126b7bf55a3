import { within } from "./deadline.ts";
import { storageFailure } from "./failures.ts";
import type { Bounds, ObjectPage } from "./object-store.ts";

/** A page of a remote listing and where the next one begins. */
export interface RemotePage extends ObjectPage {
  /** Undefined on the last page. */
  readonly next: string | undefined;
  /** The directory is there although nothing is in it: the store keeps an entry for the directory itself. */
  readonly there: boolean;
}

/** Asks for the first page, or for the one that a token names. */
export type FetchPage = (token: string | undefined, signal: AbortSignal) => Promise<RemotePage>;

/** Longest continuation token that we send back; the stores make them of a key, which has at most 1,024 bytes. */
const LONGEST_TOKEN = 8_192;

/**
 * All pages of a remote listing. Ends with a `Failure`, never with a short listing, when a page fails, comes too late,
 * names a page that was there already, or when there are more than the bounds allow.
 */
export async function* pagesOf(
  what: string,
  fetchPage: FetchPage,
  bounds: Bounds,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectPage> {
  const tokens = new Set<string>();
  let token: string | undefined;
  for (let count = 1; ; count += 1) {
    const from = token;
    const page = await within(bounds.pageTimeoutMs, what, signal, (stop) => fetchPage(from, stop));
    if (page.there || page.files.length > 0 || page.directories.length > 0) {
      yield { files: page.files, directories: page.directories };
    }
    if (page.next === undefined) return;
    if (page.next === "" || page.next.length > LONGEST_TOKEN || tokens.has(page.next)) {
      throw storageFailure("bad-reply", what, `page ${count}, which names no page after it that is new`, {
        expected: "pages that lead on to the end of the listing",
      });
    }
    if (count >= bounds.mostPages) {
      throw storageFailure("too-large", what, `more than ${bounds.mostPages} pages`, {
        expected: "a directory that can be listed whole",
      });
    }
    tokens.add(page.next);
    token = page.next;
  }
}

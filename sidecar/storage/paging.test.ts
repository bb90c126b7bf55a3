import { describe, expect, test } from "vitest";
import { type FetchPage, pagesOf, type RemotePage } from "./paging.ts";

const BOUNDS = { pageTimeoutMs: 5_000, readTimeoutMs: 5_000, mostPages: 5 };
const page = (name: string | undefined, next?: string, there = false): RemotePage => ({
  files: name === undefined ? [] : [{ name, bytes: 1, modifiedAt: null }],
  directories: [],
  next,
  there,
});

async function listing(fetchPage: FetchPage): Promise<string> {
  const names: string[] = [];
  for await (const { files } of pagesOf("list x", fetchPage, BOUNDS, undefined)) {
    names.push(files.map((f) => f.name).join("+") || "nothing");
  }
  return names.join(" ");
}

/** Pages by the token that asks for them; the first has none. */
const served =
  (pages: Readonly<Record<string, RemotePage>>): FetchPage =>
  async (token) =>
    pages[token ?? "first"] ?? page(undefined);

describe("a listing in pages", () => {
  test.each<[string, Readonly<Record<string, RemotePage>>, string]>([
    ["follows its tokens", { first: page("a", "t1"), t1: page("b", "t2"), t2: page("c") }, "a b c"],
    ["goes on after an empty page", { first: page(undefined, "t1"), t1: page("b") }, "b"],
    ["of nothing is no page", { first: page(undefined) }, ""],
    [
      "of an empty directory that is there is one page",
      { first: page(undefined, undefined, true) },
      "nothing",
    ],
  ])("%s", async (_, pages, expected) => {
    expect(await listing(served(pages))).toBe(expected);
  });

  test.each<[string, FetchPage, string, string]>([
    ["repeats a token", served({ first: page("a", "t1"), t1: page("b", "t1") }), "bad-reply", "page 2"],
    [
      "goes round",
      served({ first: page("a", "t1"), t1: page("b", "t2"), t2: page("c", "t1") }),
      "bad-reply",
      "page 3",
    ],
    ["names an empty token", served({ first: page("a", "") }), "bad-reply", "page 1"],
    ["names an endless token", served({ first: page("a", "x".repeat(10_000)) }), "bad-reply", "page 1"],
    ["never ends", async (token) => page(undefined, `${token ?? ""}x`), "too-large", "more than 5 pages"],
  ])("that %s is a failure", async (_, fetchPage, code, words) => {
    await expect(listing(fetchPage)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  test("that breaks after a page is a failure, not a short listing", async () => {
    const breaking: FetchPage = async (token) => {
      if (token !== undefined) throw new Error("gone");
      return page("a", "t1");
    };
    await expect(listing(breaking)).rejects.toThrow("gone");
  });
});

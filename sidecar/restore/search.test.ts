import { expect, test } from "vitest";
import { aLife } from "../../test/support/restore-records.ts";
import type { RestorePoints } from "./ports.ts";
import { Search } from "./search.ts";

const JOB = "flink/default/orders";

/** A search whose store answers at once, and what it was asked. */
function aSearch() {
  const asked: string[] = [];
  const points = {
    scan: async (_job: string, { flinkJobId }: { flinkJobId: string }) => void asked.push(flinkJobId),
    verifyNow: async (_job: string, path: string) => void asked.push(path),
  } as unknown as RestorePoints;
  return { asked, search: new Search(points, () => undefined) };
}

test.each<[string, readonly [number, readonly string[]][], readonly string[]]>([
  [
    "a snapshot without an answer is not asked about twice within 5 s",
    [
      [0, ["chk-2"]],
      [4_999, ["chk-2"]],
      [5_000, ["chk-2"]],
    ],
    ["chk-2", "chk-2"],
  ],
  [
    "once the newest is known to be broken, the one before it is asked about at once",
    [
      [0, ["chk-2"]],
      [200, ["chk-1"]],
    ],
    ["chk-2", "chk-1"],
  ],
])("%s", async (_, questions, expected) => {
  const { asked, search } = aSearch();
  for (const [now, paths] of questions) {
    search.verify(JOB, paths, now);
    await search.settled();
  }
  expect(asked).toEqual(expected);
});

test("while one verdict is outstanding no other is asked for", async () => {
  const { asked, search } = aSearch();
  search.verify(JOB, ["chk-2"], 0);
  search.verify(JOB, ["chk-1"], 0);
  await search.settled();
  expect(asked).toEqual(["chk-2"]);
});

test("a scan from before the job was gone is repeated at once", async () => {
  const { asked, search } = aSearch();
  const life = aLife();
  for (const [since, now] of [
    [0, 1_000],
    [0, 2_000],
    [1_500, 2_000],
  ] as const) {
    search.scan(JOB, life, since, now);
    await search.settled();
  }
  expect(asked).toHaveLength(2);
});

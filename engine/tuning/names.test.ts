import { describe, expect, test } from "vitest";
import { Failure } from "../../model/index.ts";
import { createGatherer } from "./gather.ts";
import { readVertices } from "./read-vertex.ts";

describe("metric names", () => {
  test("are asked for twice, because a cluster that nobody asked answers an old list first", async () => {
    let asked = 0;
    const lists = [[{ id: "numRecordsIn" }], [{ id: "numRecordsIn" }, { id: "Source__gen.pendingRecords" }]];
    const transport = {
      call: async <T>(call: {
        path: readonly string[];
        query?: string;
        schema: { parse(v: unknown): T };
      }): Promise<T> => {
        if (call.path.at(-1) === "metrics" && call.query === undefined)
          return call.schema.parse(lists[asked++]);
        throw new Failure("unavailable", "not part of this test");
      },
    };
    const vertex = { id: "a", name: "Source: gen", parallelism: 1, maxParallelism: 1, slotSharingGroup: "g" };
    const details = { graph: { vertices: [vertex], edges: [] }, now: 100_000, runningSince: 0 };
    const job = { flinkJobId: "j", state: "RUNNING" as const };
    const [read] = await readVertices(
      createGatherer(transport as Parameters<typeof createGatherer>[0], 1_000),
      0,
      job,
      details as unknown as Parameters<typeof readVertices>[3],
    );
    expect(read?.reportsPending).toEqual({ kind: "read", value: true });
  });
});

import { describe, expect, it } from "vitest";
import { BOX, layOut, pathThrough, structureKey } from "./layout.ts";
import { loadOf, sharesOf } from "./load.ts";

const chain = (count: number) => ({
  vertices: Array.from({ length: count }, (_, i) => ({ id: `v${i}` })),
  edges: Array.from({ length: count - 1 }, (_, i) => ({ from: `v${i}`, to: `v${i + 1}`, ship: "HASH" })),
});

describe("a layout", () => {
  it.each([
    ["LR", "x"],
    ["TB", "y"],
  ] as const)("%s puts what follows further along %s", (direction, axis) => {
    const { vertices } = layOut(chain(4), direction);
    const along = vertices.map((v) => v[axis]);
    expect(along).toEqual(along.toSorted((a, b) => a - b));
    expect(new Set(along).size).toBe(4);
  });

  it("keeps 200 vertices apart", () => {
    const wide = {
      vertices: chain(200).vertices,
      edges: Array.from({ length: 199 }, (_, i) => ({
        from: `v${Math.floor(i / 3)}`,
        to: `v${i + 1}`,
        ship: "HASH",
      })),
    };
    const { vertices, width, height } = layOut(wide, "LR");
    for (const [i, a] of vertices.entries()) {
      for (const b of vertices.slice(i + 1)) {
        const apart = Math.abs(a.x - b.x) >= BOX.width || Math.abs(a.y - b.y) >= BOX.height;
        expect([a.id, b.id, apart]).toEqual([a.id, b.id, true]);
      }
      expect(a.x >= 0 && a.x + BOX.width <= width && a.y + BOX.height <= height).toBe(true);
    }
  });

  it("survives edges to nowhere, loops and circles", () => {
    const odd = {
      vertices: [{ id: "a" }, { id: "b" }],
      edges: [
        { from: "a", to: "x", ship: "" },
        { from: "a", to: "a", ship: "" },
        { from: "a", to: "b", ship: "" },
        { from: "b", to: "a", ship: "" },
      ],
    };
    const { vertices, edges } = layOut(odd, "LR");
    expect(vertices).toHaveLength(2);
    expect(edges.every((e) => e.points.length > 1)).toBe(true);
  });

  it("does not change with the numbers", () => {
    const a = chain(2);
    const numbered = { ...a, vertices: a.vertices.map((v, i) => ({ ...v, inRate: i })) };
    expect(structureKey(numbered)).toBe(structureKey(a));
    expect(structureKey(chain(3))).not.toBe(structureKey(a));
  });

  it("draws a line through its points", () => {
    expect(pathThrough([])).toBe("");
    expect(
      pathThrough([
        { x: 0, y: 0 },
        { x: 10, y: 0 },
        { x: 20, y: 10 },
      ]),
    ).toBe("M0.0,0.0 Q10.0,0.0 15.0,5.0 L20.0,10.0");
  });
});

describe("the load of a vertex", () => {
  it.each([
    [null, null, "unknown"],
    [0.5, null, "calm"],
    [0.6, 0, "calm"],
    [0.75, 0, "working"],
    [0.95, 0.02, "full"],
    [0.1, 0.9, "held"],
    [0.02, 0.05, "calm"],
  ])("busy %s and held %s is %s", (busyShare, backPressuredShare, expected) => {
    expect(loadOf({ busyShare, backPressuredShare })).toBe(expected);
  });

  it.each([
    [0.5, 0.2, { busy: 0.5, held: 0.2, idle: 0.3 }],
    [1.4, 0.2, { busy: 1, held: 0, idle: 0 }],
    [0.5, null, null],
  ])("busy %s and held %s fill a bar", (busyShare, backPressuredShare, expected) => {
    const shares = sharesOf({ busyShare, backPressuredShare });
    if (expected === null) expect(shares).toBeNull();
    else {
      expect(shares?.busy).toBeCloseTo(expected.busy);
      expect(shares?.held).toBeCloseTo(expected.held);
      expect(shares?.idle).toBeCloseTo(expected.idle);
    }
  });
});

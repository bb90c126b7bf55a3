import { describe, expect, test } from "vitest";
import { layOut } from "./layout.ts";
import type { PanelSpec, RowSpec } from "./panel.ts";

const panel = (id: number, width: number, height: number) => ({ id, width, height }) as PanelSpec;
const row = (id: number, ...panels: readonly PanelSpec[]): RowSpec => ({ id, title: `row ${id}`, panels });

/** `id: x,y wxh` for rows and panels in their order. */
function places(rows: readonly RowSpec[]): readonly string[] {
  return layOut(rows).flatMap(({ row, place, panels }) =>
    [{ id: row.id, place }, ...panels.map((p) => ({ id: p.panel.id, place: p.place }))].map(
      ({ id, place: { x, y, w, h } }) => `${id}: ${x},${y} ${w}x${h}`,
    ),
  );
}

describe("the layout", () => {
  test("puts panels beside each other and breaks the line where one does not fit", () => {
    expect(places([row(1, panel(2, 12, 8), panel(3, 12, 8), panel(4, 8, 6))])).toEqual([
      "1: 0,0 24x1",
      "2: 0,1 12x8",
      "3: 12,1 12x8",
      "4: 0,9 8x6",
    ]);
  });

  test("makes a line as high as its highest panel, and a row begin below it", () => {
    expect(
      places([row(1, panel(2, 8, 4), panel(3, 8, 9), panel(4, 16, 2)), row(5, panel(6, 24, 3))]),
    ).toEqual(["1: 0,0 24x1", "2: 0,1 8x4", "3: 8,1 8x9", "4: 0,10 16x2", "5: 0,12 24x1", "6: 0,13 24x3"]);
  });

  test("of a row without panels is the row", () => {
    expect(places([row(1), row(2)])).toEqual(["1: 0,0 24x1", "2: 0,1 24x1"]);
  });
});

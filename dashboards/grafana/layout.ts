import type { PanelSpec, RowSpec } from "./panel.ts";

/** Columns of Grafana's grid. */
export const COLUMNS = 24;
const ROW_HEIGHT = 1;

/** Where something lies on the grid. */
export interface GridPlace {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A row with its place and those of its panels. */
export interface PlacedRow {
  readonly row: RowSpec;
  readonly place: GridPlace;
  readonly panels: readonly { readonly panel: PanelSpec; readonly place: GridPlace }[];
}

/** Places rows below each other and their panels from left to right; a line is as high as its highest panel. */
export function layOut(rows: readonly RowSpec[]): readonly PlacedRow[] {
  let y = 0;
  return rows.map((row) => {
    const place = { x: 0, y, w: COLUMNS, h: ROW_HEIGHT };
    y += ROW_HEIGHT;
    let [x, lineHeight] = [0, 0];
    const panels = row.panels.map((panel) => {
      if (x + panel.width > COLUMNS) {
        y += lineHeight;
        [x, lineHeight] = [0, 0];
      }
      const at = { x, y, w: panel.width, h: panel.height };
      x += panel.width;
      lineHeight = Math.max(lineHeight, panel.height);
      return { panel, place: at };
    });
    y += lineHeight;
    return { row, place, panels };
  });
}

import type { ComponentChildren } from "preact";
import { ScrollArea } from "./scroll-area.tsx";

/** One column of numbers; what a missing one looks like is the caller's. */
export interface NumberColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
}

/** A table of numbers, one thing a row, that scrolls by itself where it is too wide. */
export function NumberTable<Row>(props: {
  readonly label: string;
  readonly caption: string;
  readonly head: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly nameOf: (row: Row) => string;
  readonly columns: readonly NumberColumn<Row>[];
}) {
  const { rows, columns, keyOf, nameOf } = props;
  return (
    <ScrollArea label={props.label}>
      <table class="plain">
        <caption class="hidden">{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{props.head}</th>
            {columns.map(({ title }) => (
              <th key={title} scope="col" class="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row" class="wrap" title={keyOf(row)}>
                {nameOf(row)}
              </th>
              {columns.map(({ title, cell }) => (
                <td key={title} class="number">
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

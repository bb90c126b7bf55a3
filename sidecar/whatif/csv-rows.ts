/** One record of a CSV text, and the line where it begins, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Where a cell or a record ends in the text, and what was read until there. */
interface Cell {
  readonly text: string;
  readonly end: number;
}

const BREAK = /\r\n|\n|\r/g;

/**
 * The records of a CSV text (RFC 4180: in quotes commas and line breaks are text, and `""` is a quote), their cells
 * without the blanks around them; empty lines are left out. Any line break will do, and blanks beside the quotes, as
 * spreadsheets write them. A text instead: the line and what is wrong there.
 */
export function csvRows(text: string): readonly CsvRow[] | string {
  const rows: CsvRow[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    const plain = text.slice(at, end);
    const row = plain.includes('"') ? quotedRow(text, at) : { cells: plain.split(","), end };
    if (row === undefined) {
      const got = JSON.stringify(plain.slice(0, 60));
      return `line ${line}; got ${got}; expected a closing quote for every quote, and a comma or the end of the line behind it`;
    }
    const cells = row.cells.map((cell) => cell.trim());
    if (cells.length > 1 || cells[0] !== "") rows.push({ line, cells });
    line += 1 + (row.end === end ? 0 : breaksIn(text, at, row.end));
    at = row.end + (text.startsWith("\r\n", row.end) ? 2 : 1);
  }
  return rows;
}

function lineEnd(text: string, from: number): number {
  BREAK.lastIndex = from;
  return BREAK.exec(text)?.index ?? text.length;
}

/** Line breaks within the quotes of one record. */
const breaksIn = (text: string, from: number, to: number): number =>
  text.slice(from, to).match(BREAK)?.length ?? 0;

/** A record that has quotes; undefined: one of them is not closed, or something other than a comma is behind it. */
function quotedRow(text: string, from: number): { cells: string[]; end: number } | undefined {
  const cells: string[] = [];
  let end = lineEnd(text, from);
  for (let at = from; ; ) {
    const begin = afterBlanks(text, at);
    // Not looked for in every cell: a line of millions of them would take hours.
    if (at > end) end = lineEnd(text, at);
    const cell = text[begin] === '"' ? quotedCell(text, begin) : bareCell(text, at, end);
    if (cell === undefined) return undefined;
    cells.push(cell.text);
    if (text[cell.end] !== ",") return { cells, end: cell.end };
    at = cell.end + 1;
  }
}

/** A quote within a bare cell is a letter like any other. */
function bareCell(text: string, from: number, lineEnd: number): Cell {
  const rest = text.slice(from, lineEnd);
  const comma = rest.indexOf(",");
  const cell = comma === -1 ? rest : rest.slice(0, comma);
  return { text: cell, end: from + cell.length };
}

function quotedCell(text: string, from: number): Cell | undefined {
  let close = text.indexOf('"', from + 1);
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close === -1) return undefined;
  const end = afterBlanks(text, close + 1);
  const ends = end === text.length || text[end] === "," || text[end] === "\r" || text[end] === "\n";
  return ends ? { text: text.slice(from + 1, close).replaceAll('""', '"'), end } : undefined;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at += 1;
  return at;
}

/* The forms of a result: what --format takes. */

import { didYouMean, UserError } from '#base';
import { jsonText, type Change } from '#engine';
import { cellText, plainText, widthOf } from './cell.ts';
import { TableWriter } from './table.ts';
import { rowCount } from './text-table.ts';
import { rowWriter, type ResultShape, type ResultWriter } from './writer.ts';

export const resultFormats = ['table', 'csv', 'tsv', 'json', 'vertical', 'markdown'] as const;
export type ResultFormat = (typeof resultFormats)[number];

/** Throws CLI1004 for what is no format. */
export function resultFormat(text: string): ResultFormat {
  const found = resultFormats.find((f) => f === text);
  if (found !== undefined) return found;
  throw new UserError('CLI1004', {
    message: `--format ${text}: expected ${resultFormats.join(', ')}`,
    hint: didYouMean(text, resultFormats),
  });
}

/** `cellWidthMax`: wider cells of a table are cut; for a terminal. */
export function resultWriter(
  format: ResultFormat,
  shape: ResultShape,
  cellWidthMax = Infinity,
): ResultWriter {
  switch (format) {
    case 'table':
      return new TableWriter(shape, cellWidthMax);
    case 'csv':
      return delimited(shape, ',', csvCell);
    case 'tsv':
      return delimited(shape, '\t', tsvCell);
    case 'json':
      return jsonObjects(shape);
    case 'vertical':
      return vertical(shape);
    case 'markdown':
      return markdown(shape);
  }
}

/** RFC 4180, but lines end with \n alone: NULL is nothing, the empty string is "". */
const csvCell = (text: string | null): string =>
  text === null ? '' : text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const tsvEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};
/** As PostgreSQL's COPY writes text: NULL is \N. */
const tsvCell = (text: string | null): string =>
  text === null ? '\\N' : text.replace(/[\\\t\n\r]/g, (c) => tsvEscapes[c]!);

function delimited(
  { fields, kinds, zone }: ResultShape,
  separator: string,
  cell: (text: string | null) => string,
): ResultWriter {
  const line = (cells: readonly string[]): string => `${cells.join(separator)}\n`;
  const names = fields.map((f) => cell(f.name));
  return rowWriter(line(kinds ? ['op', ...names] : names), ({ kind, row }) => {
    const cells = row.map((value, i) => cell(plainText(value, fields[i]!.type, zone)));
    return line(kinds ? [kind, ...cells] : cells);
  });
}

/** One object a line, by the names of the columns; values as everywhere in JSON. */
function jsonObjects({ fields, kinds }: ResultShape): ResultWriter {
  const names = fields.map((f) => `${JSON.stringify(f.name)}:`);
  return rowWriter('', ({ kind, row }) => {
    const cells = row.map((value, i) => names[i]! + jsonText(value, fields[i]!.type));
    return `{${(kinds ? [`"op":"${kind}"`, ...cells] : cells).join(',')}}\n`;
  });
}

function vertical({ fields, kinds, zone }: ResultShape): ResultWriter {
  const names = [...(kinds ? ['op'] : []), ...fields.map((f) => f.name)];
  const width = Math.max(...names.map(widthOf));
  let rows = 0;
  const writer = rowWriter('', ({ kind, row }, index) => {
    rows++;
    const cells = row.map((value, i) => cellText(value, fields[i]!, zone));
    const lines = (kinds ? [kind, ...cells] : cells).map(
      (cell, i) => `${names[i]!}${' '.repeat(width - widthOf(names[i]!))} | ${cell}\n`,
    );
    return `-[ row ${index + 1} ]${'-'.repeat(Math.max(4, width - 4))}\n${lines.join('')}`;
  });
  return { ...writer, end: () => `${rows === 0 ? 'Empty set' : rowCount(rows)}\n` };
}

/** `<` would begin a tag, and <NULL> vanish. */
function markdown({ fields, kinds, zone }: ResultShape): ResultWriter {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((c) => c.replace(/[|<]/g, '\\$&')).join(' | ')} |\n`;
  const names = [...(kinds ? ['op'] : []), ...fields.map((f) => f.name)];
  return rowWriter(line(names) + line(names.map(() => '---')), ({ kind, row }) => {
    const cells = row.map((value, i) => cellText(value, fields[i]!, zone));
    return line(kinds ? [kind, ...cells] : cells);
  });
}

/** JSON lines of `--json`: one change a line, for statement number `statement`. */
export function changeLines({ fields }: ResultShape, statement: number): ResultWriter {
  return rowWriter(
    '',
    ({ kind, row }: Change) =>
      `{"statement":${statement},"kind":"${kind}","row":[${row.map((v, i) => jsonText(v, fields[i]!.type)).join(',')}]}\n`,
  );
}

/* Rows of test files: `a | b | NULL` or a JSON list, a change kind in front; cells are read by their column's type. */

import { UserError } from '#base';
import { changeText, compareValues, layoutOf, type LogicalType, type Row, type Value } from '#data';
import { formatValue } from '#expr';
import { fromJson, fromText, jsonText, parseJson, type Json } from '#engine';

export interface KindedRow {
  readonly kind: number;
  readonly row: Row;
}

/** Reads one line. Throws SLT1002. */
export function parseRow(text: string, columnTypes: readonly LogicalType[], line: number): KindedRow {
  const match = /^(\+I|-U|\+U|-D)(?:\s+|$)/.exec(text);
  const kind = match ? changeText.indexOf(match[1] as '+I') : 0;
  const rest = match ? text.slice(match[0].length) : text;
  try {
    const row =
      rest.startsWith('[') && looksJson(rest) ? jsonRow(rest, columnTypes) : tableRow(rest, columnTypes);
    return { kind, row };
  } catch (thrown) {
    if (thrown instanceof UserError)
      throw new UserError(thrown.code, {
        message: thrown.message,
        hint: thrown.hint,
        at: { start: 0, end: 0, line, column: 1 },
      });
    if (thrown instanceof SyntaxError)
      throw new UserError('SLT1002', {
        message: `this is not JSON: ${thrown.message}`,
        at: { start: 0, end: 0, line, column: 1 },
      });
    throw thrown;
  }
}
function looksJson(text: string): boolean {
  try {
    return Array.isArray(parseJson(text));
  } catch {
    return false;
  }
}
function jsonRow(text: string, columnTypes: readonly LogicalType[]): Row {
  const cells = parseJson(text) as readonly Json[];
  // One ARRAY column may be written as the bare list.
  if (cells.length !== columnTypes.length) throw wrongCount(cells.length, columnTypes.length);
  return columnTypes.map((t, i) => fromJson(cells[i]!, t));
}
const wrongCount = (found: number, expected: number): UserError =>
  new UserError('SLT1002', { message: `found ${found} cells, expected ${expected}` });

function tableRow(text: string, columnTypes: readonly LogicalType[]): Row {
  const cells = columnTypes.length === 0 && text.trim() === '' ? [] : splitCells(text);
  if (cells.length !== columnTypes.length) throw wrongCount(cells.length, columnTypes.length);
  return columnTypes.map((t, i) => cell(cells[i]!, t));
}

/** Cells between bars; a bar inside quotes, brackets or braces is part of its cell. */
function splitCells(text: string): string[] {
  const cells: string[] = [];
  let start = 0;
  let depth = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = text[i];
    const fresh = text.slice(start, i).trim() === '';
    if (c === "'" && fresh && depth === 0) i = closingQuote(text, i);
    else if (c === '"' && depth > 0) i = closingString(text, i);
    else if ((c === '{' || c === '[') && (fresh || depth > 0)) depth++;
    else if ((c === '}' || c === ']') && depth > 0) depth--;
    else if ((c === '|' && depth === 0) || i === text.length) {
      cells.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return cells;
}
function closingQuote(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] !== "'") continue;
    if (text[i + 1] === "'") i++;
    else return i;
  }
  return text.length - 1;
}
function closingString(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length - 1;
}

function cell(text: string, type: LogicalType): Value {
  if (text === 'NULL') return null;
  const quoted = /^'(.*)'$/s.exec(text);
  const plain = quoted ? quoted[1]!.replaceAll("''", "'") : text;
  const layout = layoutOf(type);
  if (layout === 'row' || layout === 'list' || layout === 'map') return fromJson(parseJson(plain), type);
  return fromText(plain, type);
}

/** A row as a line: `+I a | b`. */
export function rowText(
  row: KindedRow,
  columnTypes: readonly LogicalType[],
  style: 'table' | 'json',
  withKind: boolean,
): string {
  const kind = withKind ? `${changeText[row.kind]!} ` : '';
  if (style === 'json') return `${kind}[${row.row.map((v, i) => jsonText(v, columnTypes[i]!)).join(',')}]`;
  return `${kind}${row.row.map((v, i) => cellText(v, columnTypes[i]!)).join(' | ')}`;
}
function cellText(value: Value, type: LogicalType): string {
  if (value === null) return 'NULL';
  if (type.kind === 'CHAR' || type.kind === 'VARCHAR') {
    const text = value as string;
    const plain =
      text !== '' &&
      text === text.trim() &&
      !/[|'\n\r\t]/.test(text) &&
      text !== 'NULL' &&
      !/^[[{]/.test(text);
    return plain ? text : `'${text.replaceAll("'", "''")}'`;
  }
  if (type.kind === 'VARIANT') {
    const text = formatValue(value, type, 'UTC');
    return text.startsWith('"') && /[|']/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
  }
  const layout = layoutOf(type);
  if (
    layout === 'row' ||
    layout === 'list' ||
    layout === 'map' ||
    type.kind === 'BINARY' ||
    type.kind === 'VARBINARY'
  ) {
    const json = jsonText(value, type);
    return json.startsWith('"') ? json.slice(1, -1) : json;
  }
  return type.kind === 'TIMESTAMP_LTZ'
    ? `${formatValue(value, type, 'UTC')}Z`
    : formatValue(value, type, 'UTC');
}

export const sameRow = (a: Row, b: Row): boolean =>
  a.length === b.length &&
  a.every((v, i) => (v === null || b[i] === null ? v === b[i] : sameValue(v, b[i]!)));
const sameValue = (a: Value, b: Value): boolean =>
  typeof a === 'number' && typeof b === 'number' ? Object.is(a, b) || a === b : compareValues(a, b) === 0;

/** The rows left after all changes: what a table fed by them holds. */
export function netRows(changes: readonly KindedRow[]): Row[] {
  const buckets = new Map<string, { row: Row; count: number }[]>();
  for (const { kind, row } of changes) {
    const key = bucketKey(row);
    const bucket = buckets.get(key) ?? [];
    buckets.set(key, bucket);
    let entry = bucket.find((e) => sameRow(e.row, row));
    if (entry === undefined) bucket.push((entry = { row, count: 0 }));
    entry.count += kind === 0 || kind === 2 ? 1 : -1;
  }
  return [...buckets.values()].flatMap((b) =>
    b.flatMap((e) => Array.from({ length: Math.max(0, e.count) }, () => e.row)),
  );
}
/** The rows left when changes are upserts by `key`: +I and +U replace, -D removes, -U says nothing. */
export function upsertRows(changes: readonly KindedRow[], key: readonly number[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { kind, row } of changes) {
    const k = bucketKey(key.map((i) => row[i]!));
    if (kind === 0 || kind === 2) rows.set(k, row);
    else if (kind === 3) rows.delete(k);
  }
  return [...rows.values()];
}
const bucketKey = (row: Row): string =>
  JSON.stringify(row, (_, v: unknown) =>
    typeof v === 'bigint'
      ? `${v}n`
      : v instanceof Uint8Array
        ? [...v]
        : Object.is(v, -0)
          ? 0
          : typeof v === 'number' && Number.isNaN(v)
            ? 'NaN'
            : v,
  );

/** Net effect of changes that may take away rows of before: positive and negative counts. */
export function netCounts(changes: readonly KindedRow[]): Map<string, { readonly row: Row; count: number }> {
  const counts = new Map<string, { readonly row: Row; count: number }>();
  for (const { kind, row } of changes) {
    const key = bucketKey(row);
    const entry = counts.get(key) ?? { row, count: 0 };
    counts.set(key, entry);
    entry.count += kind === 0 || kind === 2 ? 1 : -1;
    if (entry.count === 0) counts.delete(key);
  }
  return counts;
}
export { bucketKey as rowKey };

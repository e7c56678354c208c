/* What table a file is: `SELECT * FROM 'data/*.csv'`. The ending says the format, the first megabyte of the first file its
 * columns and their types.
 *
 *   'data/*.csv' ──▶ folder and pattern ──▶ first file ──▶ records of the sample ──▶ the narrowest type that fits all */

import { dirname, join, resolve } from 'node:path';
import { UserError } from '#base';
import type { ConnectorTable, InferredTable } from '#catalog';
import { typeText } from '#data';
import { findFormat, type ColumnFile, type SchemaColumns } from '#formats';
import { FileBytes, findFiles } from './files.ts';
import { inFile, openFile, readFooter } from './read-footer.ts';

const sampleBytesMax = 1 << 20;
type InferredFormat = 'csv' | 'json' | 'avro' | 'parquet';
const endings: Readonly<Record<string, InferredFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  avro: 'avro',
  parquet: 'parquet',
};

/** Throws FS1005 where there is no file, FS1006 for a file that is no table. */
export async function inferFileTable(path: string): Promise<InferredTable> {
  const ending = endingOf(path);
  const format = endings[ending];
  if (format === undefined)
    throw new UserError('FS1006', {
      message: `'${path}': what is in it? Its name ends with none of .${Object.keys(endings).join(', .')}`,
      hint: "CREATE TABLE … WITH ('connector' = 'filesystem', 'path' = '…', 'format' = '…') says it.",
    });
  const place = placeOf(path);
  const found = await inferFrom(place.folder, place.pattern, format, path, ending);
  return {
    columns: found.columns,
    options: {
      connector: 'filesystem',
      path: place.folder,
      ...(place.pattern === undefined ? {} : { 'source.path.regex-pattern': place.pattern }),
      format,
      ...found.options,
    },
  };
}

/** The columns of a table that names its files and their format alone; undefined for a format whose files do not tell. */
export async function inferFilesystemTable(table: ConnectorTable): Promise<InferredTable | undefined> {
  const option = (key: string): string | undefined => table.options.find((o) => o.key === key)?.value;
  const path = option('path');
  const format = option('format');
  if (path === undefined || !isInferred(format)) return undefined;
  return await inferFrom(path, option('source.path.regex-pattern'), format, path, endingOf(path));
}

const isInferred = (format: string | undefined): format is InferredFormat =>
  Object.values<string | undefined>(endings).includes(format);
const endingOf = (path: string): string => /\.([a-z]+)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase() ?? '';

/** Of the first file; options are those that the columns need. */
async function inferFrom(
  folder: string,
  pattern: string | undefined,
  format: InferredFormat,
  name: string,
  ending: string,
): Promise<Found> {
  const whole = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`);
  const [first] = await findFiles(resolve(folder), whole);
  if (first === undefined) throw new UserError('FS1005', { message: `there is no file '${name}'` });
  const { container, columnFile } = findFormat(format);
  if (container !== undefined)
    return tableOf(format, container.columns((await firstBytes(first.path)).bytes));
  if (columnFile !== undefined) return tableOf(format, await columnsOf(first.path, columnFile));
  const { text, whole: all } = await sample(first.path);
  return format === 'csv' ? csvTable(text, all, ending, name) : jsonTable(text, all, name);
}
async function columnsOf(path: string, file: ColumnFile): Promise<SchemaColumns> {
  const { handle, bytes } = await openFile(path);
  try {
    const footer = await readFooter(handle, path, bytes, file);
    return inFile(path, () => file.columns(footer));
  } finally {
    await handle.close();
  }
}
function tableOf(format: string, { fields, options }: SchemaColumns): Found {
  return {
    columns: fields.map((f) => ({ name: f.name, type: typeText(f.type) })),
    options: Object.fromEntries(Object.entries(options).map(([key, value]) => [`${format}.${key}`, value])),
  };
}

/** The folder above the first segment with a wildcard, and what whole paths must match. */
function placeOf(path: string): { readonly folder: string; readonly pattern: string | undefined } {
  const wild = path.search(/[*?]/);
  if (wild < 0) return { folder: path, pattern: undefined };
  const folder = dirname(path.slice(0, wild + 1));
  const pattern = resolve(join(path))
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (w) =>
      w === '**/' ? '(?:.*/)?' : w === '**' ? '.*' : w === '*' ? '[^/]*' : '[^/]',
    );
  return { folder, pattern };
}

async function firstBytes(path: string): Promise<{ readonly bytes: Buffer; readonly whole: boolean }> {
  const bytes = new FileBytes(path, 0);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for (let part = await bytes.next(); part !== undefined; part = await bytes.next()) {
      parts.push(part);
      size += part.length;
      if (size >= sampleBytesMax) break;
    }
  } finally {
    bytes.close();
  }
  return { bytes: Buffer.concat(parts), whole: size < sampleBytesMax };
}
async function sample(path: string): Promise<{ readonly text: string; readonly whole: boolean }> {
  const { bytes, whole } = await firstBytes(path);
  const cut = bytes.length < sampleBytesMax ? bytes.length : bytes.lastIndexOf(10, sampleBytesMax) + 1;
  return { text: bytes.toString('utf8', 0, cut).replace(/^\uFEFF/, ''), whole };
}

type Found = InferredTable;

function csvTable(text: string, whole: boolean, ending: string, path: string): Found {
  const line = text.slice(0, text.search(/\r?\n|$/));
  const counts = [',', ';', '\t', '|'].map((d) => [d, line.split(d).length] as const);
  const delimiter = ending === 'tsv' ? '\t' : counts.reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  const rows = csvRows(text, delimiter);
  if (!whole) rows.pop();
  const [head, ...rest] = rows;
  if (head === undefined) throw new UserError('FS1006', { message: `'${path}' is empty: it has no columns` });
  // A head of names alone over a column that is no text, or names that are all different and none a number.
  const named =
    new Set(head).size === head.length &&
    head.every((cell) => cell.trim() !== '' && cellType(cell) === 'STRING');
  const data = named ? rest : rows;
  const columns = head.map((cell, i) => ({
    name: named ? cell.trim() : `column${i}`,
    type:
      data
        .map((row) => row[i] ?? '')
        .reduce<string | undefined>(
          (type, value) => (value === '' ? type : wider(type, cellType(value))),
          undefined,
        ) ?? 'STRING',
  }));
  return {
    columns,
    options: {
      ...(named ? { 'csv.header': 'true' } : {}),
      ...(delimiter === ',' ? {} : { 'csv.field-delimiter': delimiter === '\t' ? '\\t' : delimiter }),
      'csv.null-literal': '',
    },
  };
}

/** RFC 4180. */
function csvRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === delimiter) {
      row.push(cell);
      cell = '';
    } else if (c === '\n') {
      row.push(cell.replace(/\r$/, ''));
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
      cell = '';
    } else cell += c;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell.replace(/\r$/, '')]);
  return rows;
}

const date = /^\d{4}-\d\d-\d\d$/;
const timestamp = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})?$/;

function cellType(text: string): string {
  if (/^[+-]?\d{1,18}$/.test(text)) return 'BIGINT';
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return 'DOUBLE';
  if (/^(true|false)$/i.test(text)) return 'BOOLEAN';
  if (date.test(text)) return 'DATE';
  return timestamp.test(text) ? 'TIMESTAMP(3)' : 'STRING';
}
/** The type that both fit. */
function wider(a: string | undefined, b: string): string {
  if (a === undefined || a === b) return b;
  const numbers = ['BIGINT', 'DOUBLE'];
  return numbers.includes(a) && numbers.includes(b) ? 'DOUBLE' : 'STRING';
}

/** What the values of one place of JSON have been so far. */
type Shape =
  | {
      readonly kind:
        | 'null'
        | 'BOOLEAN'
        | 'BIGINT'
        | 'DOUBLE'
        | 'STRING'
        | 'DATE'
        | 'TIMESTAMP(3)'
        | 'ISO'
        | 'ISO_LTZ';
    }
  | { readonly kind: 'array'; readonly element: Shape }
  | { readonly kind: 'row'; readonly fields: ReadonlyMap<string, Shape> };

/** The columns of JSON objects, one a line; `path` is where they are from, in messages. Throws FS1006. */
export function jsonTable(text: string, whole: boolean, path: string): Found {
  const lines = text.split('\n');
  if (!whole) lines.pop();
  let shape = { kind: 'null' } as Shape;
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw new UserError('FS1006', {
        message: `'${path}', line ${i + 1} is no JSON value: ${(cause as Error).message}`,
        hint: 'A record stands on a line of its own. One document over several lines is made so by: jq -c .[] file.json',
        cause,
      });
    }
    for (const record of Array.isArray(value) ? (value as unknown[]) : [value])
      shape = merged(shape, shapeOf(record));
  });
  if (shape.kind !== 'row')
    throw new UserError('FS1006', { message: `'${path}' holds no JSON objects, of which a row is made` });
  const kinds = JSON.stringify(shape, (_, v: unknown) =>
    v instanceof Map ? [...(v as Map<string, unknown>)] : v,
  );
  const iso = kinds.includes('"ISO');
  const mixed = iso && kinds.includes('"TIMESTAMP(3)"');
  return {
    columns: [...shape.fields].map(([name, field]) => ({ name, type: typeOf(field, mixed) })),
    options: iso && !mixed ? { 'json.timestamp-format.standard': 'ISO-8601' } : {},
  };
}

function shapeOf(value: unknown): Shape {
  if (value === null) return { kind: 'null' };
  if (Array.isArray(value))
    return {
      kind: 'array',
      element: (value as unknown[]).map(shapeOf).reduce<Shape>(merged, { kind: 'null' }),
    };
  switch (typeof value) {
    case 'boolean':
      return { kind: 'BOOLEAN' };
    case 'number':
      return { kind: Number.isSafeInteger(value) ? 'BIGINT' : 'DOUBLE' };
    case 'string':
      if (date.test(value)) return { kind: 'DATE' };
      if (timestamp.test(value)) return { kind: 'TIMESTAMP(3)' };
      if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?$/.test(value)) return { kind: 'ISO' };
      return { kind: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value) ? 'ISO_LTZ' : 'STRING' };
    default:
      return {
        kind: 'row',
        fields: new Map(Object.entries(value as object).map(([k, v]) => [k, shapeOf(v)])),
      };
  }
}
function merged(a: Shape, b: Shape): Shape {
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (a.kind === 'array' && b.kind === 'array')
    return { kind: 'array', element: merged(a.element, b.element) };
  if (a.kind === 'row' && b.kind === 'row') {
    const fields = new Map(a.fields);
    for (const [name, shape] of b.fields)
      fields.set(name, merged(fields.get(name) ?? { kind: 'null' }, shape));
    return { kind: 'row', fields };
  }
  if (a.kind === b.kind) return a;
  const numbers = new Set(['BIGINT', 'DOUBLE']);
  return numbers.has(a.kind) && numbers.has(b.kind) ? { kind: 'DOUBLE' } : { kind: 'STRING' };
}
/** `mixed`: times in two forms, of which the format reads one. */
function typeOf(shape: Shape, mixed: boolean): string {
  switch (shape.kind) {
    case 'null':
      return 'STRING';
    case 'ISO':
      return mixed ? 'STRING' : 'TIMESTAMP(3)';
    case 'ISO_LTZ':
      return mixed ? 'STRING' : 'TIMESTAMP_LTZ(3)';
    case 'array':
      return `ARRAY<${typeOf(shape.element, mixed)}>`;
    case 'row':
      return shape.fields.size === 0
        ? 'STRING'
        : `ROW<${[...shape.fields].map(([n, f]) => `\`${n.replaceAll('`', '``')}\` ${typeOf(f, mixed)}`).join(', ')}>`;
    default:
      return shape.kind;
  }
}

/* The table of samples: for each type columns of its values, nullable and NOT NULL, each value beside others in every
 * row, so that one pass of generated code meets many pairs. Flink reads it as a file of JSON lines. */

import { writeFileSync } from 'node:fs';
import { jsonText } from '#engine';
import { notNull, withNullable, type Field, type LogicalType, type Row, type Value } from '#data';
import { evaluate } from '#expr';
import { parseStatement } from '#sql';
import { bindType } from '../../packages/plan/src/bind/data-types.ts';
import { bindText, context } from './ours.ts';
import { lists } from './places.ts';
import { castTypes, sampleTypes } from './values.ts';

export const rowCount = 24;
/** How often a type or list has a column of its own: for the first, second and third argument. */
const copies = 3;

export interface SampleColumn {
  readonly name: string;
  readonly sql: string;
  readonly type: LogicalType;
  readonly values: readonly Value[];
}

function typeOf(sql: string): LogicalType {
  const statement = parseStatement(`SELECT CAST(NULL AS ${sql})`);
  if (statement.kind !== 'select-statement' || statement.query.body.kind !== 'select') throw new Error(sql);
  const cast = statement.query.body.items[0]!.expression;
  if (cast.kind !== 'cast') throw new Error(sql);
  return bindType(cast.type);
}
const valueOf = (sql: string, type: string): Value =>
  evaluate(bindText(type === '' ? sql : `CAST(${sql} AS ${type})`), [], context);

/** The values in another order for each copy, as far apart as they can be. */
function spread(values: readonly Value[], copy: number): Value[] {
  const stride = [1, 5, 7][copy]!;
  return Array.from(
    { length: rowCount },
    (_, i) => values[(i * stride + copy * 3 + (copy === 2 ? Math.floor(i / 7) : 0)) % values.length]!,
  );
}

function makeColumns(): SampleColumn[] {
  const columns: SampleColumn[] = [];
  const add = (name: string, sql: string, values: readonly Value[]): void => {
    const type = typeOf(sql);
    const given = values.filter((v) => v !== null);
    for (let copy = 0; copy < copies; copy++) {
      columns.push({ name: `${name}_${copy}`, sql, type, values: spread(values, copy) });
      columns.push({
        name: `${name}_${copy}n`,
        sql: `${sql} NOT NULL`,
        type: notNull(type),
        values: spread(given, copy),
      });
    }
  };
  for (const { name, sql, values } of [...sampleTypes, ...castTypes]) {
    // JSON has no keys but texts, and a table's column cannot be an interval in Flink.
    if (sql === '' || sql.startsWith('MAP<INT') || sql.startsWith('INTERVAL')) continue;
    // As JSON: Flink reads -0.0 as 0.0 where a FLOAT is asked for, and a key that comes twice once.
    const read = values.filter(
      (v) => !(name === 'FLOAT' && v.includes('-0.0')) && v !== "MAP['x', 1, 'x', 2]",
    );
    add(
      name,
      sql,
      read.map((v) => valueOf(v, sql)),
    );
  }
  for (const [name, texts] of Object.entries(lists)) {
    if (!isTextList(texts)) continue;
    add(`L_${name}`, 'STRING', [...texts.map((t) => valueOf(t, 'STRING')), null]);
  }
  return columns;
}
export const isTextList = (texts: readonly string[]): boolean => texts.every((t) => t.startsWith("'"));

export const sampleColumns: readonly SampleColumn[] = makeColumns();
export const sampleFields: readonly Field[] = sampleColumns.map(({ name, type }) => ({ name, type }));
export const sampleRows: readonly Row[] = Array.from({ length: rowCount }, (_, i) =>
  sampleColumns.map((c) => c.values[i]!),
);

const cell = (value: Value, type: LogicalType): string => jsonText(value, withNullable(type, true));

/** Writes the rows. */
export function writeSamples(path: string): void {
  const lines = sampleRows.map(
    (row, i) =>
      `{"id":${i},${sampleColumns.map((c, j) => `"${c.name}":${cell(row[j]!, c.type)}`).join(',')}}`,
  );
  writeFileSync(path, `${lines.join('\n')}\n`);
}
/** The statement that creates the table over them, of the columns that are asked for. */
export function sampleTable(name: string, path: string, has = (_column: string): boolean => true): string {
  const columns = sampleColumns.filter((c) => has(c.name)).map((c) => `, \`${c.name}\` ${c.sql}`);
  return `CREATE TABLE ${name} (id INT NOT NULL${columns.join('')}) WITH ('connector' = 'filesystem', 'path' = 'file://${path}', 'format' = 'json')`;
}

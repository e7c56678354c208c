/* Values as JSON text that keeps all of them: the output of `run --json`, test files, rows in dead letters. */

import {
  mapTypes,
  type Batch,
  type Field,
  type LogicalType,
  type MapValue,
  readRow,
  type Value,
} from '#data';
import { formatValue } from './format-value.ts';

/** JSON text of a value. */
export function jsonText(value: Value, type: LogicalType): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return String(value);
    case 'FLOAT':
    case 'DOUBLE':
      return Number.isFinite(value)
        ? shortest(value as number, type.kind)
        : JSON.stringify(formatValue(value, type, 'UTC'));
    case 'DECIMAL':
      return formatValue(value, type, 'UTC');
    case 'VARIANT':
      // A number of JSON that no DOUBLE can hold is Infinity, as in Flink, which JSON has no number for.
      return formatValue(value, type, 'UTC').replace(/"(?:[^"\\]|\\.)*"|-?Infinity/g, (part) =>
        part.startsWith('"') ? part : `"${part}"`,
      );
    case 'BINARY':
    case 'VARBINARY':
      return JSON.stringify(Buffer.from(value as Uint8Array).toString('base64'));
    case 'TIMESTAMP_LTZ':
      return JSON.stringify(`${formatValue(value, type, 'UTC')}Z`);
    case 'ARRAY':
      return `[${(value as Value[]).map((v) => jsonText(v, type.element)).join(',')}]`;
    case 'ROW':
      return `{${type.fields.map((f, i) => `${JSON.stringify(f.name)}:${jsonText((value as Value[])[i]!, f.type)}`).join(',')}}`;
    case 'MAP':
    case 'MULTISET':
      return mapText(value as MapValue, type);
    default:
      return JSON.stringify(formatValue(value, type, 'UTC'));
  }
}
/** The shortest decimal that reads back as the same number: of FLOAT as a FLOAT. */
function shortest(value: number, kind: 'FLOAT' | 'DOUBLE'): string {
  if (kind === 'DOUBLE') return Object.is(value, -0) ? '-0.0' : String(value);
  for (let digits = 1; digits <= 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}
function mapText(map: MapValue, type: LogicalType): string {
  const [key, value] = mapTypes(type);
  if (key.kind === 'CHAR' || key.kind === 'VARCHAR') {
    return `{${map.entries.map(([k, v]) => `${JSON.stringify(k)}:${jsonText(v, value)}`).join(',')}}`;
  }
  return `[${map.entries.map(([k, v]) => `[${jsonText(k, key)},${jsonText(v, value)}]`).join(',')}]`;
}

/** A row as a JSON object, by the names of its columns. */
export function rowJson(batch: Batch, fields: readonly Field[], row: number): string {
  const values = readRow(
    batch,
    fields.map((f) => f.type),
    row,
  );
  return jsonText(values, { kind: 'ROW', fields, nullable: false });
}

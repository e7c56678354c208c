/* Values between SQL and JavaScript.
 *
 *   INT and smaller, FLOAT, DOUBLE number · BIGINT bigint · BOOLEAN boolean · STRING string · BYTES Uint8Array
 *   DECIMAL, DATE, TIME, TIMESTAMP, INTERVAL text as in JSON · VARIANT its JSON text · BITMAP '{1,2}'
 *   ARRAY array · ROW object · MAP Map · NULL null
 *   Taken in as well: safe integers for BIGINT, Date for TIMESTAMP and TIMESTAMP_LTZ, plain objects for MAP. */

import { UserError } from '#base';
import { mapTypes, typeText, type LogicalType, type MapValue, type Value } from '#data';
import { fromText, jsonText } from '../json-value.ts';

export function toJavaScript(value: Value, type: LogicalType): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'ARRAY':
      return (value as Value[]).map((v) => toJavaScript(v, type.element));
    case 'ROW':
      return Object.fromEntries(
        type.fields.map((f, i) => [f.name, toJavaScript((value as Value[])[i]!, f.type)]),
      );
    case 'MAP':
    case 'MULTISET': {
      const [k, v] = mapTypes(type);
      return new Map(
        (value as MapValue).entries.map(([key, item]) => [toJavaScript(key, k), toJavaScript(item, v)]),
      );
    }
    case 'DECIMAL':
    case 'VARIANT':
      return jsonText(value, type);
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
    case 'BITMAP':
      return JSON.parse(jsonText(value, type));
    default:
      return value;
  }
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? `'${value.slice(0, 100)}'` : String(value).slice(0, 100);

/** Throws DATA2001 for what is not a value of the type. */
export function fromJavaScript(value: unknown, type: LogicalType): Value {
  if (value === null || value === undefined) return null;
  const fromAny = (): Value => {
    const text = typeof value;
    if (!['string', 'number', 'bigint'].includes(text)) throw bad();
    return fromText(String(value), type);
  };
  const bad = (): UserError =>
    new UserError('DATA2001', {
      message: `${shown(value)} (${typeof value}) is not of type ${typeText({ ...type, nullable: true })}`,
    });
  switch (type.kind) {
    case 'BOOLEAN':
      if (typeof value !== 'boolean') throw bad();
      return value;
    case 'FLOAT':
    case 'DOUBLE':
      if (typeof value !== 'number') throw bad();
      return type.kind === 'FLOAT' ? Math.fround(value) : value;
    case 'BIGINT':
      if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : fromText('', type);
      if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
      throw bad();
    case 'CHAR':
    case 'VARCHAR':
      if (typeof value !== 'string') throw bad();
      return value;
    case 'BINARY':
    case 'VARBINARY':
      if (!(value instanceof Uint8Array)) throw bad();
      return new Uint8Array(value);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      if (value instanceof Date) {
        if (Number.isNaN(value.getTime())) throw bad();
        return { ms: value.getTime(), ns: 0 };
      }
      return fromAny();
    case 'ARRAY':
      if (!Array.isArray(value)) throw bad();
      return value.map((v) => fromJavaScript(v, type.element));
    case 'ROW': {
      if (typeof value !== 'object') throw bad();
      const object = value as Readonly<Record<string, unknown>>;
      return type.fields.map((f) => fromJavaScript(object[f.name], f.type));
    }
    case 'MAP':
    case 'MULTISET': {
      if (typeof value !== 'object') throw bad();
      const [k, v] = mapTypes(type);
      const entries = value instanceof Map ? [...value] : Object.entries(value);
      return {
        entries: entries.map(([key, item]) => [fromJavaScript(key, k), fromJavaScript(item, v)] as const),
      };
    }
    default:
      return fromAny();
  }
}

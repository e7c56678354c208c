/* Values as JSON: what JSON_STRING, JSON_OBJECT and JSON_ARRAY write. */

import { isString, mapTypes, type Instant, type LogicalType, type MapValue, type Value } from '#data';
import { badArgument } from './data-errors.ts';
import { parseDecimal } from './decimal.ts';
import { JsonText, type JsonNode } from './json.ts';
import { formatDouble } from './number-text.ts';
import { formatTimestamp } from './timestamp-text.ts';
import { jsonOfVariant } from './variant-json.ts';

/** ISO 8601 without zeros at the end of the fraction. */
function isoText(value: Instant, precision: number): string {
  const text = formatTimestamp(value, precision).replace(' ', 'T');
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** The node of a value. A map's keys must be text; FLOAT is written as the double that it is. */
export function jsonOf(value: Value, type: LogicalType): JsonNode {
  if (value === null) return null;
  switch (type.kind) {
    case 'BOOLEAN':
      return value as boolean;
    case 'CHAR':
    case 'VARCHAR':
      return value as string;
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return { unscaled: BigInt(value as number | bigint), scale: 0 };
    case 'DECIMAL':
      return { unscaled: value as bigint, scale: type.scale };
    case 'FLOAT':
    case 'DOUBLE': {
      const parsed = parseDecimal(formatDouble(value as number));
      return parsed === undefined
        ? formatDouble(value as number)
        : { unscaled: parsed.value, scale: parsed.scale };
    }
    case 'BINARY':
    case 'VARBINARY':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'TIMESTAMP':
      return isoText(value as Instant, type.precision);
    case 'TIMESTAMP_LTZ':
      return `${isoText(value as Instant, type.precision)}Z`;
    case 'VARIANT':
      return new JsonText(jsonOfVariant(value as Uint8Array));
    case 'ARRAY':
      return (value as Value[]).map((v) => jsonOf(v, type.element));
    case 'ROW':
      return new Map(
        (value as Value[]).map((v, i) => [type.fields[i]!.name, jsonOf(v, type.fields[i]!.type)]),
      );
    case 'MAP':
    case 'MULTISET': {
      const [key, item] = mapTypes(type);
      if (!isString(key)) return badArgument('JSON', 'the keys of a map must be text');
      return new Map((value as MapValue).entries.map(([k, v]) => [k as string, jsonOf(v, item)]));
    }
    default:
      return badArgument('JSON', `${type.kind} has no JSON form; cast it to STRING`);
  }
}

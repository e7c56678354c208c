/* Values of the gateway's JSON rows, by type. They are those of `--json` but for times with a T, decimals with an exponent,
 * and intervals as numbers: of milliseconds and of months. */

import { mapTypes, type LogicalType, type Value } from '#data';
import { fromJson, JsonNumber, type Json } from '#engine';

/** Throws DATA2001 for what is not of the type. */
export function fromGateway(json: Json, type: LogicalType): Value {
  if (json === null) return null;
  switch (type.kind) {
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return fromJson(typeof json === 'string' ? json.replace('T', ' ') : json, type);
    case 'DECIMAL':
      return fromJson(json instanceof JsonNumber ? new JsonNumber(plainDecimal(json.text)) : json, type);
    case 'INTERVAL_DAY_TIME':
      return json instanceof JsonNumber ? BigInt(json.text) : fromJson(json, type);
    case 'INTERVAL_YEAR_MONTH':
      return json instanceof JsonNumber ? Number(json.text) : fromJson(json, type);
    case 'ARRAY':
      return Array.isArray(json)
        ? (json as readonly Json[]).map((j) => fromGateway(j, type.element))
        : fromJson(json, type);
    case 'ROW': {
      if (typeof json !== 'object' || Array.isArray(json) || json instanceof JsonNumber)
        return fromJson(json, type);
      const fields = json as { readonly [key: string]: Json };
      return type.fields.map((f) => fromGateway(fields[f.name] ?? null, f.type));
    }
    case 'MAP':
    case 'MULTISET': {
      if (typeof json !== 'object' || Array.isArray(json) || json instanceof JsonNumber)
        return fromJson(json, type);
      const [key, value] = mapTypes(type);
      return {
        entries: Object.entries(json).map(
          ([k, v]) => [fromGateway(k, key), fromGateway(v as Json, value)] as const,
        ),
      };
    }
    default:
      return fromJson(json, type);
  }
}

/** 1.5E-7 as 0.00000015. */
function plainDecimal(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, '0')}.${digits.slice(point)}`;
}

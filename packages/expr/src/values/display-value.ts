/* A value as a person reads it in documentation: text quoted, NULL named, nested values in brackets. */

import { mapTypes, type LogicalType, type MapValue, type Value } from '#data';
import { formatValue } from './format-value.ts';

export function displayValue(value: Value, type: LogicalType): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return `'${(value as string).replaceAll("'", "''")}'`;
    case 'BINARY':
    case 'VARBINARY':
      return `X'${Buffer.from(value as Uint8Array)
        .toString('hex')
        .toUpperCase()}'`;
    case 'ARRAY':
      return `[${(value as Value[]).map((v) => displayValue(v, type.element)).join(', ')}]`;
    case 'ROW':
      return `(${(value as Value[]).map((v, i) => displayValue(v, type.fields[i]!.type)).join(', ')})`;
    case 'MAP':
    case 'MULTISET': {
      const [key, item] = mapTypes(type);
      return `{${(value as MapValue).entries.map(([k, v]) => `${displayValue(k, key)}=${displayValue(v, item)}`).join(', ')}}`;
    }
    default:
      return formatValue(value, type, 'UTC');
  }
}

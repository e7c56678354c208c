/* Rows as they are compared with a test file: a VARIANT by what its text says, for its names may have come in another order, 1.0
 * is another value than 1 with the same text, and what was taken out of another keeps the names of that. */

import { mapTypes, type LogicalType, type MapValue, type Value } from '#data';
import { fromText } from '#engine';
import { formatValue } from '#expr';
import type { KindedRow } from './cells.ts';

function holdsVariant(type: LogicalType): boolean {
  switch (type.kind) {
    case 'VARIANT':
      return true;
    case 'ROW':
      return type.fields.some((f) => holdsVariant(f.type));
    case 'ARRAY':
      return holdsVariant(type.element);
    case 'MAP':
    case 'MULTISET':
      return mapTypes(type).some(holdsVariant);
    default:
      return false;
  }
}

function shownValue(value: Value, type: LogicalType): Value {
  if (value === null || !holdsVariant(type)) return value;
  switch (type.kind) {
    case 'ROW':
      return (value as Value[]).map((v, i) => shownValue(v, type.fields[i]!.type));
    case 'ARRAY':
      return (value as Value[]).map((v) => shownValue(v, type.element));
    case 'MAP':
    case 'MULTISET': {
      const [key, item] = mapTypes(type);
      return {
        entries: (value as MapValue).entries.map(
          ([k, v]) => [shownValue(k, key), shownValue(v, item)] as const,
        ),
      };
    }
    default:
      return settled(formatValue(value, type, 'UTC'), type);
  }
}
/** A DOUBLE of 1000.0 is read as a DECIMAL, which is written 1000, which is read as an integer. */
function settled(text: string, type: LogicalType): Value {
  // What JSON has no number for is shown as Infinity, and reads as no JSON.
  const value = fromText(text.replace(/(?<!")-?Infinity/g, '"$&"'), type);
  const again = formatValue(value, type, 'UTC');
  return again === text ? value : settled(again, type);
}

/** Each row with the values that its text says. */
export function comparedRows(
  rows: readonly KindedRow[],
  types: readonly LogicalType[],
): readonly KindedRow[] {
  if (!types.some(holdsVariant)) return rows;
  return rows.map(({ kind, row }) => ({ kind, row: row.map((v, i) => shownValue(v, types[i]!)) }));
}

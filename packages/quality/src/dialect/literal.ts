/* Values of a suite as SQL literals that fit a column. */

import type { Cell } from '../cell.ts';
import { isNumeric, type Family } from '../table/column.ts';
import { quotedText } from './dialect.ts';
import { isoTimestamp } from './iso-time.ts';

/** undefined where no value of the family equals it: text among numbers, a word among dates. */
export function literalOf(value: Cell, family: Family): string | undefined {
  if (typeof value === 'boolean') {
    if (family === 'boolean') return value ? 'TRUE' : 'FALSE';
    return isNumeric(family) ? (value ? '1' : '0') : undefined;
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (family === 'boolean') return Number(value) === 1 ? 'TRUE' : Number(value) === 0 ? 'FALSE' : undefined;
    return isNumeric(family) ? numberLiteral(value) : undefined;
  }
  if (typeof value !== 'string') return undefined;
  switch (family) {
    case 'text':
    case 'time':
    case 'other':
      return quotedText(value);
    case 'date': {
      const time = isoTimestamp(value);
      if (time === undefined) return undefined;
      // Between two days lies what equals neither.
      return time.endsWith('T00:00:00')
        ? `DATE ${quotedText(time.slice(0, 10))}`
        : `TIMESTAMP ${quotedText(time)}`;
    }
    case 'timestamp': {
      const time = isoTimestamp(value);
      return time === undefined ? undefined : `TIMESTAMP ${quotedText(time)}`;
    }
    default:
      return undefined;
  }
}

function numberLiteral(value: number | bigint): string | undefined {
  if (typeof value === 'bigint') return String(value);
  if (Number.isNaN(value)) return undefined;
  if (!Number.isFinite(value)) return `CAST('${value < 0 ? '-' : ''}Infinity' AS DOUBLE PRECISION)`;
  const text = String(value);
  // An exponent makes it a DOUBLE, else it is exact.
  return text.includes('e') ? `CAST('${text}' AS DOUBLE PRECISION)` : text;
}

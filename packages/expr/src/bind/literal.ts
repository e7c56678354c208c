/* Literals as expressions. */

import { notNull, types, withNullable, type LogicalType, type Value } from '#data';
import type { LiteralExpr } from '../expression.ts';

/** A constant of `type`, NOT NULL unless the value is null. */
export function literal(value: Value, type: LogicalType): LiteralExpr {
  return { kind: 'literal', value, type: withNullable(type, value === null) };
}

/** The literal 'text', of type CHAR(n) NOT NULL as in SQL. */
export function textLiteral(text: string): LiteralExpr {
  return { kind: 'literal', value: text, type: notNull(types.char([...text].length)) };
}

export const nullLiteral: LiteralExpr = { kind: 'literal', value: null, type: types.NULL };

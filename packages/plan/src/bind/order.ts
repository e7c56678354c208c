/* Items of ORDER BY. */

import { UserError } from '#base';
import { isOrderable, typeText, type LogicalType } from '#data';
import type { Expression, OrderItem } from '#sql';
import type { SortKey } from '../logical/field.ts';

/** ORDER BY 2: the second column. */
export function ordinal(node: Expression, count: number): number | undefined {
  if (node.kind !== 'number') return undefined;
  const at = Number(node.text);
  if (!Number.isInteger(at) || at < 1 || at > count)
    throw new UserError('SQL2016', {
      at: node.span,
      message: `Ordinal out of range: ${node.text} of ${count} columns`,
    });
  return at - 1;
}
/** Throws SQL2016 where values of the type have no order. */
export function checkOrder(type: LogicalType, node: Expression): void {
  if (isOrderable(type)) return;
  throw new UserError('SQL2016', {
    at: node.span,
    message: `${typeText({ ...type, nullable: true })} has no order`,
    hint: `Order by a part of it, or by its text: ${type.kind === 'VARIANT' ? 'JSON_STRING(v)' : 'BITMAP_TO_STRING(b)'}.`,
  });
}
/** NULL is the least value, as in Flink: first ascending, last descending. */
export function sortKey(item: OrderItem, index: number): SortKey {
  return {
    column: index,
    descending: item.descending,
    nullsLast: item.nulls === undefined ? item.descending : item.nulls === 'LAST',
  };
}

/* ORDER BY lists and window specifications as canonical text. */

import type { FrameBound, OrderItem, WindowFrame, WindowSpec } from '../ast/expressions.ts';
import { printExpression, printList } from './expressions.ts';
import { printName } from './names.ts';

/** ` ORDER BY …`, the list in parentheses where asked for; or nothing. */
export function printOrderBy(items: readonly OrderItem[], enclosed = false): string {
  if (items.length === 0) return '';
  const list = items.map(printOrderItem).join(', ');
  return ` ORDER BY ${enclosed ? `(${list})` : list}`;
}

function printOrderItem(item: OrderItem): string {
  const nulls = item.nulls === undefined ? '' : ` NULLS ${item.nulls}`;
  return `${printExpression(item.expression)}${item.descending ? ' DESC' : ''}${nulls}`;
}

export function printWindowSpec(spec: WindowSpec): string {
  const parts = [
    spec.base === undefined ? '' : printName(spec.base),
    spec.partitionBy.length === 0 ? '' : `PARTITION BY ${printList(spec.partitionBy)}`,
    printOrderBy(spec.orderBy).trimStart(),
    spec.frame === undefined ? '' : printFrame(spec.frame),
  ];
  return `(${parts.filter((part) => part !== '').join(' ')})`;
}

function printFrame(frame: WindowFrame): string {
  const start = printBound(frame.start);
  if (frame.end === undefined) return `${frame.unit} ${start}`;
  return `${frame.unit} BETWEEN ${start} AND ${printBound(frame.end)}`;
}

function printBound(bound: FrameBound): string {
  return 'offset' in bound ? `${printExpression(bound.offset)} ${bound.kind}` : bound.kind;
}

/* ORDER BY of a table of a process table function: its event time first, from the earliest on. */

import { isTimestamp, typeText } from '#data';
import type { ProcessTable } from '#expr';
import type { OrderItem } from '#sql';
import type { SortKey } from '../logical/field.ts';
import type { Rel } from '../logical/rel.ts';
import { bindExpression } from './expressions.ts';
import { checkOrder } from './order.ts';
import type { ProcessArguments } from './process-arguments.ts';
import { Scope } from './scope.ts';

/** NULL is the greatest value here, unlike in ORDER BY of a query: Flink's reading of SQL's table functions. */
export function bindProcessOrder(
  items: readonly OrderItem[],
  { name }: ProcessTable,
  input: Rel,
  args: ProcessArguments,
): readonly SortKey[] {
  const scope = Scope.of(undefined, input.fields);
  const wrong = (item: OrderItem, what: string): Error =>
    args.wrong(item.expression.span, `Invalid ORDER BY clause for table argument '${name}'. ${what}`);
  const seen = new Set<number>();
  return items.map((item, i) => {
    const found = bindExpression(item.expression, scope);
    if (found.kind !== 'column')
      throw args.wrong(item.expression.span, 'ORDER BY of a table argument takes columns');
    const { name: column, type, time } = input.fields[found.index]!;
    if (seen.has(found.index)) throw wrong(item, `Column '${column}' appears more than once in ORDER BY.`);
    seen.add(found.index);
    checkOrder(type, item.expression);
    const descending = item.descending;
    if (i === 0 && !(isTimestamp(type) && type.precision <= 3))
      throw wrong(
        item,
        `The first ORDER BY column must be a TIMESTAMP or TIMESTAMP_LTZ column (up to precision 3). However, column '${column}' has data type '${typeText(type)}'.`,
      );
    if (i === 0 && descending)
      throw wrong(item, 'The first ORDER BY column on a timestamp column must be in ascending order.');
    if (i === 0 && time !== 'rowtime')
      throw wrong(
        item,
        `The first ORDER BY column '${column}' is not a valid time attribute. Only columns with a watermark declaration qualify for ORDER BY. Also, make sure that the watermarked column is forwarded without any modification.`,
      );
    const nullsLast = item.nulls === undefined ? !descending : item.nulls === 'LAST';
    return { column: found.index, descending, nullsLast };
  });
}

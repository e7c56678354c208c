/* PARTITION (column = value, …), wherever a statement names one. */

import type { PartitionItem, TablePartition } from '../ast/statements.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { parseName } from './names.ts';
import { parseOptions } from './options.ts';

/** Behind PARTITION: what stands between the parentheses. */
export const parsePartitionItems = (c: Cursor): readonly PartitionItem[] => c.parenthesized(parseItem);

function parseItem(c: Cursor): PartitionItem {
  const column = parseName(c, 'a partition column');
  c.expect('=');
  return { column, value: parseExpression(c) };
}

/** PARTITION (…) [WITH (…)] PARTITION (…) …; Flink takes a comma between those that are dropped. */
export function parsePartitions(c: Cursor): readonly TablePartition[] {
  const partitions: TablePartition[] = [];
  do {
    const first = c.peek();
    c.expect('PARTITION');
    const items = parsePartitionItems(c);
    const options = c.at('WITH') ? (c.next(), parseOptions(c)) : [];
    partitions.push({ items, options, span: c.spanFrom(first) });
    c.accept(',');
  } while (c.at('PARTITION'));
  return partitions;
}

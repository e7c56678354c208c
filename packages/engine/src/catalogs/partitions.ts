/* Partitions that a catalog was told of: ALTER TABLE … ADD PARTITION and DROP PARTITION, SHOW PARTITIONS. As in Flink's
 * catalog in memory they say nothing about what lies in the table's files. */

import { UserError, type Span } from '#base';
import type { BoundTable, TablePartitionValues } from '#plan';
import { printExpression, type AlterTable, type PartitionItem, type TablePartition } from '#sql';

type Change = Extract<AlterTable['action'], { readonly kind: 'add-partitions' | 'drop-partitions' }>;
const failure = (at: Span, message: string, hint?: string): UserError =>
  new UserError('CAT2017', { at, message, hint });

/** The table with other partitions. Throws CAT2017. */
export function withPartitions(table: BoundTable, { kind, partitions, unlessThere }: Change): BoundTable {
  let known = table.partitions ?? [];
  if (kind === 'add-partitions' && table.partitionedBy.length === 0)
    throw failure(
      partitions[0]!.span,
      `the table "${table.path.object}" is not partitioned`,
      'It has no PARTITIONED BY.',
    );
  for (const partition of partitions) {
    const values = valuesOf(partition, table, kind === 'add-partitions');
    const there = known.find((k) => same(k, values));
    if (kind === 'add-partitions') {
      if (there === undefined) known = [...known, values];
      else if (!unlessThere)
        throw failure(
          partition.span,
          `the partition ${partitionName(values)} of "${table.path.object}" already exists`,
          'Write ADD IF NOT EXISTS.',
        );
    } else if (there !== undefined) known = known.filter((k) => k !== there);
    else if (!unlessThere)
      throw failure(
        partition.span,
        `there is no partition ${partitionName(values)} of "${table.path.object}"`,
        'Write DROP IF EXISTS.',
      );
  }
  return { ...table, partitions: known };
}

function valuesOf({ items, span }: TablePartition, table: BoundTable, whole: boolean): TablePartitionValues {
  const values = itemValues(items);
  const named = values.map(([column]) => column);
  const fits =
    named.length === table.partitionedBy.length && table.partitionedBy.every((c) => named.includes(c));
  if (whole && !fits)
    throw failure(
      span,
      `the partition ${partitionName(values)} does not match the partition keys [${table.partitionedBy.join(', ')}] of "${table.path.object}"`,
    );
  return values;
}
const itemValues = (items: readonly PartitionItem[]): TablePartitionValues =>
  items.map(({ column, value }) => [column.text, valueText(value)] as const);
/** A literal as the folder of its partition is called. */
function valueText(value: PartitionItem['value']): string {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'null':
      return '__DEFAULT_PARTITION__';
    case 'number':
    case 'boolean':
    case 'datetime':
      return value.kind === 'boolean' ? String(value.value) : value.text;
    case 'unary':
      return printExpression(value);
    default:
      throw failure(value.span, 'the value of a partition is a literal');
  }
}

const same = (a: TablePartitionValues, b: TablePartitionValues): boolean =>
  a.length === b.length && a.every(([c, v]) => b.some(([d, w]) => c === d && v === w));
/** p=x/q=1 */
export const partitionName = (values: TablePartitionValues): string =>
  values.map(([c, v]) => `${c}=${v}`).join('/');

/** The partitions of a table, those with these values where some are named. */
export const partitionsOf = (table: BoundTable, items: readonly PartitionItem[]): readonly string[] => {
  const asked = itemValues(items);
  return (table.partitions ?? [])
    .filter((p) => asked.every(([c, v]) => p.some(([d, w]) => c === d && v === w)))
    .map(partitionName);
};

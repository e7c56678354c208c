/* The tables of a call of a process table function, and by what they are partitioned. */

import type { Span } from '#base';
import { sameType, typeText, type LogicalType } from '#data';
import type { ProcessTable } from '#expr';
import type { TableArgument } from '#sql';
import type { SortKey } from '../logical/field.ts';
import type { Rel } from '../logical/rel.ts';
import { bindExpression } from './expressions.ts';
import type { ProcessArguments } from './process-arguments.ts';
import { bindProcessOrder } from './process-order.ts';
import { Scope } from './scope.ts';

export interface BoundProcessTable {
  readonly declared: ProcessTable;
  readonly input: Rel;
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly span: Span;
}

export function bindProcessTable(
  declared: ProcessTable,
  args: ProcessArguments,
  tableOf: (argument: TableArgument) => Rel,
): BoundProcessTable {
  const written = args.table(declared.name);
  const input = tableOf(written);
  const partition = partitionOf(written, declared, input, args);
  const order = bindProcessOrder(written.orderBy, declared, input, args);
  return { declared, input, partition, order, span: written.span };
}

/** The columns of PARTITION BY. */
function partitionOf(
  { partitionBy, orderBy, span }: TableArgument,
  { name, semantics, optionalPartition }: ProcessTable,
  input: Rel,
  args: ProcessArguments,
): number[] {
  if (semantics === 'row' && partitionBy.length + orderBy.length > 0)
    throw args.wrong(
      span,
      'PARTITION BY or ORDER BY are not supported for table arguments with row semantics.',
    );
  if (semantics === 'set' && partitionBy.length === 0 && !optionalPartition)
    throw args.wrong(
      span,
      `Table argument '${name}' requires a PARTITION BY clause for parallel processing.`,
    );
  const scope = Scope.of(undefined, input.fields);
  return partitionBy.map((e) => {
    const column = bindExpression(e, scope);
    if (column.kind === 'column') return column.index;
    throw args.wrong(e.span, 'PARTITION BY of a table argument takes columns');
  });
}

/** Throws SQL4001 where the partitions of one table are none of another's. */
export function requireOnePartitioning(tables: readonly BoundProcessTable[], args: ProcessArguments): void {
  const typesOf = ({ input, partition }: BoundProcessTable): LogicalType[] =>
    partition.map((c) => input.fields[c]!.type);
  const [first] = tables;
  const keys = typesOf(first!);
  const differs = tables.find((table) => {
    const types = typesOf(table);
    return types.length !== keys.length || !types.every((type, i) => hasEqualValues(type, keys[i]!));
  });
  if (differs === undefined) return;
  const all = tables.map(
    (t) =>
      `[${typesOf(t)
        .map((type) => typeText(type))
        .join(', ')}]`,
  );
  throw args.wrong(
    differs.span,
    `Invalid PARTITION BY columns. The number of columns and their data types must match across all involved table arguments. Given partition key sets: ${all.join(', ')}`,
  );
}
/** The same value is the same in both: of texts the length says nothing. */
const hasEqualValues = (a: LogicalType, b: LogicalType): boolean =>
  sameType(a, b, false) || (a.kind === 'VARCHAR' && b.kind === 'VARCHAR');

/* Filters and projections, and the traits that pass through them. */

import type { ChangelogMode } from '#catalog';
import type { LogicalType } from '#data';
import type { Expr } from '#expr';
import type { RelField } from '../logical/rel.ts';
import type { Phys, Traits } from './node.ts';

export const traits = (
  changelog: ChangelogMode,
  upsertKeys: readonly (readonly number[])[] = [],
): Traits => ({ changelog, upsertKeys, state: 'none' });

export const identity = (fields: readonly RelField[]): Expr[] =>
  fields.map((f, index) => ({ kind: 'column', index, type: f.type }));

export function calcNode(
  input: Phys,
  condition: Expr | undefined,
  exprs: readonly Expr[],
  fields: readonly RelField[],
): Phys {
  const same =
    exprs.length === input.fields.length && exprs.every((e, i) => e.kind === 'column' && e.index === i);
  if (condition === undefined && same) {
    // A scan keeps the table's names: operator ids are made of them, and scans under other names are still one scan.
    return input.kind === 'scan' || input.fields.every((f, i) => f.name === fields[i]!.name)
      ? input
      : { ...input, fields };
  }
  const upsertKeys = input.traits.upsertKeys.flatMap((key) => {
    const moved = key.map((k) => exprs.findIndex((e) => carries(e, k)));
    return moved.includes(-1) ? [] : [moved];
  });
  return {
    kind: 'calc',
    input,
    condition,
    exprs,
    fields,
    id: '',
    traits: traits(input.traits.changelog, upsertKeys),
  };
}

/** True when two rows differ in the expression wherever they differ in the column: the column itself, or a cast that loses
 *  nothing. */
function carries(e: Expr, column: number): boolean {
  if (e.kind === 'column') return e.index === column;
  if (e.kind !== 'call' || e.fn !== 'CAST' || e.args[0]!.kind !== 'column') return false;
  return e.args[0]!.index === column && keepsAll(e.args[0]!.type, e.type);
}
const integers = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT'];
function keepsAll(from: LogicalType, to: LogicalType): boolean {
  if (from.kind === 'VARCHAR' && to.kind === 'VARCHAR') return from.length <= to.length;
  const at = integers.indexOf(from.kind);
  if (to.kind === 'DOUBLE') return at >= 0 && from.kind !== 'BIGINT';
  return at >= 0 && at <= integers.indexOf(to.kind);
}

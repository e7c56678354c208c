/* All that a table gives: its columns, computed ones included; rewrites narrow `columns`. */

import { columnsOf, type Expr } from '#expr';
import type { RelField } from '../field.ts';
import { noWindow, type Pruned, type RelKind } from '../kind.ts';
import { moved, positions, unionOf } from '../prune-columns.ts';
import type { BoundTable } from '../table.ts';

export interface ScanRel {
  readonly kind: 'scan';
  readonly table: BoundTable;
  /** Indexes into the table's columns, one a field. */
  readonly columns: readonly number[];
  /** A filter that the source takes, over `fields`. */
  readonly pushed: Expr | undefined;
  readonly limit: number | undefined;
  readonly fields: readonly RelField[];
}

export function scan(table: BoundTable): ScanRel {
  return {
    kind: 'scan',
    table,
    pushed: undefined,
    limit: undefined,
    columns: table.columns.map((_, i) => i),
    fields: table.columns.map((_, i) => tableField(table, i)),
  };
}

/** A table's column as a field: the rowtime is one when a watermark is declared on it. */
export function tableField(table: BoundTable, index: number): RelField {
  const c = table.columns[index]!;
  const time = table.watermark?.column === index ? 'rowtime' : c.kind === 'computed' ? c.time : undefined;
  return { name: c.name, type: c.type, time };
}

export const scanKind: RelKind<ScanRel> = {
  inputs: () => [],
  withInputs: (rel) => rel,
  reads: (rel) => ({
    exprs: rel.pushed === undefined ? [] : [{ expr: rel.pushed, over: rel.fields }],
    columns: [],
  }),
  windows: () => noWindow,
  text: ({ table: { path } }) =>
    `LogicalTableScan(table=[[${path.catalog}, ${path.database}, ${path.object}]])`,

  prune(rel, needed): Pruned {
    const used = unionOf(needed, rel.pushed ? columnsOf(rel.pushed) : []);
    // What the watermark is made from stays, and the primary key: changes are told apart by it.
    const { watermark, primaryKey } = rel.table;
    const always = new Set(primaryKey);
    if (watermark !== undefined) always.add(watermark.column);
    if (watermark !== undefined && watermark.expr !== 'source') columnsOf(watermark.expr, always);
    const kept = rel.fields.map((_, i) => i).filter((i) => used.has(i) || always.has(rel.columns[i]!));
    const at = positions(kept);
    return {
      rel: {
        ...rel,
        pushed: rel.pushed && moved(rel.pushed, at),
        columns: kept.map((i) => rel.columns[i]!),
        fields: kept.map((i) => rel.fields[i]!),
      },
      at,
    };
  },
};

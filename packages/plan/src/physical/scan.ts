/* A scan as its connector sees it: which columns to produce, what is computed from them, where watermarks come from. */

import { UserError } from '#base';
import { isInsertOnly, parseOptions, type MetadataField } from '#catalog';
import type { Field } from '#data';
import { castTo, columnsOf, mapColumns, type Expr } from '#expr';
import type { Session } from '../bind/session.ts';
import type { ScanRel } from '../logical/rel.ts';
import { connectorTable, type BoundTable } from '../logical/table.ts';
import { traits } from './calc.ts';
import { watermarkOptions } from './watermark-options.ts';
import type { Phys, PhysScan } from './node.ts';

export function scanNode(rel: ScanRel, session: Session): Phys {
  const { table } = rel;
  const descriptor = session.connectors.get(table.connector)!;
  const told = connectorTable(table);
  parseOptions(descriptor.options(told), told.options);
  const source = descriptor.source?.(told);
  if (source === undefined)
    throw new UserError('PLAN1003', {
      message: `the connector '${table.connector}' of table '${table.path.object}' cannot be read`,
    });
  if (session.settings.batch && !source.bounded) {
    throw new UserError('PLAN1004', {
      message: `Querying an unbounded table '${table.path.object}' in batch mode is not allowed. The table source is unbounded.`,
      hint: `Bound it (for Kafka: 'scan.bounded.mode' = 'latest-offset'), or run in streaming mode.`,
    });
  }
  const known = typeof descriptor.metadata === 'function' ? descriptor.metadata(told) : descriptor.metadata;
  const needed = neededColumns(rel);
  const physical = [...needed].filter((i) => table.columns[i]!.kind === 'physical').sort((a, b) => a - b);
  const metadata = [...needed].filter((i) => table.columns[i]!.kind === 'metadata').sort((a, b) => a - b);
  const produced: Field[] = [...physical, ...metadata].map((i) => producedField(table, i, known));
  const at = new Map([...physical, ...metadata].map((column, index) => [column, index]));
  const exprs = rel.columns.map((c) => columnExpr(table, c, at, produced));
  const plain =
    exprs.length === produced.length && exprs.every((e, i) => e.kind === 'column' && e.index === i);
  const keys = table.primaryKey.map((k) => rel.columns.indexOf(k));
  const scan: PhysScan = {
    kind: 'scan',
    connector: table.connector,
    table: told,
    name: table.path.object,
    produced,
    bounded: source.bounded,
    metadata: metadata.map((i) => {
      const c = table.columns[i]!;
      return c.kind === 'metadata' ? c.key : '';
    }),
    exprs: plain ? undefined : exprs,
    fields: rel.fields,
    limit: rel.limit,
    id: '',
    watermark: watermarkOf(rel),
    idleTimeoutMs:
      watermarkOptions(table).durationMs('scan.watermark.idle-timeout') ??
      session.settings.durationMs('table.exec.source.idle-timeout'),
    traits: traits(
      source.changelog,
      keys.length > 0 && !keys.includes(-1) && !isInsertOnly(source.changelog) ? [keys] : [],
    ),
  };
  if (rel.pushed === undefined) return scan;
  return {
    kind: 'calc',
    input: scan,
    condition: rel.pushed,
    exprs: rel.fields.map((f, index) => ({ kind: 'column', index, type: f.type })),
    fields: rel.fields,
    traits: scan.traits,
    id: '',
  };
}

/** Columns of the table that must be produced for those that are read. */
function neededColumns(rel: ScanRel): Set<number> {
  const needed = new Set<number>();
  for (const c of rel.columns) {
    const column = rel.table.columns[c]!;
    if (column.kind === 'computed') columnsOf(column.expr, needed);
    else needed.add(c);
  }
  const { watermark } = rel.table;
  if (watermark !== undefined && watermark.expr !== 'source') {
    for (const c of columnsOf(watermark.expr)) {
      const column = rel.table.columns[c]!;
      if (column.kind === 'computed') columnsOf(column.expr, needed);
      else needed.add(c);
    }
  }
  return needed;
}

/** Metadata comes in the connector's own type, and is cast to the declared one. */
function producedField(table: BoundTable, index: number, known: readonly MetadataField[]): Field {
  const c = table.columns[index]!;
  return {
    name: c.name,
    type: c.kind === 'metadata' ? (known.find((m) => m.key === c.key)?.type ?? c.type) : c.type,
  };
}
function columnExpr(
  table: BoundTable,
  index: number,
  at: ReadonlyMap<number, number>,
  produced: readonly Field[],
): Expr {
  const c = table.columns[index]!;
  const read = (i: number): Expr => {
    const place = at.get(i)!;
    const raw: Expr = { kind: 'column', index: place, type: produced[place]!.type };
    return table.columns[i]!.kind === 'metadata'
      ? castTo(raw, { ...table.columns[i]!.type, nullable: raw.type.nullable })
      : raw;
  };
  if (c.kind !== 'computed') return read(index);
  return mapColumns(c.expr, (column) => read(column.index));
}

/** The watermark expression over the scan's output; what it reads beyond that is computed in place. */
function watermarkOf(rel: ScanRel): PhysScan['watermark'] {
  const { watermark } = rel.table;
  if (watermark === undefined) return undefined;
  const rowtime = rel.columns.indexOf(watermark.column);
  if (rowtime < 0) return undefined;
  const { name } = rel.table.columns[watermark.column]!;
  if (watermark.expr === 'source') return { rowtime, name, expr: 'source', text: watermark.text };
  const expr = mapColumns(watermark.expr, (c) => {
    const place = rel.columns.indexOf(c.index);
    if (place >= 0) return { ...c, index: place };
    throw new UserError('PLAN1005', {
      message: `the watermark of '${rel.table.path.object}' reads "${rel.table.columns[c.index]!.name}", which the query does not`,
    });
  });
  return { rowtime, name, expr, text: watermark.text };
}

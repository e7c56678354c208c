/* A scan as its connector sees it: which columns to produce, what is computed from them, where watermarks come from; a
 * source that gives +U alone is made whole. */

import { UserError } from '#base';
import { isInsertOnly, type MetadataField } from '#catalog';
import type { Field } from '#data';
import { castTo, columnsOf, mapColumns, type Expr } from '#expr';
import { checkFields, readSide } from '../../connectors.ts';
import { identity } from '../../logical/field.ts';
import type { ScanRel } from '../../logical/nodes/scan.ts';
import type { BoundTable } from '../../logical/table.ts';
import type { PlanNode } from '../node.ts';
import { calc } from '../nodes/calc.ts';
import type { ScanNode } from '../nodes/scan.ts';
import { badRowsOptions } from '../bad-rows-options.ts';
import { watermarkOptions } from '../watermark-options.ts';
import type { Convert, Conversion } from './rule.ts';

export const convertScan: Convert<ScanRel> = {
  make(rel, to) {
    const scan = scanNode(rel, to);
    // What the source takes of the filters is applied to its rows at once.
    const read = rel.pushed === undefined ? scan : calc(scan, rel.pushed, identity(rel.fields), rel.fields);
    return whole(rel, read, to);
  },
};

function whole(rel: ScanRel, scan: PlanNode, to: Conversion): PlanNode {
  const mode = to.upward.changes(scan, true);
  if (isInsertOnly(mode) || (mode.updateBefore && mode.updateAfter)) return scan;
  if (!mode.updateAfter && !mode.updateBefore) return scan; // inserts and deletes need no before-image
  const keys = rel.table.primaryKey.map((k) => rel.columns.indexOf(k));
  if (keys.length === 0 || keys.includes(-1)) {
    throw new UserError('PLAN1001', {
      message: `Table '${rel.table.path.object}' has a changelog mode without -U, so it needs a primary key, and the query must be able to read it`,
      hint: 'Declare PRIMARY KEY (…) NOT ENFORCED.',
    });
  }
  const ttlMs = to.session.settings.durationMs('table.exec.state.ttl');
  return { kind: 'normalize', inputs: [scan], keys, ttlMs, fields: scan.fields };
}

function scanNode(rel: ScanRel, { session }: Conversion): ScanNode {
  const { table } = rel;
  const { settings } = session;
  const source = readSide(table, session);
  if (settings.batch && !source.traits.bounded) {
    throw new UserError('PLAN1004', {
      message: `Querying an unbounded table '${table.path.object}' in batch mode is not allowed. The table source is unbounded.`,
      hint: `Bound it (for Kafka: 'scan.bounded.mode' = 'latest-offset'), or run in streaming mode.`,
    });
  }
  const needed = neededColumns(rel);
  const physical = [...needed].filter((i) => table.columns[i]!.kind === 'physical').sort((a, b) => a - b);
  const metadata = [...needed].filter((i) => table.columns[i]!.kind === 'metadata').sort((a, b) => a - b);
  const produced: Field[] = [...physical, ...metadata].map((i) => producedField(table, i, source.metadata));
  checkFields(table, produced.slice(0, physical.length), session, 'read');
  const at = new Map([...physical, ...metadata].map((column, index) => [column, index]));
  const exprs = rel.columns.map((c) => columnExpr(table, c, at, produced));
  const plain =
    exprs.length === produced.length && exprs.every((e, i) => e.kind === 'column' && e.index === i);
  const key = table.primaryKey.map((k) => rel.columns.indexOf(k));
  const { idleTimeoutMs, alignment } = watermarkOptions(table);
  return {
    kind: 'scan',
    inputs: [],
    connector: table.connector,
    table: source.table,
    name: table.path.object,
    produced,
    declared: table.columns.map(({ name, type }) => ({ name, type })),
    metadata: metadata.map((i) => {
      const c = table.columns[i]!;
      return c.kind === 'metadata' ? c.key : '';
    }),
    exprs: plain ? undefined : exprs,
    changelog: source.traits.changelog,
    key: key.includes(-1) ? [] : key,
    watermark: watermarkOf(rel),
    idleTimeoutMs: idleTimeoutMs ?? settings.durationMs('table.exec.source.idle-timeout'),
    quietTimeoutMs: settings.durationMs('millrace.watermark.quiet-timeout'),
    finalWatermarkOnly: settings.batch,
    alignment,
    limit: rel.limit,
    badRows: badRowsOptions(table),
    fields: rel.fields,
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
function watermarkOf(rel: ScanRel): ScanNode['watermark'] {
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

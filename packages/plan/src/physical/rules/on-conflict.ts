/* INSERT … ON CONFLICT: whether it may be there, whether it must, and what it makes of rows that meet in one key of the sink. */

import { UserError } from '#base';
import { isInsertOnly, type ChangelogMode } from '#catalog';
import type { InsertStatement } from '#sql';
import type { BoundTable } from '../../logical/table.ts';
import { topological, type PlanNode } from '../node.ts';
import type { CompactNode } from '../nodes/compact.ts';
import type { Conversion } from './rule.ts';

/** The rows of a query tell themselves apart by the very columns of the sink's key. */
export const hasKeyOfSink = (query: PlanNode, key: readonly number[], { upward }: Conversion): boolean =>
  upward.keys(query).upsert.some((k) => k.length === key.length && k.every((c) => key.includes(c)));

/** Rows of several keys of the query may meet in one of the sink. Of a function that gives changes Flink knows nothing, and
 *  lets it pass. */
function mayMeet(query: PlanNode, key: readonly number[], to: Conversion): boolean {
  if (query.kind === 'calc') {
    const [input] = query.inputs;
    if (input.kind === 'from-changelog') return false;
  } else if (query.kind === 'from-changelog') return false;
  return !to.upward.keys(query).upsert.some((k) => k.every((c) => key.includes(c)));
}

/** Throws PLAN2012 where the statement asks for what cannot be, or does not say what it must. */
export function checkConflict(
  query: PlanNode,
  key: readonly number[],
  accepts: ChangelogMode,
  { onConflict, target }: InsertStatement,
  table: BoundTable,
  to: Conversion,
): void {
  const at = target.at(-1)!.span;
  const name = table.path.object;
  if (to.session.settings.batch) return;
  if (onConflict !== undefined && key.length === 0)
    throw new UserError('PLAN2012', {
      at,
      message: `ON CONFLICT: the table '${name}' has no primary key, so no rows can meet in one`,
      hint: 'Leave ON CONFLICT out, or declare PRIMARY KEY (…) NOT ENFORCED.',
    });
  if (onConflict !== undefined && isInsertOnly(accepts))
    throw new UserError('PLAN2012', {
      at,
      message: `ON CONFLICT clause is only allowed for upsert sinks. The sink '${name}' is not an upsert sink because it only accepts INSERT (append-only) changes.`,
      hint: 'Leave ON CONFLICT out.',
    });
  if (onConflict === 'NOTHING' || onConflict === 'ERROR') checkWatermarks(query, onConflict, target);
  if (onConflict !== undefined || key.length === 0 || isInsertOnly(accepts)) return;
  if (to.session.settings.get('table.exec.sink.require-on-conflict') !== 'true') return;
  if (!mayMeet(query, key, to)) return;
  const own = to.upward.keys(query).upsert;
  const names = (of: readonly number[]): string => of.map((c) => query.fields[c]!.name).join(', ');
  throw new UserError('PLAN2012', {
    at,
    message: `The query has an upsert key that differs from the primary key of the sink table '${name}'. Primary key: [${names(key)}], upsert key: ${own.length === 0 ? 'none' : `[${names(own[0]!)}]`}`,
    hint: 'Say what becomes of rows that meet in one key: ON CONFLICT DO DEDUPLICATE lets the last of them stand, DO NOTHING the first, and DO ERROR fails.',
  });
}

/** What is settled at watermarks needs them of every table. */
function checkWatermarks(query: PlanNode, onConflict: string, target: InsertStatement['target']): void {
  const without = topological([query]).flatMap((n) =>
    n.kind === 'scan' && n.watermark === undefined ? [n.name] : [],
  );
  if (without.length === 0) return;
  throw new UserError('PLAN2012', {
    at: target.at(-1)!.span,
    message: `ON CONFLICT DO ${onConflict} requires all source tables to define watermarks, but the following source(s) do not: ${without.join(', ')}.`,
    hint: 'Please add a WATERMARK declaration to these tables: rows of one key are held against each other when the watermark moves.',
  });
}

/** The query with the rows of each key settled, where the clause says so and its key is not that of the sink. */
export function compacted(
  query: PlanNode,
  key: readonly number[],
  accepts: ChangelogMode,
  { onConflict }: InsertStatement,
  table: BoundTable,
  to: Conversion,
): CompactNode | undefined {
  if ((onConflict !== 'NOTHING' && onConflict !== 'ERROR') || key.length === 0) return undefined;
  const { settings } = to.session;
  const strategy = settings.get('table.exec.sink.upsert-materialize').toUpperCase();
  if (settings.batch || accepts.updateBefore || strategy === 'NONE') return undefined;
  if (strategy !== 'FORCE' && hasKeyOfSink(query, key, to)) return undefined;
  return {
    kind: 'compact',
    inputs: [query],
    keys: key,
    inputKey: to.upward.keys(query).upsert[0],
    conflict: onConflict,
    keyNames: table.primaryKey.map((k) => table.columns[k]!.name),
    ttlMs: settings.durationMs('table.exec.state.ttl'),
    fields: query.fields,
  };
}

/* A sink, and what stands between it and its query so that changes arrive right: NOT NULL enforcer, upsert materializer,
 * -U dropped where the sink does not take them. */

import { UserError, type Span } from '#base';
import { changelogText, hasUpdates, isInsertOnly, type ChangelogMode, type MetadataField } from '#catalog';
import type { InsertStatement } from '#sql';
import { sinkColumns, type SinkColumn } from '../../bind/insert.ts';
import { checkFields, writeSide } from '../../connectors.ts';
import type { Rel } from '../../logical/rel.ts';
import type { BoundTable } from '../../logical/table.ts';
import { errorPolicy } from '../bad-rows-options.ts';
import { nodeTitle } from '../kinds.ts';
import type { PlanNode } from '../node.ts';
import type { MaterializeNode } from '../nodes/materialize.ts';
import type { SinkNode } from '../nodes/sink.ts';
import { makerOf } from './inserts-only.ts';
import { checkConflict, compacted, hasKeyOfSink } from './on-conflict.ts';
import type { Conversion } from './rule.ts';

/** `places`: where the statement writes each column. */
export function convertSink(
  rel: Rel,
  table: BoundTable,
  places: readonly (Span | undefined)[],
  insert: InsertStatement,
  to: Conversion,
): SinkNode {
  const { session } = to;
  const side = writeSide(table, session);
  const columns = sinkColumns(table);
  const physical = columns.filter((c) => c.kind === 'physical').map(({ name, type }) => ({ name, type }));
  checkFields(table, physical, session, 'write');
  const key = table.primaryKey.map((k) => columns.findIndex((c) => c.name === table.columns[k]!.name));
  if (!session.settings.batch) checkRowtimes(rel, table);
  const query = to.convert(rel);
  const mode = to.upward.changes(query, true);
  const accepts = side.traits.accepts(mode);
  checkAccepted(query, accepts, table, to);
  checkConflict(query, key, accepts, insert, table, to);
  const input = compacted(query, key, accepts, insert, table, to) ?? prepared(query, key, accepts, table, to);
  checkAccepted(input, accepts, table, to);
  return {
    kind: 'sink',
    inputs: [input],
    connector: table.connector,
    table: side.table,
    name: table.path.object,
    accepts,
    whole:
      input.kind !== 'materialize' && input.kind !== 'compact' && (accepts.updateBefore || !hasUpdates(mode)),
    key,
    metadata: columns.flatMap((c) => (c.kind === 'metadata' ? [writable(c, side.metadata, table)] : [])),
    notNull: columns.flatMap((c, i) => (!c.type.nullable && rel.fields[i]!.type.nullable ? [i] : [])),
    dropNulls: session.settings.get('table.exec.sink.not-null-enforcer').toUpperCase() === 'DROP',
    places,
    guarantee: side.traits.guarantee,
    badRows: errorPolicy(table),
    fields: columns.map((c, i) => ({ ...rel.fields[i]!, name: c.name })),
  };
}

/** A record has one time: Flink refuses a query that leaves the choice. */
function checkRowtimes(rel: Rel, table: BoundTable): void {
  const rowtimes = rel.fields.filter((f) => f.time === 'rowtime').map((f) => f.name);
  if (rowtimes.length < 2) return;
  throw new UserError('PLAN2004', {
    message: `The query contains more than one rowtime attribute column [${rowtimes.join(', ')}] for writing into table '${table.path.object}'.`,
    hint: 'Select the one that is the time of the row, and CAST the others to TIMESTAMP(3): then they are times like any other.',
  });
}

function writable(
  c: Extract<SinkColumn, { kind: 'metadata' }>,
  known: readonly MetadataField[],
  table: BoundTable,
): string {
  if (known.find((m) => m.key === c.key)?.writable) return c.key;
  throw new UserError('CAT2008', {
    message: `the metadata column "${c.name}" of '${table.path.object}' cannot be written`,
    hint: 'Declare it VIRTUAL: then it is only read.',
  });
}

/** Between query and sink: materializer, dropped -U, or nothing. */
function prepared(
  query: PlanNode,
  key: readonly number[],
  accepts: ChangelogMode,
  table: BoundTable,
  to: Conversion,
): PlanNode {
  const mode = to.upward.changes(query, true);
  const strategy = to.session.settings.get('table.exec.sink.upsert-materialize').toUpperCase();
  const sameKey = hasKeyOfSink(query, key, to);
  // Where the query's updates stay within a key of the sink, the +U alone says it all. Where they do not, the -U takes
  // the row from the key that it had.
  const updates = hasUpdates(mode) && !accepts.updateBefore;
  const moving = updates && key.length > 0 && !sameKey;
  const auto = strategy === 'AUTO' && !isInsertOnly(mode) && !accepts.updateBefore && !sameKey;
  const forced = strategy === 'FORCE' && !accepts.updateBefore;
  if (key.length > 0 && (forced || auto)) {
    const whole = !updates || moving;
    const feed = whole ? query : withoutUpdateBefore(query, table, to, accepts);
    return materialized(feed, key, whole, to);
  }
  if (!updates) return query;
  return moving
    ? dropped(query, { asDelete: true, whole: true }, table, to, accepts)
    : withoutUpdateBefore(query, table, to, accepts);
}

function materialized(
  input: PlanNode,
  keys: readonly number[],
  whole: boolean,
  to: Conversion,
): MaterializeNode {
  return {
    kind: 'materialize',
    inputs: [input],
    keys,
    inputKey: to.upward.keys(input).upsert[0],
    whole,
    ttlMs: to.session.settings.durationMs('table.exec.state.ttl'),
    fields: input.fields,
  };
}

/** The query without -U: as it is where it gives none when none is asked for. */
function withoutUpdateBefore(
  query: PlanNode,
  table: BoundTable,
  to: Conversion,
  accepts: ChangelogMode,
): PlanNode {
  if (!to.upward.changes(query, false).updateBefore) return query;
  return dropped(query, { asDelete: to.upward.partsUpdates(query), whole: false }, table, to, accepts);
}

/** -U goes, or becomes a -D where a row may have to be taken back (`asDelete`). Throws PLAN2002 where the sink takes no
 *  deletes. */
function dropped(
  input: PlanNode,
  how: { readonly asDelete: boolean; readonly whole: boolean },
  table: BoundTable,
  { upward }: Conversion,
  accepts: ChangelogMode,
): PlanNode {
  if (how.asDelete && !accepts.delete) {
    throw new UserError('PLAN2002', {
      message: `Table sink '${table.path.object}' doesn't support consuming delete changes which is produced by node Calc ${changelogText(upward.changes(input, how.whole))}`,
      hint: 'Rows are taken back where a filter over a changing result no longer lets them pass, or where they move to another key of the sink. The sink must take deletes.',
    });
  }
  return { kind: 'drop-update-before', inputs: [input], ...how, fields: input.fields };
}

/** Flink's refusal of changes that a sink cannot take. */
function checkAccepted(
  query: PlanNode,
  accepts: ChangelogMode,
  table: BoundTable,
  { upward }: Conversion,
): void {
  const mode = upward.changes(query, true);
  const updates = hasUpdates(mode) && !accepts.updateAfter;
  const deletes = mode.delete && !accepts.delete;
  if (!updates && !deletes) return;
  const what =
    updates && deletes ? 'update and delete changes' : updates ? 'update changes' : 'delete changes';
  const name = nodeTitle(makerOf(query, upward)).replace(/\(.*$/s, '');
  throw new UserError('PLAN2002', {
    message: `Table sink '${table.path.object}' doesn't support consuming ${what} which is produced by node ${name} ${changelogText(mode)}`,
    hint:
      table.primaryKey.length === 0
        ? 'A sink that is updated by key needs PRIMARY KEY (…) NOT ENFORCED; or aggregate in a window, which only inserts.'
        : undefined,
  });
}

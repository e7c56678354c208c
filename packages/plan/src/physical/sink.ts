/* INSERT INTO: the query's columns cast to the table's, and what stands between the query and the sink so that its changes
 * arrive right: NOT NULL enforcer, upsert materializer, -U dropped where the sink does not take them. */

import { didYouMean, UserError } from '#base';
import {
  allChanges,
  changelogText,
  hasUpdates,
  isInsertOnly,
  parseOptions,
  type ChangelogMode,
  type ConnectorDescriptor,
  type ConnectorTable,
} from '#catalog';
import { sameType, typeText, type LogicalType } from '#data';
import { castTo, columnsOf, literal, canCastImplicitly, type Expr } from '#expr';
import type { Identifier, InsertStatement } from '#sql';
import { bindExpression, notYet } from '../bind/expressions.ts';
import type { Binder } from '../bind/binder.ts';
import { Scope } from '../bind/scope.ts';
import { column, project } from '../logical/build.ts';
import type { Rel } from '../logical/rel.ts';
import { connectorTable, withOptionHints, type BoundColumn, type BoundTable } from '../logical/table.ts';
import type { Converter } from './convert.ts';
import type { Phys, PhysMaterialize, PhysSink } from './node.ts';

type SinkColumn = Exclude<BoundColumn, { kind: 'computed' }>;

/** The query of an INSERT as the sink's columns, in the sink's order. */
export function bindInsert(
  node: InsertStatement,
  binder: Binder,
): { readonly rel: Rel; readonly table: BoundTable } {
  const object = binder.session.get(node.target);
  if (object.kind === 'view')
    throw new UserError('CAT2003', {
      at: node.target[0]!.span,
      message: `"${object.path.object}" is a view: rows cannot be written into it`,
    });
  if (node.overwrite) throw notYet('INSERT OVERWRITE', node.span);
  const table = withOptionHints(object, node.hints);
  const columns = sinkColumns(table);
  const rel = binder.query(node.query);
  const fixed = new Map(node.partition.map((p) => [p.column.text, bindExpression(p.value, new Scope([]))]));
  const named = targets(node.columns, columns, fixed);
  if (rel.fields.length !== named.length)
    throw mismatch(
      table,
      rel,
      named,
      `${rel.fields.length} columns in the query, ${named.length} in the sink`,
      node,
    );
  const exprs = columns.map((c): Expr => {
    const constant = fixed.get(c.name);
    if (constant !== undefined) return castTo(constant, { ...c.type, nullable: false }, { implicit: true });
    const at = named.indexOf(c);
    if (at < 0) return literal(null, { ...c.type, nullable: true });
    const from = rel.fields[at]!.type;
    if (sameType(from, c.type, false)) return column(rel, at);
    if (!canCastImplicitly(from, c.type))
      throw mismatch(
        table,
        rel,
        named,
        `column ${at + 1} '${c.name}' takes ${typeText(c.type)}, the query gives ${typeText(from)}`,
        node,
      );
    return castTo(column(rel, at), { ...c.type, nullable: from.nullable }, { implicit: true });
  });
  return {
    rel: project(
      rel,
      exprs,
      columns.map((c) => c.name),
    ),
    table,
  };
}

/** What is written: physical columns, then metadata that is not VIRTUAL. */
export function sinkColumns(table: BoundTable): SinkColumn[] {
  const physical = table.columns.filter((c) => c.kind === 'physical');
  const metadata = table.columns.filter((c) => c.kind === 'metadata' && !c.virtual);
  return [...physical, ...metadata] as SinkColumn[];
}
/** The columns that the query's columns go to: as written in INSERT INTO t (…), else in declared order. */
function targets(
  names: readonly Identifier[],
  columns: readonly SinkColumn[],
  fixed: ReadonlyMap<string, Expr>,
): SinkColumn[] {
  if (names.length === 0) return columns.filter((c) => !fixed.has(c.name));
  return names.map((id, i) => {
    if (names.findIndex((n) => n.text === id.text) < i)
      throw new UserError('SQL2019', { at: id.span, message: `column "${id.text}" is written twice` });
    const found = columns.find((c) => c.name === id.text);
    if (found !== undefined) return found;
    throw new UserError('SQL1004', {
      at: id.span,
      message: `no column "${id.text}" to write`,
      hint: didYouMean(
        id.text,
        columns.map((c) => c.name),
      ),
    });
  });
}
function mismatch(
  table: BoundTable,
  rel: Rel,
  sink: readonly { name: string; type: LogicalType }[],
  cause: string,
  node: InsertStatement,
): UserError {
  const shown = (fields: readonly { name: string; type: LogicalType }[]): string =>
    fields.map((f) => `${f.name}: ${typeText(f.type)}`).join(', ');
  return new UserError('PLAN2001', {
    at: node.query.span,
    message: `Column types of query result and sink for '${table.path.object}' do not match. Cause: ${cause}. Query schema: [${shown(rel.fields)}]. Sink schema: [${shown(sink)}]`,
  });
}

export function sinkNode(rel: Rel, table: BoundTable, converter: Converter): PhysSink {
  const { session } = converter;
  const descriptor = session.connectors.get(table.connector)!;
  const told = connectorTable(table);
  parseOptions(descriptor.options(told), told.options);
  const sink = descriptor.sink?.(told);
  if (sink === undefined)
    throw new UserError('PLAN1003', {
      message: `the connector '${table.connector}' of table '${table.path.object}' cannot be written`,
    });
  const columns = sinkColumns(table);
  const key = table.primaryKey.map((k) => columns.indexOf(table.columns[k] as SinkColumn));
  const probe = converter.convert(rel, true);
  const accepted = sink.accepts(probe.traits.changelog);
  checkAccepted(probe, accepted, table);
  const input = prepare(rel, probe, key, accepted, table, converter);
  return {
    kind: 'sink',
    input,
    connector: table.connector,
    table: told,
    name: table.path.object,
    key,
    id: '',
    metadata: columns.flatMap((c) => (c.kind === 'metadata' ? [checkWritable(c, descriptor, told)] : [])),
    notNull: columns.flatMap((c, i) => (!c.type.nullable && rel.fields[i]!.type.nullable ? [i] : [])),
    dropNulls: session.settings.get('table.exec.sink.not-null-enforcer').toUpperCase() === 'DROP',
    guarantee: sink.guarantee,
    fields: columns.map((c, i) => ({ ...rel.fields[i]!, name: c.name })),
    traits: input.traits,
  };
}

function checkWritable(
  c: Extract<SinkColumn, { kind: 'metadata' }>,
  descriptor: ConnectorDescriptor,
  table: ConnectorTable,
): string {
  const known = typeof descriptor.metadata === 'function' ? descriptor.metadata(table) : descriptor.metadata;
  if (known.find((m) => m.key === c.key)?.writable) return c.key;
  throw new UserError('CAT2008', {
    message: `the metadata column "${c.name}" of '${table.path.object}' cannot be written`,
    hint: 'Declare it VIRTUAL: then it is only read.',
  });
}

/** Between query and sink: materializer, dropped -U, or nothing. */
function prepare(
  rel: Rel,
  probe: Phys,
  key: readonly number[],
  accepted: ChangelogMode,
  table: BoundTable,
  converter: Converter,
): Phys {
  const mode = probe.traits.changelog;
  const strategy = converter.session.settings.get('table.exec.sink.upsert-materialize').toUpperCase();
  const sameKey = probe.traits.upsertKeys.some(
    (k) => k.length === key.length && k.every((c) => key.includes(c)),
  );
  // Where the query's updates stay within a key of the sink, the +U alone says it all. Where they do not, the -U takes
  // the row from the key that it had.
  const updates = hasUpdates(mode) && !accepted.updateBefore;
  const moving = updates && key.length > 0 && !sameKey;
  const auto = strategy === 'AUTO' && !isInsertOnly(mode) && !accepted.updateBefore && !sameKey;
  if (key.length > 0 && (strategy === 'FORCE' || auto)) {
    const feed = updates && !moving ? withoutUpdateBefore(rel, table, converter, accepted) : probe;
    return materialize(feed, key, converter);
  }
  if (!updates) return probe;
  return moving
    ? dropUpdateBefore(probe, true, table, accepted)
    : withoutUpdateBefore(rel, table, converter, accepted);
}

function withoutUpdateBefore(
  rel: Rel,
  table: BoundTable,
  converter: Converter,
  accepted: ChangelogMode,
): Phys {
  const input = converter.convert(rel, false);
  if (!input.traits.changelog.updateBefore) return input;
  return dropUpdateBefore(input, filtersUpdates(input), table, accepted);
}

/** -U goes, or becomes a -D where a row may have to be taken back (`asDelete`). Throws PLAN2002 where the sink takes no
 *  deletes. */
function dropUpdateBefore(input: Phys, asDelete: boolean, table: BoundTable, accepted: ChangelogMode): Phys {
  const { changelog } = input.traits;
  if (asDelete && !accepted.delete) {
    throw new UserError('PLAN2002', {
      message: `Table sink '${table.path.object}' doesn't support consuming delete changes which is produced by node Calc ${changelogText(changelog)}`,
      hint: 'Rows are taken back where a filter over a changing result no longer lets them pass, or where they move to another key of the sink. The sink must take deletes.',
    });
  }
  return {
    kind: 'drop-update-before',
    input,
    asDelete,
    fields: input.fields,
    id: '',
    traits: {
      ...input.traits,
      state: 'none',
      changelog: { ...changelog, updateBefore: false, delete: changelog.delete || asDelete },
    },
  };
}
/** True when a filter on more than the key may let a -U through and hold its +U back, or a -U and its +U may lie in two
 *  sessions: dropping the -U would leave the old row in the sink for ever (FLINK-9528). */
function filtersUpdates(node: Phys): boolean {
  switch (node.kind) {
    case 'calc': {
      const read = node.condition === undefined ? [] : [...columnsOf(node.condition)];
      const byKey = node.input.traits.upsertKeys.some((key) => read.every((c) => key.includes(c)));
      return (
        (read.length > 0 && !byKey && node.input.traits.changelog.updateAfter) || filtersUpdates(node.input)
      );
    }
    case 'rank':
      return node.byPosition; // its -U and +U are of rows with different keys
    case 'union':
      return node.inputs.some(filtersUpdates);
    case 'lookup-join':
      return hasUpdates(node.input.traits.changelog) || filtersUpdates(node.input);
    case 'unnest':
      return filtersUpdates(node.input);
    case 'window-table': {
      const moves = node.window.kind === 'session' && hasUpdates(node.traits.changelog);
      return moves || filtersUpdates(node.input);
    }
    default:
      return false;
  }
}
function materialize(input: Phys, key: readonly number[], converter: Converter): PhysMaterialize {
  return {
    kind: 'materialize',
    input,
    keys: key,
    inputKey: input.traits.upsertKeys[0],
    fields: input.fields,
    id: '',
    ttlMs: converter.session.settings.durationMs('table.exec.state.ttl'),
    traits: { changelog: { ...allChanges, updateBefore: false }, upsertKeys: [key], state: 'key' },
  };
}

/** Flink's refusal of changes that a sink cannot take. */
function checkAccepted(input: Phys, accepted: ChangelogMode, table: BoundTable): void {
  const mode = input.traits.changelog;
  const updates = hasUpdates(mode) && !accepted.updateAfter;
  const deletes = mode.delete && !accepted.delete;
  if (!updates && !deletes) return;
  const what =
    updates && deletes ? 'update and delete changes' : updates ? 'update changes' : 'delete changes';
  throw new UserError('PLAN2002', {
    message: `Table sink '${table.path.object}' doesn't support consuming ${what} which is produced by node ${titleOfChanges(input)} ${changelogText(mode)}`,
    hint:
      table.primaryKey.length === 0
        ? 'A sink that is updated by key needs PRIMARY KEY (…) NOT ENFORCED; or aggregate in a window, which only inserts.'
        : undefined,
  });
}
function titleOfChanges(node: Phys): string {
  let at = node;
  while (
    (at.kind === 'calc' || at.kind === 'lookup-join' || at.kind === 'unnest') &&
    !isInsertOnly(at.traits.changelog)
  )
    at = at.input;
  if (at.kind === 'rank') return at.keys.length > 0 ? 'SortLimit' : 'Limit';
  return at.kind
    .split('-')
    .map((w) => w[0]!.toUpperCase() + w.slice(1))
    .join('');
}

/* The sinks of a job's dead letters: one a table that they go to, which reads the side outputs of all nodes whose table asks
 * for it.
 *
 *   TableSourceScan(orders) ─ side ─┐
 *   Calc                    ─ side ─┼─▶ DeadLetters ─▶ Sink(orders.dlq)
 *   WindowAggregate         ─ side ─┘
 */

import { didYouMean, UserError, type Span } from '#base';
import { insertOnly, pathText, type Guarantee } from '#catalog';
import { typeText } from '#data';
import { canCastImplicitly, castTo, literal, type Expr } from '#expr';
import type { BadRowsPlan } from '#job';
import { parseStatement, quoteName, type CreateTable } from '#sql';
import { bindCreateTable } from '../../bind/create-table.ts';
import { sinkColumns, type SinkColumn } from '../../bind/insert.ts';
import type { Session } from '../../bind/session.ts';
import { writeSide } from '../../connectors.ts';
import type { BoundTable } from '../../logical/table.ts';
import type { PlanNode } from '../node.ts';
import { letterFields, type DeadLettersNode } from '../nodes/dead-letters.ts';
import type { SinkNode } from '../nodes/sink.ts';
import { badRowsOf, type AskingNode, type BadRowsTrait } from '../traits/bad-rows.ts';

export interface DeadLetterPlan {
  readonly sinks: readonly PlanNode[];
  readonly badRows: ReadonlyMap<PlanNode, BadRowsPlan>;
}

/** Without letters: bad rows are counted and left out, late ones counted. A query that only shows its result leaves nothing
 *  behind. */
export function withoutLetters(roots: readonly PlanNode[]): DeadLetterPlan {
  const badRows = new Map<PlanNode, BadRowsPlan>();
  for (const [node, { plan }] of badRowsOf(roots))
    if (plan.onError !== 'fail')
      badRows.set(node, { ...plan, onError: 'skip', keepsLate: false, recordBytesMax: undefined });
  return { sinks: [], badRows };
}

/** `target`: names the job, where its letters' transactions need a name. Throws UserError for a table that cannot take
 *  letters. */
export function deadLetters(roots: readonly PlanNode[], session: Session, target: string): DeadLetterPlan {
  const traits = badRowsOf(roots);
  const tables = new LetterTables(session, strongest(roots), target);
  const readers = new Map<BoundTable, { readonly nodes: PlanNode[]; readonly of: Set<string> }>();
  const badRows = new Map<PlanNode, BadRowsPlan>();
  for (const [node, trait] of traits) {
    badRows.set(node, {
      ...trait.plan,
      recordBytesMax: givesLetters(trait) ? tables.bytesMax(trait.of) : undefined,
    });
    if (!givesLetters(trait)) continue;
    for (const table of new Set(trait.of.map((asking) => tables.of(asking)))) {
      const known = readers.get(table) ?? { nodes: [], of: new Set() };
      readers.set(table, known);
      known.nodes.push(node);
      for (const asking of trait.of) if (tables.of(asking) === table) known.of.add(asking.name);
    }
  }
  const sinks = [...readers].map(([table, { nodes, of }]) => letterSink(nodes, [...of], table, session));
  return { sinks, badRows };
}
const givesLetters = ({ plan }: BadRowsTrait): boolean => plan.onError === 'dead-letter' || plan.keepsLate;

/** The best guarantee among the job's sinks: letters have it too, where their table leaves the choice. */
function strongest(roots: readonly PlanNode[]): Guarantee {
  const given = roots.flatMap((root) => (root.kind === 'sink' ? [root.guarantee] : []));
  return given.includes('exactly-once') ? 'exactly-once' : 'at-least-once';
}

/** Bytes of a record that a topic takes as a rule: a letter has headers beside it. */
const topicBytesMax = 900 << 10;

/** The tables that letters go to. */
class LetterTables {
  readonly #session: Session;
  readonly #guarantee: Guarantee;
  readonly #target: string;
  /** By what tells them apart: a name, or the text of one that we make. */
  readonly #known = new Map<string, BoundTable>();

  constructor(session: Session, guarantee: Guarantee, target: string) {
    this.#session = session;
    this.#guarantee = guarantee;
    this.#target = target;
  }
  /** Always the same object for the same table. */
  of(asking: AskingNode): BoundTable {
    const { deadLetterTable: named } = asking.badRows;
    return named === undefined ? this.#defaultFor(asking) : this.#named(named, asking);
  }
  bytesMax(asking: readonly AskingNode[]): number | undefined {
    const bounds = asking.map(
      (node) =>
        node.badRows.recordBytesMax ??
        (this.#session.connectors.get(this.of(node).connector)?.isLog === true ? topicBytesMax : Infinity),
    );
    const least = Math.min(...bounds);
    return least === Infinity ? undefined : least;
  }
  #named(
    { name, at }: { readonly name: string; readonly at: Span | undefined },
    asking: AskingNode,
  ): BoundTable {
    const session = this.#session;
    const parts = name.split('.');
    const path = {
      catalog: parts.at(-3) ?? session.catalog,
      database: parts.at(-2) ?? session.database,
      object: parts.at(-1)!,
    };
    const found = session.find(path);
    if (found?.kind !== 'table') {
      const tables = session.list(path.catalog, path.database).filter((o) => o.kind === 'table');
      throw new UserError('CAT2002', {
        at,
        message:
          found === undefined
            ? `no table "${name}" for the dead letters of "${asking.name}"`
            : `"${name}" is a view: the dead letters of "${asking.name}" cannot be written into it`,
        hint: didYouMean(
          path.object,
          tables.map((o) => o.path.object),
        ),
      });
    }
    const known = this.#known.get(pathText(path)) ?? found;
    this.#known.set(pathText(path), known);
    return known;
  }
  #defaultFor({ connector, table, name }: AskingNode): BoundTable {
    const guarantee = this.#guarantee;
    const given =
      this.#session.connectors
        .get(connector)
        ?.deadLetters?.(table, { guarantee, name: `${name}.dlq-${this.#target}` }) ?? letterFiles(name);
    const options = Object.entries(given.options).map(([k, v]) => `${text(k)} = ${text(v)}`);
    const ddl = `CREATE TEMPORARY TABLE ${quoteName(`${name}.dlq`)} (${given.columns}) WITH (${options.join(', ')})`;
    const known = this.#known.get(ddl) ?? bindCreateTable(parseStatement(ddl) as CreateTable, this.#session);
    this.#known.set(ddl, known);
    return known;
  }
}
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Files that any job can write and any tool read: they come with Millrace, so the planner may name them. */
const letterFiles = (name: string): { columns: string; options: Record<string, string> } => ({
  columns: `job STRING, table_name STRING, stage STRING, code STRING, message STRING, failed_at TIMESTAMP_LTZ(3), place STRING,
    topic STRING, \`partition\` INT, \`offset\` BIGINT, \`timestamp\` TIMESTAMP_LTZ(3), content STRING, \`key\` BYTES,
    \`value\` BYTES, headers MAP<STRING, BYTES>, replayed INT`,
  options: {
    connector: 'filesystem',
    path: `.millrace/dlq/${encodeURIComponent(name)}`,
    format: 'json',
  },
});

function letterSink(
  nodes: readonly PlanNode[],
  of: readonly string[],
  table: BoundTable,
  session: Session,
): SinkNode {
  const side = writeSide(table, session);
  const columns = sinkColumns(table);
  const name = table.path.object;
  const exprs = columns.map((column) => letterColumn(column, table));
  const fields = columns.map((c, i) => ({ name: c.name, type: exprs[i]!.type, time: undefined }));
  const letters: DeadLettersNode = { kind: 'dead-letters', inputs: nodes, of, table: name, exprs, fields };
  const key = table.primaryKey.map((k) => columns.findIndex((c) => c.name === table.columns[k]!.name));
  return {
    kind: 'sink',
    inputs: [letters],
    connector: table.connector,
    table: side.table,
    name,
    accepts: side.traits.accepts(insertOnly),
    whole: false,
    key,
    metadata: columns.flatMap((c) => (c.kind === 'metadata' ? [c.key] : [])),
    notNull: columns.flatMap((c, i) => (!c.type.nullable && exprs[i]!.type.nullable ? [i] : [])),
    dropNulls: false,
    places: columns.map(() => undefined),
    guarantee: side.traits.guarantee,
    // A letter that cannot be written fails the job: there is nowhere left to put it.
    badRows: undefined,
    fields,
  };
}

/** What a column of the table is of a letter: that of its name. Headers that are written beside the value have Kafka
 *  Connect's among them. */
function letterColumn(column: SinkColumn, table: BoundTable): Expr {
  const isHeaders = column.kind === 'metadata' && column.key === 'headers';
  const wanted = isHeaders ? 'connect_headers' : column.kind === 'metadata' ? column.key : column.name;
  const index = letterFields.findIndex((f) => f.name === wanted);
  if (index >= 0) {
    const from: Expr = { kind: 'column', index, type: letterFields[index]!.type };
    // A cast that may fail has nowhere to report to.
    const isText = from.type.kind === 'VARBINARY' && column.type.kind === 'VARCHAR';
    if (!isText && !canCastImplicitly(from.type, column.type))
      throw new UserError('PLAN2005', {
        message: `column "${column.name}" of "${table.path.object}" takes ${typeText(column.type)}, and dead letters give ${typeText(from.type)}`,
        hint: 'The columns of dead letters stand in docs/bad-data.md.',
      });
    return castTo(from, { ...column.type, nullable: from.type.nullable });
  }
  if (column.type.nullable) return literal(null, column.type);
  throw new UserError('PLAN2005', {
    message: `dead letters have no column "${column.name}", which is NOT NULL in "${table.path.object}"`,
    hint: didYouMean(
      column.name,
      letterFields.map((f) => f.name),
    ),
  });
}

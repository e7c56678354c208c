/* What becomes of INSERTs when a table that they read gets further columns.
 *
 *   INSERT INTO totals SELECT *, UPPER(page) FROM clicks        clicks gets `referrer`
 *     ──▶ INSERT INTO totals (id, page, referrer, upper) SELECT *, UPPER(page) FROM clicks, and totals gets `referrer` too
 *
 * A query carries a column where it names its columns by a star: bound again over the wider table it has one more. The columns
 * that it had go where they went; the new one goes to a column of its name, which the sink has and nobody writes, or gets. */

import { UserError } from '#base';
import { pathText, type ObjectPath } from '#catalog';
import { typeText, withNullable, type Field, type LogicalType } from '#data';
import type { EvalContext } from '#expr';
import {
  parseStatement,
  quoteName,
  type ColumnDefinition,
  type CreateTable,
  type Identifier,
  type InsertStatement,
} from '#sql';
import { writeSide } from '../connectors.ts';
import type { BoundTable } from '../logical/table.ts';
import { bindCreateTable } from './create-table.ts';
import { sinkColumns } from './insert.ts';
import { QueryBinder } from './query.ts';
import type { Session } from './session.ts';

export interface NewColumn extends Field {
  readonly table: ObjectPath;
}
/** The INSERTs as they are then, to be planned in a session in which the tables are wider. */
export interface CarriedColumns {
  readonly session: Session;
  readonly inserts: readonly InsertStatement[];
  /** Columns of the sinks, by the table that is written: those that were not there. */
  readonly written: readonly NewColumn[];
  /** Names of columns of the queries and of their sinks: a new column cannot have them. */
  readonly taken: readonly string[];
}

/** `why` it cannot be: no INSERT carries the columns, or a sink does not take them. The session stays as it is. */
export function carryColumns(
  inserts: readonly InsertStatement[],
  session: Session,
  evaluation: EvalContext,
  columns: readonly NewColumn[],
): CarriedColumns | { readonly why: string } {
  const wide = session.copy();
  try {
    for (const [path, fields] of byTable(columns)) widen(wide, path, fields);
    return new Carrying(session, wide, evaluation, columns).carried(inserts);
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    return { why: thrown.message };
  }
}

/** The columns that the table does not have yet, behind all that it has. */
export function widen(session: Session, path: ObjectPath, fields: readonly Field[]): void {
  const table = session.find(path);
  if (table?.kind !== 'table') return;
  const added = fields.filter((f) => table.columns.every((c) => c.name !== f.name)).map(definition);
  if (added.length === 0) return;
  const { like: _, ...ast } = table.ast;
  const bound = bindCreateTable({ ...ast, like: undefined, columns: [...ast.columns, ...added] }, session);
  session.put({ ...table, columns: bound.columns, ast: bound.ast });
}
function definition({ name, type }: Field): ColumnDefinition {
  const text = `CREATE TABLE t (${quoteName(name)} ${typeText(withNullable(type, true))})`;
  return (parseStatement(text) as CreateTable).columns[0]!;
}
function byTable(columns: readonly NewColumn[]): Map<ObjectPath, Field[]> {
  const paths = new Map(columns.map(({ table }) => [pathText(table), table]));
  const of = (text: string): Field[] => columns.filter((c) => pathText(c.table) === text);
  return new Map([...paths].map(([text, path]) => [path, of(text)]));
}

class Carrying {
  readonly #session: Session;
  readonly #wide: Session;
  readonly #evaluation: EvalContext;
  readonly #names: ReadonlySet<string>;
  readonly #written: NewColumn[] = [];
  readonly #taken = new Set<string>();
  #carries = false;

  constructor(session: Session, wide: Session, evaluation: EvalContext, columns: readonly Field[]) {
    this.#session = session;
    this.#wide = wide;
    this.#evaluation = evaluation;
    this.#names = new Set(columns.map((c) => c.name));
  }
  carried(inserts: readonly InsertStatement[]): CarriedColumns | { readonly why: string } {
    const changed = inserts.map((insert) => this.#insert(insert));
    if (!this.#carries)
      return { why: 'no INSERT of the job passes it on, as SELECT * does; its query names its columns' };
    return {
      session: this.#wide,
      inserts: changed,
      written: this.#written,
      taken: [...this.#taken],
    };
  }
  #insert(node: InsertStatement): InsertStatement {
    const before = this.#fields(node, this.#session).map((f) => f.name);
    const after = this.#fields(node, this.#wide);
    const isNew = this.#newOnes(before, after);
    const table = this.#wide.get(node.target) as BoundTable;
    const fixed = node.partition.map((p) => p.column.text);
    const named =
      node.columns.length > 0
        ? node.columns.map((c) => c.text)
        : sinkColumns(table).flatMap((c) => (fixed.includes(c.name) ? [] : [c.name]));
    for (const name of [...before, ...fixed, ...named]) this.#taken.add(name);
    if (!isNew.includes(true)) return node;
    this.#carries = true;
    if (writeSide(table, this.#wide).traits.takesColumns !== true)
      throw new UserError('PLAN2013', {
        message: `the table '${table.path.object}' of the connector '${table.connector}' gets no columns while a job runs`,
      });
    let old = 0;
    const columns = after.map((field, i): Identifier => {
      const text = isNew[i]! ? this.#target(field, table, [...named, ...fixed]) : named[old++]!;
      return { text, quoted: true, span: node.target.at(-1)!.span };
    });
    return { ...node, columns };
  }
  #fields(node: InsertStatement, session: Session): readonly Field[] {
    return new QueryBinder(session, this.#evaluation).query(node.query).fields;
  }
  /** Which columns are new; all others are those of before, in their order. */
  #newOnes(before: readonly string[], after: readonly Field[]): readonly boolean[] {
    const isNew = after.map(({ name }) => this.#names.has(name) && !before.includes(name));
    const rest = after.flatMap(({ name }, i) => (isNew[i]! ? [] : [name]));
    if (rest.length === before.length && rest.every((name, i) => isSameName(name, before[i]!))) return isNew;
    throw new UserError('PLAN2013', { message: 'the columns of a query would change, not only become more' });
  }
  /** The name of the sink's column that the field goes to. */
  #target({ name, type }: Field, table: BoundTable, named: readonly string[]): string {
    if (named.includes(name))
      throw new UserError('PLAN2013', {
        message: `the column '${name}' of '${table.path.object}' is written already`,
      });
    this.#widenSink(table.path, { name, type: withNullable(type, true) });
    return name;
  }
  #widenSink(path: ObjectPath, field: { readonly name: string; readonly type: LogicalType }): void {
    const before = (this.#wide.find(path) as BoundTable).columns.length;
    widen(this.#wide, path, [field]);
    if ((this.#wide.find(path) as BoundTable).columns.length > before)
      this.#written.push({ table: path, ...field });
  }
}

/** Columns without a name are called by their place. */
const isSameName = (a: string, b: string): boolean => a === b || (unnamed.test(a) && unnamed.test(b));
const unnamed = /^EXPR\$\d+$/;

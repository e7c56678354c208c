/* Tables and views: made, changed, renamed, dropped. What is not temporary goes where its catalog keeps it, and a table that
 * its connector keeps goes there too. */

import { UserError, type Span } from '#base';
import type { KeptTable, ObjectPath } from '#catalog';
import {
  bindCreateTable,
  QueryBinder,
  type BoundTable,
  type BoundView,
  type CatalogObject,
  type Session,
} from '#plan';
import {
  printQuery,
  printStatement,
  type AlterTable,
  type AlterView,
  type CreateTable,
  type CreateView,
  type DropStatement,
  type ObjectName,
  type TruncateTable,
} from '#sql';
import type { EvalContext } from '#expr';
import { alteredTable } from './alter-table.ts';
import { withPartitions } from './partitions.ts';
import { viewOf, type Loader } from './loader.ts';

export class Objects {
  readonly #session: Session;
  readonly #loader: Loader;
  readonly #evaluation: () => EvalContext;

  constructor(session: Session, loader: Loader, evaluation: () => EvalContext) {
    this.#session = session;
    this.#loader = loader;
    this.#evaluation = evaluation;
  }

  /** CREATE TABLE in this session; `keep` makes it last. Throws UserError. False where it is there already, and may be. */
  createTable(node: CreateTable): boolean {
    const table = bindCreateTable(node, this.#session);
    if (!this.#free(table, node)) return false;
    this.#session.put(table);
    return true;
  }
  async createView(node: CreateView): Promise<void> {
    const { catalog, database } = this.#session;
    const view = viewOf(node, this.#session.path(node.name), { catalog, database });
    const twice = node.columns.find((c, i) => node.columns.findIndex((d) => d.text === c.text) < i);
    if (twice !== undefined)
      throw new UserError('CAT2006', { at: twice.span, message: `column "${twice.text}" is there twice` });
    new QueryBinder(this.#session, this.#evaluation()).view(view);
    const there = this.#sameKind(view);
    if (!(node.orReplace && there?.kind === 'view') && !this.#free(view, node)) return;
    this.#session.put(view);
    await this.keep(view);
  }

  /** Whether the name is free: a taken one is an error, or left alone with IF NOT EXISTS. A kept table that another session
   *  made steps aside. */
  #free(object: CatalogObject, node: { readonly ifNotExists: boolean; readonly name: ObjectName }): boolean {
    const { path } = object;
    this.#session.needDatabase(path.catalog, path.database, node.name[0]?.span);
    const there = this.#sameKind(object);
    if (there === undefined) return true;
    if (!object.temporary && this.#loader.keptBefore(path) !== undefined) {
      const isKeeper = object.kind === 'table' && object.connector === this.#loader.keeper?.connector;
      if (!isKeeper) return true;
      // A file that is run again finds its tables as it left them.
      if (there.kind === 'table' && keptText(object) === keptText(there)) return false;
    }
    if (node.ifNotExists) return false;
    throw this.taken(path, node.name.at(-1)?.span);
  }
  /** What has the name of the object: temporary ones are apart. */
  #sameKind({ temporary, path }: CatalogObject): CatalogObject | undefined {
    return temporary ? this.#session.findTemporary(path) : this.#session.findPermanent(path);
  }
  taken(path: ObjectPath, at: Span | undefined): UserError {
    return new UserError('CAT2001', {
      at,
      message: `"${path.object}" exists already`,
      hint:
        this.#loader.keptBefore(path) === undefined
          ? 'Write IF NOT EXISTS, or DROP it first.'
          : 'An earlier run made it, and it is kept. Write IF NOT EXISTS, CREATE OR REPLACE TABLE … AS, or DROP it first.',
    });
  }

  /** Writes the object where its catalog and its connector keep such. */
  async keep(object: CatalogObject, owner?: string): Promise<void> {
    this.#loader.made(object.path);
    if (object.temporary) return;
    const { catalog, database, object: name } = object.path;
    const { store } = this.#session.catalogNamed(catalog, undefined);
    if (store !== undefined) {
      if (store.changes === undefined) throw this.#readOnly(object);
      const { home } = object as BoundView;
      await store.changes.put(database, name, {
        kind: object.kind,
        sql: objectText(object),
        ...(object.kind === 'view' ? { home } : {}),
      });
    }
    const kept = this.#keptAs(object, owner);
    if (kept !== undefined) await this.#loader.keeper!.tables.put(kept);
  }
  #readOnly(object: CatalogObject): UserError {
    this.#session.remove(object);
    return new UserError('CAT2012', {
      message: `the catalog "${object.path.catalog}" can only be read from here: no ${object.kind} can be made or changed in it`,
      hint: 'Make it where the catalog is kept, or CREATE TEMPORARY, which lives in this session.',
    });
  }
  #keptAs(object: CatalogObject, owner: string | undefined): KeptTable | undefined {
    if (object.kind !== 'table' || object.connector !== this.#loader.keeper?.connector || object.temporary)
      return undefined;
    return { path: object.path, sql: objectText(object), owner };
  }
  /** Takes the object away from where it is kept. */
  async #forget(object: CatalogObject, withRows: boolean): Promise<void> {
    if (object.temporary) return;
    const { catalog, database, object: name } = object.path;
    const { store } = this.#session.catalogNamed(catalog, undefined);
    if (store !== undefined) {
      if (store.changes === undefined) throw this.#readOnly(object);
      await store.changes.remove(database, name, 'relation');
    }
    if (withRows && this.#keptAs(object, undefined) !== undefined)
      await this.#loader.keeper!.tables.drop(object.path);
  }

  async drop(node: DropStatement): Promise<void> {
    const path = this.#session.path(node.name);
    const [permanent, temporary] = [this.#session.findPermanent(path), this.#session.findTemporary(path)];
    const found = node.temporary ? temporary : permanent;
    const kind = node.what.toLowerCase();
    const at = node.name[0]!.span;
    if (!node.temporary && temporary !== undefined)
      throw new UserError('CAT2003', {
        at,
        message: `a temporary ${temporary.kind} "${path.object}" stands in front`,
        hint: `DROP TEMPORARY ${temporary.kind.toUpperCase()} ${path.object} drops it.`,
      });
    if (found === undefined) {
      if (node.ifExists) return;
      const other = permanent ?? temporary;
      if (other !== undefined)
        throw new UserError('CAT2002', {
          at,
          message: `no temporary ${kind} "${path.object}"`,
          hint: `It is not temporary: DROP ${other.kind.toUpperCase()} drops it.`,
        });
      this.#session.get(node.name);
    }
    if (found!.kind !== kind)
      throw new UserError('CAT2003', {
        at,
        message: `"${path.object}" is a ${found!.kind}, not a ${kind}`,
        hint: `Write DROP ${found!.kind.toUpperCase()}.`,
      });
    await this.#forget(found!, true);
    this.#session.remove(found!);
    this.#loader.made(path);
  }

  /** Puts back what a statement that failed had taken the place of. */
  async restore(
    path: ObjectPath,
    before: CatalogObject | undefined,
    owner: string | undefined,
  ): Promise<void> {
    const made = this.#session.findPermanent(path);
    if (made === undefined || made === before) return;
    if (before === undefined) await this.#forget(made, true);
    this.#session.remove(made);
    if (before === undefined) return;
    this.#session.put(before);
    await this.keep(before, owner);
  }

  async alterTable(node: AlterTable): Promise<void> {
    const table = this.#altered(node, 'table');
    if (table === undefined) return;
    if (node.action.kind === 'rename') return await this.#rename(table, node.action.to);
    const { action } = node;
    if (action.kind === 'add-partitions' || action.kind === 'drop-partitions') {
      if (this.#session.catalogNamed(table.path.catalog, undefined).store !== undefined)
        throw new UserError('CAT2017', {
          at: node.span,
          message: `the catalog "${table.path.catalog}" keeps no partitions`,
          hint: 'A catalog in memory does; files are found by their folders, without it.',
        });
      this.#session.put(withPartitions(table, action));
      return;
    }
    const ast = alteredTable(table, node);
    const { partitions } = table;
    const changed = {
      ...bindCreateTable(ast, this.#session),
      path: table.path,
      ...(partitions && { partitions }),
    };
    this.#session.put(changed);
    const owner = this.#loader.keptBefore(table.path)?.owner;
    await this.keep(changed, owner);
  }
  async alterView(node: AlterView): Promise<void> {
    const view = this.#altered({ ...node, ifExists: false }, 'view')!;
    if (node.action.kind === 'rename') return await this.#rename(view, node.action.to);
    const { query } = node.action;
    const { catalog, database } = this.#session;
    const changed = { ...view, columns: [], query, text: printQuery(query), home: { catalog, database } };
    new QueryBinder(this.#session, this.#evaluation()).view(changed);
    this.#session.put(changed);
    await this.keep(changed);
  }
  /** What ALTER changes. Temporary ones are not changed, in Flink neither: they are made anew. */
  #altered<K extends CatalogObject['kind']>(
    node: { readonly name: ObjectName; readonly ifExists: boolean },
    kind: K,
  ): Extract<CatalogObject, { kind: K }> | undefined {
    const path = this.#session.path(node.name);
    const found = this.#session.findPermanent(path);
    const at = node.name[0]!.span;
    if (found === undefined) {
      if (node.ifExists) return undefined;
      const temporary = this.#session.findTemporary(path);
      if (temporary === undefined) this.#session.get(node.name);
      throw new UserError('CAT2003', {
        at,
        message: `"${path.object}" is temporary: it cannot be altered`,
        hint: `DROP TEMPORARY ${temporary!.kind.toUpperCase()} it and make it anew.`,
      });
    }
    if (found.kind === kind) return found as Extract<CatalogObject, { kind: K }>;
    throw new UserError('CAT2003', {
      at,
      message: `"${path.object}" is a ${found.kind}, not a ${kind}`,
      hint: `Write ALTER ${found.kind.toUpperCase()}.`,
    });
  }
  async #rename(object: BoundTable | BoundView, name: ObjectName): Promise<void> {
    const from = object.path;
    // Flink takes the database of the new name for that of the old one.
    const to = { ...from, object: name.at(-1)!.text };
    const asked = this.#session.path(name);
    if (name.length > 1 && (asked.catalog !== from.catalog || asked.database !== from.database))
      throw new UserError('CAT2003', {
        at: name[0]!.span,
        message: `a ${object.kind} stays in its database: "${from.object}" is in ${from.catalog}.${from.database}`,
        hint: `Write RENAME TO ${to.object}.`,
      });
    if (this.#session.findPermanent(to) !== undefined) throw this.taken(to, name.at(-1)!.span);
    const renamed = { ...object, path: to };
    const kept = this.#keptAs(renamed, this.#loader.keptBefore(from)?.owner);
    await this.#forget(object, false);
    if (kept !== undefined) await this.#loader.keeper!.tables.rename(from, kept);
    this.#session.remove(object);
    this.#loader.made(from);
    this.#session.put(renamed);
    await this.keep(renamed, kept?.owner);
  }

  async truncate({ name }: TruncateTable): Promise<void> {
    const object = this.#session.get(name);
    const at = name[0]!.span;
    if (object.kind === 'view')
      throw new UserError('CAT2003', {
        at,
        message: `"${object.path.object}" is a view: it has no rows of its own`,
      });
    if (this.#keptAs(object, undefined) === undefined)
      throw new UserError('CAT2013', {
        at,
        message: `the connector '${object.connector}' cannot take the rows of "${object.path.object}" away`,
        hint: 'Tables of CREATE TABLE … AS without a connector can be truncated.',
      });
    await this.#loader.keeper!.tables.truncate(object.path);
  }
}

const keptText = (table: BoundTable): string =>
  objectText({ ...table, path: { ...table.path, catalog: '' } });

/** The statement that makes the object, by its bare name. */
function objectText(object: CatalogObject): string {
  const name = [{ text: object.path.object, quoted: true, span: { start: 0, end: 0, line: 1, column: 1 } }];
  if (object.kind === 'table')
    return printStatement({ ...object.ast, name, ifNotExists: false, temporary: false, like: undefined });
  const { columns, query, comment } = object;
  return printStatement({
    kind: 'create-view',
    temporary: false,
    ifNotExists: false,
    orReplace: false,
    name,
    columns: columns.map((text) => ({ ...name[0]!, text })),
    comment,
    query,
    span: name[0]!.span,
  });
}

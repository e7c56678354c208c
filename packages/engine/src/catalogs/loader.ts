/* Brings in what a statement names and the session has not made: objects of catalogs that are kept outside, tables that a
 * connector keeps by itself, models, and what is expected of the rows of those that name a suite.
 *
 *   statement ─▶ names ─▶ of a stored catalog: its definition, read anew · else a kept table ─▶ session
 *                             └─▶ a view: the names of its query, and so on
 */

import { toMillraceError, UserError, type World } from '#base';
import {
  pathText,
  type KeptTable,
  type ObjectPath,
  type StoredKind,
  type StoredObject,
  type TableKeeper,
} from '#catalog';
import {
  askedChecks,
  besideTable,
  bindCreateModel,
  bindCreateTable,
  modelTable,
  type BoundView,
  type LoadChecks,
  type Session,
} from '#plan';
import {
  objectNames,
  parseStatement,
  printQuery,
  type CreateFunction,
  type CreateModel,
  type CreateTable,
  type CreateView,
  type Identifier,
  type ObjectName,
  type Query,
  type Statement,
} from '#sql';
import type { Functions } from '../functions/functions.ts';

export class Loader {
  readonly #session: Session;
  readonly #functions: Functions;
  readonly #world: World;
  readonly #loadChecks: LoadChecks | undefined;
  /** What keeps tables by itself, and its connector's name; undefined: nothing does. */
  readonly keeper: { readonly connector: string; readonly tables: TableKeeper } | undefined;
  /** What was brought in, and the text that it was then. */
  readonly #loaded = new Map<string, string>();
  /** Kept tables among them: who made each. */
  readonly #kept = new Map<string, KeptTable>();

  constructor(session: Session, world: World, functions: Functions, loadChecks?: LoadChecks) {
    this.#session = session;
    this.#functions = functions;
    this.#world = world;
    this.#loadChecks = loadChecks;
    const connector = [...session.connectors.values()].find((c) => c.keeper !== undefined);
    this.keeper = connector && { connector: connector.name, tables: connector.keeper!(world) };
  }

  /** Throws what a catalog cannot be asked for, and UserError for a definition that does not hold here. */
  async load(statement: Statement | Query): Promise<void> {
    await this.#names(statement, [], new Set());
  }
  async #names(node: Statement | Query, home: readonly Identifier[], seen: Set<string>): Promise<void> {
    const { tables, functions, models } = objectNames(node);
    for (const name of tables) await this.#named(this.#path(name, home), seen);
    for (const name of functions) await this.#function(this.#path(name, home));
    for (const name of models) await this.#model(this.#path(name, home), asksModels(node));
  }
  /** A name within `home`, the catalog and database of a view. */
  #path(name: ObjectName, home: readonly Identifier[]): ObjectPath {
    const more = Math.max(0, home.length - Math.max(0, name.length - 1));
    return this.#session.path(name.length > 3 ? name.slice(-3) : [...home.slice(0, more), ...name]);
  }

  async #named(path: ObjectPath, seen: Set<string>): Promise<void> {
    const object = besideTable.exec(path.object)?.[1];
    const table = object === undefined ? path : { ...path, object };
    await this.#object(table, seen);
    await this.#checks(table);
  }
  /** Reads the suite of a table, anew for each statement: the file may have changed. Throws at the option that names it. */
  async #checks(path: ObjectPath): Promise<void> {
    const table = this.#session.find(path);
    if (table?.kind !== 'table') return;
    const asked = askedChecks(table);
    if (asked === undefined) return;
    const at = table.options.find(
      (o) => o.key === (asked.suite === undefined ? 'millrace.contract' : 'millrace.suite'),
    )?.at;
    if (this.#loadChecks === undefined)
      throw new UserError('QLT3002', { at, message: 'suites of tables are not read here' });
    try {
      this.#session.put({ ...table, checks: await this.#loadChecks(asked, this.#world.now()) });
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      const { code, message, hint } = thrown;
      throw new UserError(code, { at, message: `table "${asked.table}": ${message}`, hint, cause: thrown });
    }
  }
  async #object(path: ObjectPath, seen: Set<string>): Promise<void> {
    const key = pathText(path);
    if (seen.has(key)) return;
    seen.add(key);
    const own = this.#session.findPermanent(path);
    const catalog = this.#session.catalogs.get(path.catalog);
    if (catalog?.store !== undefined) {
      const stored = catalog.databases.has(path.database)
        ? await catalog.store.read(path.database, path.object, 'relation')
        : undefined;
      if (stored !== undefined) await this.#stored(path, stored, seen);
      else if (own !== undefined) this.#session.remove(own);
      return;
    }
    if (own?.kind === 'view' || this.keeper === undefined) return;
    if (own !== undefined && !this.#kept.has(key)) return;
    const kept = await this.keeper.tables.find(path);
    if (kept === undefined) {
      if (own !== undefined) this.#session.remove(own);
      this.#kept.delete(key);
      return;
    }
    this.#kept.set(key, kept);
    await this.#bind(path, { kind: 'table', sql: kept.sql });
  }
  async #stored(path: ObjectPath, stored: StoredObject, seen: Set<string>): Promise<void> {
    await this.#bind(path, stored);
    const bound = this.#session.findPermanent(path);
    if (bound?.kind !== 'view') return;
    await this.#names(bound.query, homeOf(bound), seen);
  }
  async #bind(path: ObjectPath, { sql, home }: StoredObject): Promise<void> {
    const key = pathText(path);
    if (this.#loaded.get(key) === sql && this.#session.findPermanent(path) !== undefined) return;
    try {
      const statement = parseStatement(sql) as CreateTable | CreateView;
      if (statement.kind === 'create-view')
        this.#session.put(
          viewOf(statement, path, home ?? { catalog: path.catalog, database: path.database }),
        );
      else this.#session.put({ ...bindCreateTable(statement, this.#session), path });
      this.#loaded.set(key, sql);
    } catch (thrown) {
      const { code, message, hint } = toMillraceError(thrown);
      throw new UserError(code, { message: `${key} as it is kept: ${message}`, hint, cause: thrown });
    }
  }
  async #function(path: ObjectPath): Promise<void> {
    const catalog = this.#session.catalogs.get(path.catalog);
    if (catalog?.store === undefined || !catalog.databases.has(path.database)) return;
    const stored = await catalog.store.read(path.database, path.object.toLowerCase(), 'function');
    if (stored === undefined) {
      this.#functions.forget(path);
      return;
    }
    const key = `function ${pathText(path)}`;
    if (this.#loaded.get(key) === stored.sql && this.#functions.has(path)) return;
    await this.#functions.define(parseStatement(stored.sql) as CreateFunction, path);
    this.#loaded.set(key, stored.sql);
  }

  async #model(path: ObjectPath, asked: boolean): Promise<void> {
    const { models } = this.#session;
    const catalog = this.#session.catalogs.get(path.catalog);
    if (catalog?.store !== undefined) {
      const stored = catalog.databases.has(path.database)
        ? await catalog.store.read(path.database, path.object, 'model')
        : undefined;
      const own = models.findPermanent(path);
      if (stored === undefined && own !== undefined) models.remove(own);
      if (stored !== undefined) this.#storedModel(path, stored);
    }
    const model = models.find(path);
    if (model === undefined || !asked) return;
    const provider = models.providers.get(model.options.find((o) => o.key === 'provider')?.value ?? '');
    if (provider?.prepare !== undefined) await provider.prepare(modelTable(model));
  }

  #storedModel(path: ObjectPath, { sql }: StoredObject): void {
    try {
      const model = bindCreateModel(parseStatement(sql) as CreateModel, this.#session);
      this.#session.models.put({ ...model, path });
    } catch (thrown) {
      const { code, message, hint } = toMillraceError(thrown);
      const text = `the model ${pathText(path)} as it is kept: ${message}`;
      throw new UserError(code, { message: text, hint, cause: thrown });
    }
  }

  /** The names in a database that the session itself may not know yet. */
  async names(
    catalog: string,
    database: string,
  ): Promise<readonly { readonly name: string; readonly kind: StoredKind }[]> {
    const { store } = this.#session.catalogNamed(catalog, undefined);
    if (store !== undefined) return await store.names(database);
    const kept = (await this.keeper?.tables.list(catalog, database)) ?? [];
    return kept.map((name) => ({ name, kind: 'table' }));
  }

  /** The kept table of that name that another session made; undefined where this one made its own. */
  keptBefore(path: ObjectPath): KeptTable | undefined {
    return this.#kept.get(pathText(path));
  }
  /** The session has made an object of that name itself. */
  made(path: ObjectPath): void {
    this.#kept.delete(pathText(path));
    this.#loaded.delete(pathText(path));
  }
}

/** Queries ask models; other statements make and show them. */
const asksModels = ({ kind }: Statement | Query): boolean =>
  !['create-model', 'alter-model', 'drop', 'describe', 'show'].includes(kind);

const nowhere = { start: 0, end: 0, line: 1, column: 1 };
const homeOf = ({ home }: BoundView): Identifier[] =>
  [home.catalog, home.database].map((text) => ({ text, quoted: true, span: nowhere }));

/** A view whose query is not looked at yet. */
export function viewOf(node: CreateView, path: ObjectPath, home: BoundView['home']): BoundView {
  return {
    kind: 'view',
    path,
    columns: node.columns.map((c) => c.text),
    query: node.query,
    temporary: node.temporary,
    comment: node.comment,
    text: printQuery(node.query),
    home,
  };
}

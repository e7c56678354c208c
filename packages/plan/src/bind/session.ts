/* What a session knows: catalogs, databases, tables, views, settings. Plain state; statements change it.
 *
 *   temporary objects ── stand in front of ──▶ those of catalogs, of the same name
 *
 * Objects of a catalog that is kept outside come in before a statement that names them (engine/catalogs/loader.ts). */

import { didYouMean, UserError, type Span } from '#base';
import {
  pathText,
  type CatalogStore,
  type ConnectorRegistry,
  type ModelProviders,
  type ObjectPath,
} from '#catalog';
import { parseQuery, type Identifier } from '#sql';
import type { BoundTable, BoundView } from '../logical/table.ts';
import { Models } from './models.ts';
import { besideTable } from '../logical/table-checks.ts';
import type { Expr } from '#expr';
import type { SessionSettings } from './settings.ts';

export type CatalogObject = BoundTable | BoundView;

export interface Database {
  readonly comment: string | undefined;
  readonly options: ReadonlyMap<string, string>;
}
export interface Catalog {
  readonly type: string;
  readonly comment: string | undefined;
  /** But for its type. */
  readonly options: ReadonlyMap<string, string>;
  readonly defaultDatabase: string;
  readonly databases: Map<string, Database>;
  /** Where its objects are kept; undefined: in this session. */
  readonly store: CatalogStore | undefined;
}
const emptyDatabase: Database = { comment: undefined, options: new Map() };

/** A catalog of this session alone. */
export const memoryCatalog = (
  defaultDatabase: string,
  rest: Partial<Pick<Catalog, 'comment' | 'options'>> = {},
): Catalog => ({
  type: 'generic_in_memory',
  comment: undefined,
  options: new Map(),
  defaultDatabase,
  databases: new Map([[defaultDatabase, emptyDatabase]]),
  store: undefined,
  ...rest,
});

export class Session {
  readonly connectors: ConnectorRegistry;
  readonly settings: SessionSettings;
  readonly models: Models;
  catalog = 'default_catalog';
  database = 'default_database';
  readonly catalogs = new Map<string, Catalog>([['default_catalog', memoryCatalog('default_database')]]);
  readonly #permanent = new Map<string, CatalogObject>();
  readonly #temporary = new Map<string, CatalogObject>();
  /** A user's function by name: the library's createFunction. */
  userFunction: ((name: string, args: readonly Expr[], at: Span) => Expr | undefined) | undefined;

  /** What calls of a user's aggregate are called within, and what gives the rows of a table function as an array. */
  userAggregate: ((name: string) => string | undefined) | undefined;
  userTableFunction: ((name: string) => string | undefined) | undefined;
  /** The name within of a process table function of the user's. */
  userProcess: ((name: string) => string | undefined) | undefined;
  /** What answers calls of an asynchronous function, by its name within: its arguments, and its answer as the last column. */
  asyncFunction: ((fn: string) => BoundTable | undefined) | undefined;

  constructor(
    connectors: ConnectorRegistry,
    settings: SessionSettings,
    models: Models | ModelProviders = new Map(),
  ) {
    this.models = models instanceof Models ? models : new Models(models);
    this.connectors = connectors;
    this.settings = settings;
  }

  path(name: readonly Identifier[]): ObjectPath {
    const parts = name.map((n) => n.text);
    if (parts.length > 3)
      throw new UserError('CAT2001', {
        at: name[0]!.span,
        message: `"${parts.join('.')}" has more than catalog, database and name`,
      });
    const object = parts.at(-1)!;
    return { catalog: parts.at(-3) ?? this.catalog, database: parts.at(-2) ?? this.database, object };
  }
  /** The catalog that a name is in. Throws CAT2010. */
  catalogNamed(name: string, at: Span | undefined): Catalog {
    const found = this.catalogs.get(name);
    if (found !== undefined) return found;
    throw new UserError('CAT2010', {
      at,
      message: `there is no catalog "${name}"`,
      hint: didYouMean(name, [...this.catalogs.keys()]),
    });
  }
  /** Throws CAT2010 where there is no such database. */
  needDatabase(catalog: string, database: string, at: Span | undefined): Database {
    const { databases } = this.catalogNamed(catalog, at);
    const found = databases.get(database);
    if (found !== undefined) return found;
    throw new UserError('CAT2010', {
      at,
      message: `there is no database "${database}" in catalog "${catalog}"`,
      hint: didYouMean(database, [...databases.keys()]),
    });
  }

  find(path: ObjectPath): CatalogObject | undefined {
    return this.findTemporary(path) ?? this.findPermanent(path) ?? this.#beside(path);
  }
  /** `X$quality`, `X$rows` and `X$freshness` of a table X that has checks. Throws QLT3002 where there can be no results. */
  #beside(path: ObjectPath): CatalogObject | undefined {
    const [, object, what] = besideTable.exec(path.object) ?? [];
    if (object === undefined) return undefined;
    const table = this.find({ ...path, object });
    if (table?.kind !== 'table' || table.checks === undefined) return undefined;
    const { checks, ...rows } = table;
    // By the name of the table: its scan is that of all who read it.
    if (what === 'rows') return rows;
    if (what === 'freshness') return { ...rows, freshnessOnly: checks };
    if ('missing' in checks.quality)
      throw new UserError('QLT3002', {
        message: `there is no "${path.object}": ${checks.quality.missing}`,
        hint: 'millrace validate checks what is there.',
      });
    const { query: text } = checks.quality;
    const { catalog, database } = path;
    return {
      kind: 'view',
      path,
      columns: [],
      query: parseQuery(text),
      temporary: table.temporary,
      comment: undefined,
      text,
      home: { catalog, database },
    };
  }
  findTemporary(path: ObjectPath): CatalogObject | undefined {
    return this.#temporary.get(pathText(path));
  }
  findPermanent(path: ObjectPath): CatalogObject | undefined {
    return this.#permanent.get(pathText(path));
  }
  /** The table or view of that name. Throws CAT2002, or CAT2010 where its database is missing. */
  get(name: readonly Identifier[]): CatalogObject {
    const path = this.path(name);
    const found = this.find(path);
    if (found !== undefined) return found;
    if (name.length > 1) this.needDatabase(path.catalog, path.database, name[0]!.span);
    throw new UserError('CAT2002', {
      at: name[0]!.span,
      message: `no table or view "${name.map((n) => n.text).join('.')}"`,
      hint: didYouMean(
        path.object,
        this.list(path.catalog, path.database).map((o) => o.path.object),
      ),
    });
  }
  /** What is known now: what comes later changes only one of the two. */
  copy(): Session {
    const other = new Session(this.connectors, this.settings.copy(), this.models.copy());
    other.catalog = this.catalog;
    other.database = this.database;
    for (const [name, catalog] of this.catalogs) other.catalogs.set(name, catalog);
    for (const [path, object] of this.#permanent) other.#permanent.set(path, object);
    for (const [path, object] of this.#temporary) other.#temporary.set(path, object);
    other.userFunction = this.userFunction;
    other.userAggregate = this.userAggregate;
    other.userTableFunction = this.userTableFunction;
    other.userProcess = this.userProcess;
    other.asyncFunction = this.asyncFunction;
    return other;
  }
  put(object: CatalogObject): void {
    this.#of(object).set(pathText(object.path), object);
  }
  remove(object: CatalogObject): void {
    this.#of(object).delete(pathText(object.path));
  }
  #of({ temporary }: CatalogObject): Map<string, CatalogObject> {
    return temporary ? this.#temporary : this.#permanent;
  }
  /** What names in the database stand for, sorted. */
  list(catalog = this.catalog, database = this.database): CatalogObject[] {
    return [...new Map([...this.#permanent, ...this.#temporary]).values()]
      .filter((o) => o.path.catalog === catalog && o.path.database === database)
      .sort((a, b) => (a.path.object < b.path.object ? -1 : 1));
  }
}

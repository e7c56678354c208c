/* Catalogs and databases: made, changed, used, dropped. Types of catalog come from the application; one of this session alone,
 * and one in a folder, are always there. */

import { didYouMean, UserError, type Span, type World } from '#base';
import { parseOptions, type CatalogChanges, type CatalogType, type Options, type OptionSpec } from '#catalog';
import { memoryCatalog, type Catalog, type Database, type Session } from '#plan';
import type {
  AlterCatalog,
  AlterDatabase,
  CreateCatalog,
  CreateDatabase,
  DropStatement,
  OptionEntry,
  UseStatement,
} from '#sql';
import { folderCatalog } from './folder-catalog.ts';
import type { Loader } from './loader.ts';

const inMemory: CatalogType = {
  type: 'generic_in_memory',
  options: [],
  defaultDatabase: 'default',
  open: async () => undefined,
};
/** Of every type of catalog. */
const common: readonly OptionSpec[] = [
  { key: 'type', type: 'string', required: true, doc: 'The type of catalog.' },
  { key: 'default-database', type: 'string', doc: 'The database that is current at first.' },
];

export class Catalogs {
  readonly #session: Session;
  readonly #world: World;
  readonly #loader: Loader;
  readonly #types: ReadonlyMap<string, CatalogType>;

  constructor(session: Session, world: World, loader: Loader, types: readonly CatalogType[]) {
    this.#session = session;
    this.#world = world;
    this.#loader = loader;
    this.#types = new Map([inMemory, folderCatalog, ...types].map((t) => [t.type, t]));
  }

  async create(node: CreateCatalog): Promise<void> {
    const { text: name, span } = node.name;
    const type = this.#type(node);
    const options = checkedOptions(type, node);
    if (this.#session.catalogs.has(name)) {
      if (node.ifNotExists) return;
      throw new UserError('CAT2001', {
        at: span,
        message: `the catalog "${name}" exists already`,
        hint: 'Write IF NOT EXISTS, or DROP it first.',
      });
    }
    const defaultDatabase = options.string('default-database') ?? type.defaultDatabase;
    const rest = { comment: node.comment, options: optionMap(node.options) };
    const store = await type.open(options, this.#world);
    if (store === undefined) {
      this.#session.catalogs.set(name, memoryCatalog(defaultDatabase, rest));
      return;
    }
    const databases = new Map<string, Database>();
    for (const stored of await store.databases())
      databases.set(stored.name, {
        comment: stored.comment,
        options: new Map(Object.entries(stored.options)),
      });
    if (!databases.has(defaultDatabase)) {
      if (store.changes === undefined)
        throw new UserError('CAT2010', {
          at: span,
          message: `the catalog "${name}" has no database "${defaultDatabase}"`,
          hint: didYouMean(defaultDatabase, [...databases.keys()]),
        });
      await store.changes.putDatabase({ name: defaultDatabase, comment: undefined, options: {} });
      databases.set(defaultDatabase, { comment: undefined, options: new Map() });
    }
    this.#session.catalogs.set(name, { type: type.type, ...rest, defaultDatabase, databases, store });
  }
  #type(node: CreateCatalog): CatalogType {
    const option = node.options.find((o) => o.key === 'type');
    const known = [...this.#types.keys()];
    if (option === undefined)
      throw new UserError('CAT1003', {
        at: node.name.span,
        message: `the catalog "${node.name.text}" has no option 'type'`,
        hint: `Add WITH ('type' = …): there are ${known.map((t) => `'${t}'`).join(', ')}.`,
      });
    const found = this.#types.get(option.value);
    if (found !== undefined) return found;
    throw new UserError('CAT1006', {
      at: option.span,
      message: `there is no type of catalog '${option.value}'`,
      hint: didYouMean(option.value, known) ?? `There are ${known.map((t) => `'${t}'`).join(', ')}.`,
    });
  }

  /** What another session did to the databases of stored catalogs. */
  async refresh(): Promise<void> {
    for (const { store, databases } of this.#session.catalogs.values()) {
      if (store?.changes === undefined) continue;
      const stored = await store.databases();
      for (const name of [...databases.keys()])
        if (!stored.some((d) => d.name === name)) databases.delete(name);
      for (const { name, comment, options } of stored)
        databases.set(name, { comment, options: new Map(Object.entries(options)) });
    }
  }

  alter({ name, action }: AlterCatalog): void {
    const catalog = this.#session.catalogNamed(name.text, name.span);
    const put = (change: Partial<Catalog>): void => {
      this.#session.catalogs.set(name.text, { ...catalog, ...change });
    };
    const refuse = (message: string): UserError => new UserError('CAT2014', { at: name.span, message });
    switch (action.kind) {
      case 'comment':
        return put({ comment: action.comment });
      case 'set':
        if (action.options.length === 0) throw refuse('SET names no option');
        if (action.options.some((o) => o.key === 'type'))
          throw refuse("the 'type' of a catalog cannot be changed");
        return put({ options: new Map([...catalog.options, ...optionMap(action.options)]) });
      case 'reset':
        if (action.keys.length === 0) throw refuse('RESET names no option');
        if (action.keys.includes('type')) throw refuse("the 'type' of a catalog cannot be reset");
        return put({ options: new Map([...catalog.options].filter(([k]) => !action.keys.includes(k))) });
    }
  }
  drop(node: DropStatement): void {
    const name = node.name.at(-1)!;
    if (node.ifExists && !this.#session.catalogs.has(name.text)) return;
    this.#session.catalogNamed(name.text, name.span);
    if (this.#session.catalog === name.text)
      throw new UserError('CAT2015', {
        at: name.span,
        message: `the catalog "${name.text}" is in use: it cannot be dropped`,
        hint: 'USE CATALOG another one first.',
      });
    for (const database of this.#session.catalogs.get(name.text)!.databases.keys())
      for (const object of this.#session.list(name.text, database))
        if (!object.temporary) this.#session.remove(object);
    for (const database of this.#session.catalogs.get(name.text)!.databases.keys())
      this.#forgetModels(name.text, database);
    this.#session.catalogs.delete(name.text);
  }

  async createDatabase(node: CreateDatabase): Promise<void> {
    const { catalog, name, at } = this.#database(node);
    const { databases } = this.#session.catalogNamed(catalog, at);
    if (databases.has(name)) {
      if (node.ifNotExists) return;
      throw new UserError('CAT2001', {
        at,
        message: `the database "${name}" exists already`,
        hint: 'Write IF NOT EXISTS, or DROP it first.',
      });
    }
    const database: Database = { comment: node.comment, options: optionMap(node.options) };
    await this.#changes(catalog, at)?.putDatabase(storedDatabase(name, database));
    databases.set(name, database);
  }
  async alterDatabase(node: AlterDatabase): Promise<void> {
    const { catalog, name, at } = this.#database(node);
    const { comment, options } = this.#session.needDatabase(catalog, name, at);
    const database: Database = { comment, options: new Map([...options, ...optionMap(node.options)]) };
    await this.#changes(catalog, at)?.putDatabase(storedDatabase(name, database));
    this.#session.catalogs.get(catalog)!.databases.set(name, database);
  }
  async dropDatabase(node: DropStatement): Promise<void> {
    const { catalog, name, at } = this.#database(node);
    if (node.ifExists && this.#session.catalogs.get(catalog)?.databases.has(name) !== true) return;
    this.#session.needDatabase(catalog, name, at);
    if (this.#session.catalog === catalog && this.#session.database === name)
      throw new UserError('CAT2015', {
        at,
        message: `the database "${name}" is in use: it cannot be dropped`,
        hint: 'USE another one first.',
      });
    const objects = this.#session.list(catalog, name).filter((o) => !o.temporary);
    // Models are no reason to keep a database, in Flink neither.
    const stored = (await this.#loader.names(catalog, name)).filter(({ kind }) => kind !== 'model');
    if (node.behavior !== 'CASCADE' && objects.length + stored.length > 0)
      throw new UserError('CAT2015', {
        at,
        message: `the database "${name}" is not empty: it holds ${[...new Set([...objects.map((o) => o.path.object), ...stored.map((s) => s.name)])].join(', ')}`,
        hint: 'DROP DATABASE … CASCADE drops them too.',
      });
    await this.#changes(catalog, at)?.dropDatabase(name);
    for (const table of await this.#keptIn(catalog, name))
      await this.#loader.keeper!.tables.drop({ catalog, database: name, object: table });
    for (const object of objects) this.#session.remove(object);
    this.#forgetModels(catalog, name);
    this.#session.catalogs.get(catalog)!.databases.delete(name);
  }
  #forgetModels(catalog: string, database: string): void {
    const { models } = this.#session;
    for (const model of models.list(catalog, database)) if (!model.temporary) models.remove(model);
  }
  #keptIn(catalog: string, database: string): Promise<readonly string[]> {
    return this.#loader.keeper?.tables.list(catalog, database) ?? Promise.resolve([]);
  }
  /** Undefined: nothing is kept outside. Throws where it cannot be changed from here. */
  #changes(catalog: string, at: Span | undefined): CatalogChanges | undefined {
    const { store } = this.#session.catalogNamed(catalog, at);
    if (store === undefined || store.changes !== undefined) return store?.changes;
    throw new UserError('CAT2012', {
      at,
      message: `the catalog "${catalog}" can only be read from here`,
      hint: 'Make databases where it is kept.',
    });
  }
  #database({ name }: Pick<CreateDatabase, 'name'>): {
    readonly catalog: string;
    readonly name: string;
    readonly at: Span;
  } {
    const last = name.at(-1)!;
    return { catalog: name.at(-2)?.text ?? this.#session.catalog, name: last.text, at: last.span };
  }

  use(node: UseStatement): void {
    const last = node.name.at(-1)!;
    const name = node.what === 'CATALOG' ? last.text : (node.name.at(-2)?.text ?? this.#session.catalog);
    const catalog = this.#session.catalogNamed(name, node.name[0]!.span);
    const database = node.what === 'CATALOG' ? catalog.defaultDatabase : last.text;
    this.#session.needDatabase(name, database, last.span);
    this.#session.catalog = name;
    this.#session.database = database;
  }
}

/** Throws UserError, at the catalog's name where an option is missing. */
function checkedOptions(type: CatalogType, node: CreateCatalog): Options {
  const raw = node.options.map((o) => ({ key: o.key, value: o.value, at: o.span }));
  try {
    return parseOptions(
      { owner: `a catalog of type '${type.type}'`, specs: [...common, ...type.options] },
      raw,
    );
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.at !== undefined) throw thrown;
    const { code, message, hint } = thrown;
    throw new UserError(code, { at: node.name.span, message, hint, cause: thrown });
  }
}

const optionMap = (options: readonly OptionEntry[]): ReadonlyMap<string, string> =>
  new Map(options.filter((o) => o.key !== 'type').map((o) => [o.key, o.value]));

const storedDatabase = (
  name: string,
  { comment, options }: Database,
): Parameters<CatalogChanges['putDatabase']>[0] => ({ name, comment, options: Object.fromEntries(options) });

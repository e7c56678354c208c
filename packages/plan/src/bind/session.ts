/* What a session knows: catalogs, databases, tables, views, settings. Plain state; statements change it. */

import { didYouMean, UserError, type Span } from '#base';
import { pathText, type ConnectorRegistry, type ObjectPath } from '#catalog';
import type { Identifier } from '#sql';
import type { BoundTable, BoundView } from '../logical/table.ts';
import type { Expr } from '#expr';
import type { SessionSettings } from './settings.ts';

export type CatalogObject = BoundTable | BoundView;

export class Session {
  readonly connectors: ConnectorRegistry;
  readonly settings: SessionSettings;
  catalog = 'default_catalog';
  database = 'default_database';
  /** Databases by catalog. */
  readonly catalogs = new Map<string, Set<string>>([['default_catalog', new Set(['default_database'])]]);
  readonly #objects = new Map<string, CatalogObject>();
  /** A user's function by name: the library's createFunction. */
  userFunction: ((name: string, args: readonly Expr[], at: Span) => Expr | undefined) | undefined;

  constructor(connectors: ConnectorRegistry, settings: SessionSettings) {
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
  find(path: ObjectPath): CatalogObject | undefined {
    return this.#objects.get(pathText(path));
  }
  /** The table or view of that name. Throws CAT2002. */
  get(name: readonly Identifier[]): CatalogObject {
    const path = this.path(name);
    const found = this.find(path);
    if (found !== undefined) return found;
    throw new UserError('CAT2002', {
      at: name[0]!.span,
      message: `no table or view "${name.map((n) => n.text).join('.')}"`,
      hint: didYouMean(
        path.object,
        this.list(path.catalog, path.database).map((o) => o.path.object),
      ),
    });
  }
  put(object: CatalogObject): void {
    this.#objects.set(pathText(object.path), object);
  }
  remove(path: ObjectPath): void {
    this.#objects.delete(pathText(path));
  }
  list(catalog = this.catalog, database = this.database): CatalogObject[] {
    return [...this.#objects.values()]
      .filter((o) => o.path.catalog === catalog && o.path.database === database)
      .sort((a, b) => (a.path.object < b.path.object ? -1 : 1));
  }
}

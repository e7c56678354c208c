/* Statements that change catalogs and start nothing, each to whom it concerns. */

import { unreachable } from '#base';
import type { Session } from '#plan';
import { printStatement, type CreateFunction, type DropStatement, type Statement } from '#sql';
import type { Functions } from '../functions/functions.ts';
import type { Catalogs } from './catalogs.ts';
import type { ModelObjects } from './models.ts';
import type { Objects } from './objects.ts';

export type Definition = Extract<
  Statement,
  {
    kind:
      | 'create-table'
      | 'create-view'
      | 'create-function'
      | 'create-model'
      | 'create-catalog'
      | 'create-database'
      | 'alter-table'
      | 'alter-view'
      | 'alter-database'
      | 'alter-catalog'
      | 'alter-function'
      | 'alter-model'
      | 'truncate-table'
      | 'drop'
      | 'use';
  }
>;

export class Definitions {
  readonly #session: Session;
  readonly #objects: Objects;
  readonly #catalogs: Catalogs;
  readonly #functions: Functions;
  readonly #models: ModelObjects;

  constructor(
    session: Session,
    objects: Objects,
    catalogs: Catalogs,
    functions: Functions,
    models: ModelObjects,
  ) {
    this.#models = models;
    this.#session = session;
    this.#objects = objects;
    this.#catalogs = catalogs;
    this.#functions = functions;
  }

  async run(statement: Definition): Promise<void> {
    switch (statement.kind) {
      case 'create-table':
        if (this.#objects.createTable(statement)) await this.#objects.keep(this.#session.get(statement.name));
        return;
      case 'create-view':
        return await this.#objects.createView(statement);
      case 'alter-table':
        return await this.#objects.alterTable(statement);
      case 'alter-view':
        return await this.#objects.alterView(statement);
      case 'truncate-table':
        return await this.#objects.truncate(statement);
      case 'create-database':
        return await this.#catalogs.createDatabase(statement);
      case 'alter-database':
        return await this.#catalogs.alterDatabase(statement);
      case 'create-catalog':
        return await this.#catalogs.create(statement);
      case 'alter-catalog':
        this.#catalogs.alter(statement);
        return;
      case 'create-function':
        if (await this.#functions.create(statement)) await this.#keepFunction(statement);
        return;
      case 'alter-function':
        if (await this.#functions.alter(statement))
          await this.#keepFunction({ ...statement, kind: 'create-function', ifNotExists: false });
        return;
      case 'create-model':
        return await this.#models.create(statement);
      case 'alter-model':
        return await this.#models.alter(statement);
      case 'drop':
        return await this.#drop(statement);
      case 'use':
        this.#catalogs.use(statement);
        return;
      default:
        return unreachable(statement);
    }
  }
  async #drop(node: DropStatement): Promise<void> {
    switch (node.what) {
      case 'TABLE':
      case 'VIEW':
        return await this.#objects.drop(node);
      case 'CATALOG':
        this.#catalogs.drop(node);
        return;
      case 'DATABASE':
        return await this.#catalogs.dropDatabase(node);
      case 'MODEL':
        return await this.#models.drop(node);
      case 'FUNCTION': {
        this.#functions.drop(node);
        const { catalog, database, object } = this.#session.path(node.name);
        const changes = this.#session.catalogs.get(catalog)?.store?.changes;
        if (!node.temporary) await changes?.remove(database, object.toLowerCase(), 'function');
        return;
      }
    }
  }
  async #keepFunction(node: CreateFunction): Promise<void> {
    const { catalog, database, object } = this.#session.path(node.name);
    const changes = this.#session.catalogs.get(catalog)?.store?.changes;
    if (node.temporary || changes === undefined) return;
    const sql = printStatement({ ...node, ifNotExists: false, name: node.name.slice(-1) });
    await changes.put(database, object.toLowerCase(), { kind: 'function', sql });
  }
}

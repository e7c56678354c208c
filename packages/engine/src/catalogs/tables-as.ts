/* CREATE TABLE … AS, CREATE OR REPLACE TABLE … AS, REPLACE TABLE … AS: a table, kept where such are, and the INSERT that fills
 * it. */

import { UserError } from '#base';
import type { EvalContext } from '#expr';
import { bindCreateTableAs, type CatalogObject, type Session } from '#plan';
import type { CreateTableAs, InsertStatement } from '#sql';
import type { Loader } from './loader.ts';
import type { Objects } from './objects.ts';

interface Planner {
  readonly evaluation: () => EvalContext;
  /** Throws UserError for an INSERT that cannot be planned. */
  readonly check: (insert: InsertStatement) => void;
}
interface BoundTableAs {
  readonly insert: InsertStatement;
  readonly undo: () => void;
}

export class TablesAs {
  readonly #session: Session;
  readonly #loader: Loader;
  readonly #objects: Objects;
  readonly #planner: Planner;

  constructor(session: Session, loader: Loader, objects: Objects, planner: Planner) {
    this.#session = session;
    this.#loader = loader;
    this.#objects = objects;
    this.#planner = planner;
  }

  /** The same, checked whole. Throws UserError, and then all is as before. */
  planned(statement: CreateTableAs): BoundTableAs {
    const made = this.bound(statement);
    try {
      this.#planner.check(made.insert);
    } catch (thrown) {
      made.undo();
      throw thrown;
    }
    return made;
  }
  /** The table of the statement in the session, and the INSERT that fills it; `undo` takes the table away again. */
  bound(statement: CreateTableAs): BoundTableAs {
    const { table, insert } = bindCreateTableAs(statement, this.#session, this.#planner.evaluation());
    const path = this.#session.path(statement.name);
    const before = this.#session.findPermanent(path);
    this.#replace(statement, before);
    // What another session left steps aside; whether it may is `createTableAs`'s to say.
    if (before !== undefined && this.#loader.keptBefore(path) !== undefined && !statement.ifNotExists)
      this.#session.remove(before);
    const isNew = this.#objects.createTable(table);
    return {
      insert,
      undo: () => {
        const made = this.#session.findPermanent(path);
        if (isNew && made !== undefined) this.#session.remove(made);
        if (before !== undefined) this.#session.put(before);
      },
    };
  }
  /** Takes the table away that REPLACE puts another in the place of. */
  #replace({ mode, name }: CreateTableAs, before: CatalogObject | undefined): void {
    if (mode === 'create') return;
    const at = name.at(-1)!;
    if (before?.kind === 'view')
      throw new UserError('CAT2003', {
        at: at.span,
        message: `"${at.text}" is a view: it cannot be replaced by a table`,
      });
    if (mode === 'replace' && before === undefined)
      throw new UserError('CAT2002', {
        at: at.span,
        message: `there is no table "${at.text}" to be replaced`,
        hint: 'CREATE OR REPLACE TABLE … AS makes it where it is missing.',
      });
    if (before !== undefined) this.#session.remove(before);
  }
  /** CREATE TABLE … AS, up to the INSERT that fills it. `owner`: the job that will, where it keeps its state: what it left of
   *  an earlier run it makes anew. Throws UserError, and then all is as before. */
  async create(statement: CreateTableAs, owner: string | undefined): Promise<InsertStatement> {
    const path = this.#session.path(statement.name);
    const kept = this.#loader.keptBefore(path);
    const again = kept !== undefined && owner !== undefined && kept.owner === owner && !statement.ifNotExists;
    const asked: CreateTableAs =
      again && statement.mode === 'create' ? { ...statement, mode: 'create-or-replace' } : statement;
    if (kept !== undefined && asked.mode === 'create' && !asked.ifNotExists)
      throw this.#objects.taken(path, statement.name.at(-1)!.span);
    const there = this.#session.findPermanent(path);
    const insert = this.planned(asked).insert;
    const made = this.#session.findPermanent(path);
    if (made === undefined || made === there) return insert;
    await this.#objects.keep(made, owner);
    // Rows of before stay until the first of the new ones are committed.
    return kept === undefined && asked.mode === 'create'
      ? insert
      : { ...insert, overwrite: this.#keeps(made) };
  }
  #keeps(object: CatalogObject): boolean {
    return object.kind === 'table' && object.connector === this.#loader.keeper?.connector;
  }

  /** Makes the table and fills it by `fill`; what fails puts back what there was. */
  async filled<T>(
    statement: CreateTableAs,
    owner: string | undefined,
    fill: (insert: InsertStatement) => Promise<T>,
  ): Promise<T> {
    const path = this.#session.path(statement.name);
    const [before, kept] = [this.#session.findPermanent(path), this.#loader.keptBefore(path)];
    const insert = await this.create(statement, owner);
    try {
      return await fill(insert);
    } catch (thrown) {
      await this.#objects.restore(path, before, kept?.owner);
      throw thrown;
    }
  }
}

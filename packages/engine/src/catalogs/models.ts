/* Models: made, changed, renamed, dropped. What is not temporary goes where its catalog keeps it. */

import { UserError } from '#base';
import type { CatalogChanges, ObjectPath } from '#catalog';
import { bindCreateModel, type BoundModel, type Session } from '#plan';
import {
  printStatement,
  type AlterModel,
  type CreateModel,
  type DropStatement,
  type OptionEntry,
} from '#sql';

export class ModelObjects {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async create(node: CreateModel): Promise<void> {
    const model = this.#made(node);
    if (model !== undefined) await this.#keep(model);
  }
  /** One that is kept nowhere, at once. */
  createTemporary(node: CreateModel): void {
    const model = this.#made(node);
    if (model !== undefined) this.#session.models.put(model);
  }
  /** Undefined where it is there already, and may be. */
  #made(node: CreateModel): BoundModel | undefined {
    const model = bindCreateModel(node, this.#session);
    const { path, temporary } = model;
    this.#session.needDatabase(path.catalog, path.database, node.name[0]!.span);
    if (!this.#has(path, temporary)) return model;
    if (node.ifNotExists) return undefined;
    throw this.#taken(path, node.name, temporary);
  }
  #has(path: ObjectPath, temporary: boolean): boolean {
    const { models } = this.#session;
    return (temporary ? models.findTemporary(path) : models.findPermanent(path)) !== undefined;
  }
  #taken(path: ObjectPath, name: CreateModel['name'], temporary: boolean): UserError {
    return new UserError('CAT2001', {
      at: name.at(-1)!.span,
      message: `the ${temporary ? 'temporary ' : ''}model "${path.object}" exists already`,
      hint: 'Write IF NOT EXISTS, or DROP it first.',
    });
  }

  /** Puts it into the session, and where its catalog keeps it. */
  async #keep(model: BoundModel): Promise<void> {
    if (!model.temporary) {
      const { path, ast } = model;
      const name = [{ text: path.object, quoted: true, span: ast.name.at(-1)!.span }];
      const sql = printStatement({ ...ast, name, ifNotExists: false, temporary: false });
      await this.#changes(model)?.put(path.database, path.object, { kind: 'model', sql });
    }
    this.#session.models.put(model);
  }
  /** Undefined: it lives in the session. Throws CAT2012 for a catalog that cannot keep it. */
  #changes({ path, ast }: BoundModel): CatalogChanges | undefined {
    const { store } = this.#session.catalogNamed(path.catalog, undefined);
    if (store === undefined || store.changes !== undefined) return store?.changes;
    throw new UserError('CAT2012', {
      at: ast.name[0]!.span,
      message: `the catalog "${path.catalog}" can only be read from here: no model can be made or changed in it`,
      hint: 'CREATE TEMPORARY MODEL makes one that lives in this session.',
    });
  }

  async alter(node: AlterModel): Promise<void> {
    const { models } = this.#session;
    const path = this.#session.path(node.name);
    const at = node.name.at(-1)!.span;
    if (models.findTemporary(path) !== undefined)
      throw new UserError('CAT2003', {
        at,
        message: `"${path.object}" is a temporary model: it cannot be altered`,
        hint: `DROP TEMPORARY MODEL ${path.object} and make it anew.`,
      });
    if (node.ifExists && models.findPermanent(path) === undefined) return;
    const model = models.get(path, at);
    const { action } = node;
    if (action.kind === 'rename') return await this.#rename(model, action.to);
    const changes = action.kind === 'set' ? action.options : action.keys;
    if (changes.length === 0)
      throw new UserError('CAT2014', {
        at: node.span,
        message: `ALTER MODEL ${action.kind.toUpperCase()} names no option`,
      });
    const options =
      action.kind === 'set'
        ? merged(model.ast.options, action.options)
        : model.ast.options.filter((o) => !action.keys.includes(o.key));
    const ast = { ...model.ast, options };
    await this.#keep({ ...model, ast, options: options.map((o) => ({ ...o, at: o.span })) });
  }
  async #rename(model: BoundModel, name: CreateModel['name']): Promise<void> {
    const from = model.path;
    // As Flink, which takes the database of the old name for that of the new one; but not silently.
    const asked = this.#session.path(name);
    const to = { ...from, object: name.at(-1)!.text };
    if (name.length > 1 && (asked.catalog !== from.catalog || asked.database !== from.database))
      throw new UserError('CAT2003', {
        at: name[0]!.span,
        message: `a model stays in its database: "${from.object}" is in ${from.catalog}.${from.database}`,
        hint: `Write RENAME TO ${to.object}.`,
      });
    if (this.#has(to, false)) throw this.#taken(to, name, false);
    await this.#changes(model)?.remove(from.database, from.object, 'model');
    this.#session.models.remove(model);
    await this.#keep({ ...model, path: to });
  }

  async drop(node: DropStatement): Promise<void> {
    const { models } = this.#session;
    const path = this.#session.path(node.name);
    const found = node.temporary ? models.findTemporary(path) : models.findPermanent(path);
    if (found === undefined) {
      const other = node.temporary ? models.findPermanent(path) : models.findTemporary(path);
      if (node.ifExists) return;
      const at = node.name.at(-1)!.span;
      if (other === undefined) models.get(path, at);
      throw new UserError('CAT2030', {
        at,
        message: `there is no ${node.temporary ? 'temporary ' : ''}model "${path.object}"`,
        hint: node.temporary
          ? `It is not temporary: DROP MODEL ${path.object} drops it.`
          : `DROP TEMPORARY MODEL ${path.object} drops the temporary one.`,
      });
    }
    if (!found.temporary) await this.#changes(found)?.remove(path.database, path.object, 'model');
    models.remove(found);
  }
}

const merged = (before: readonly OptionEntry[], set: readonly OptionEntry[]): OptionEntry[] => [
  ...new Map([...before, ...set].map((o) => [o.key, o])).values(),
];

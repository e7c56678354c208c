/* The models of a session, and who can run them. Their names are apart from those of tables. */

import { didYouMean, UserError, type Span } from '#base';
import { pathText, type ModelProviders, type ObjectPath } from '#catalog';
import type { BoundModel } from '../logical/model.ts';

export class Models {
  /** By name. */
  readonly providers: ModelProviders;
  readonly #permanent = new Map<string, BoundModel>();
  readonly #temporary = new Map<string, BoundModel>();

  constructor(providers: ModelProviders) {
    this.providers = providers;
  }
  find(path: ObjectPath): BoundModel | undefined {
    return this.findTemporary(path) ?? this.findPermanent(path);
  }
  findTemporary(path: ObjectPath): BoundModel | undefined {
    return this.#temporary.get(pathText(path));
  }
  findPermanent(path: ObjectPath): BoundModel | undefined {
    return this.#permanent.get(pathText(path));
  }
  /** The model of that name; `at`: where it stands. Throws CAT2030. */
  get(path: ObjectPath, at: Span | undefined): BoundModel {
    const found = this.find(path);
    if (found !== undefined) return found;
    throw new UserError('CAT2030', {
      at,
      message: `there is no model "${path.object}" in ${path.catalog}.${path.database}`,
      hint: didYouMean(path.object, this.names(path.catalog, path.database)),
    });
  }
  put(model: BoundModel): void {
    this.#of(model).set(pathText(model.path), model);
  }
  remove(model: BoundModel): void {
    this.#of(model).delete(pathText(model.path));
  }
  #of({ temporary }: BoundModel): Map<string, BoundModel> {
    return temporary ? this.#temporary : this.#permanent;
  }
  /** Those of a database, by name. */
  list(catalog: string, database: string): BoundModel[] {
    return [...new Map([...this.#permanent, ...this.#temporary]).values()]
      .filter(({ path }) => path.catalog === catalog && path.database === database)
      .sort((a, b) => (a.path.object < b.path.object ? -1 : 1));
  }
  names(catalog: string, database: string): string[] {
    return this.list(catalog, database).map((m) => m.path.object);
  }
  /** What comes later changes only one of the two. */
  copy(): Models {
    const other = new Models(this.providers);
    for (const model of [...this.#permanent.values(), ...this.#temporary.values()]) other.put(model);
    return other;
  }
}

/* Records in memory: gone with the process. */

import { Turns, type Append, type Apply, type SchemaStorage } from './storage.ts';

export class MemoryStorage implements SchemaStorage {
  readonly #turns = new Turns();
  #apply: Apply = () => {};

  async open(apply: Apply): Promise<void> {
    this.#apply = apply;
  }
  exclusively<T>(work: (append: Append) => Promise<T>): Promise<T> {
    return this.#turns.run(() =>
      work(async (record) => {
        this.#apply(record);
      }),
    );
  }
  async catchUp(): Promise<void> {}
  async close(): Promise<void> {}
}

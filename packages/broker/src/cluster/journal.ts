/* Everything that the broker must know again after a start, beside the records: topics, configs, committed offsets,
 * groups, transactions, users. Entries by key; the last value of a key counts, and undefined takes it away. */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

export interface Journal {
  /** Keys are `kind/part/part`, each part through encodeURIComponent. Kept when `put` returns. */
  put(key: string, value: Json | undefined): void;
  entries(): Iterable<readonly [key: string, value: Json]>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export const journalKey = (kind: string, ...parts: readonly string[]): string =>
  [kind, ...parts.map(encodeURIComponent)].join('/');

/** Parts of the keys of one kind, and their values. */
export function* journalOf(
  journal: Journal,
  kind: string,
): Iterable<readonly [parts: readonly string[], value: Json]> {
  for (const [key, value] of journal.entries()) {
    const [first, ...parts] = key.split('/');
    if (first === kind) yield [parts.map(decodeURIComponent), value];
  }
}

export class MemoryJournal implements Journal {
  readonly #values: Map<string, Json>;

  constructor(entries: Iterable<readonly [string, Json]> = []) {
    this.#values = new Map(entries);
  }
  put(key: string, value: Json | undefined): void {
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, structuredClone(value));
  }
  entries(): Iterable<readonly [string, Json]> {
    return [...this.#values];
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {}
}

/* Finds rows of a table by key.
 *
 *   keys asked in one turn of the event loop, or while a query is under way ──▶ one query ──▶ rows for each key
 *
 * Keeps: the questions that wait, bounded by the operator that asks, and with PARTIAL a cache. */

import { limits, present } from '#base';
import type { Options } from '#catalog';
import type { Row } from '#data';
import type { Lookup, LookupContext, Trouble, UnreadRow } from '#dataflow';
import { LookupCache } from './cache.ts';
import { SteadyConnection } from './connection.ts';
import { lookupAnswer, takeAnswer, type LookupAnswer, type TextRow } from './lookup-answer.ts';
import { createsTable, jdbcOptions, tableName } from './options.ts';
import { checkTypes, databaseColumns, quoteName, quotePath, type DatabaseColumn } from './schema.ts';
import { fromText, toText, type FromText, type ToText } from './text.ts';

interface Question {
  /** One text a key column. */
  readonly key: readonly string[];
  readonly askers: {
    readonly resolve: (answer: LookupAnswer) => void;
    readonly reject: (error: unknown) => void;
  }[];
}

export class JdbcLookup implements Lookup {
  readonly #context: LookupContext;
  readonly #options: Options;
  readonly #path: string;
  readonly #connection: SteadyConnection;
  readonly #keyTexts: readonly ToText[];
  readonly #readers: readonly FromText[];
  readonly #cache: LookupCache | undefined;
  #sql = '';
  #waiting = new Map<string, Question>();
  #asking = false;

  constructor(context: LookupContext) {
    const { table, world, signal, warn, fields, key } = context;
    this.#context = context;
    this.#options = jdbcOptions(table);
    checkTypes(fields);
    this.#path = tableName(this.#options);
    this.#keyTexts = key.map((i) => toText(fields[i]!.type));
    this.#readers = fields.map((f) => fromText(f.type, f.name));
    this.#cache =
      this.#options.enum('lookup.cache') === 'PARTIAL' ? new LookupCache(world, this.#options) : undefined;
    this.#connection = new SteadyConnection(
      { world, signal, options: this.#options, warn },
      async (client) => {
        this.#sql = this.#query(
          await databaseColumns(client, this.#path, table, createsTable(this.#options)),
        );
      },
    );
  }
  get trouble(): Trouble | undefined {
    return this.#connection.trouble;
  }
  get #what(): string {
    return `cannot look up in the table "${this.#path}"`;
  }
  get #retries(): number {
    return present(this.#options.number('lookup.max-retries'), 'it has a default');
  }
  async open(): Promise<void> {
    await this.#connection.run(this.#what, this.#retries, async () => {});
  }

  /** Asks for many keys at once: each row found comes with the number of its key. */
  #query(columns: ReadonlyMap<string, DatabaseColumn>): string {
    const { fields, key } = this.#context;
    const keyFields = key.map((i) => fields[i]!.name);
    const arrays = keyFields.map((name, i) => `$${i + 1}::${bareType(columns.get(name)!.type)}[]`);
    const names = keyFields.map((_, i) => `k${i}`);
    const matches = keyFields.map((name, i) => `t.${quoteName(name)} = q.k${i}`);
    return `SELECT ${['q.n', ...fields.map((f) => `t.${quoteName(f.name)}`)].join(', ')}
      FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS q(${[...names, 'n'].join(', ')})
      JOIN ${quotePath(this.#path)} t ON ${matches.join(' AND ')}`;
  }

  known(key: Row, unread?: (row: UnreadRow) => void): readonly Row[] | undefined {
    const cached = this.#cache?.get(idOf(this.#textsOf(key)));
    return cached && takeAnswer(cached, unread);
  }
  async findAsync(key: Row, unread?: (row: UnreadRow) => void): Promise<readonly Row[]> {
    return takeAnswer(await this.#find(key), unread);
  }
  #find(key: Row): Promise<LookupAnswer> {
    const texts = this.#textsOf(key);
    const id = idOf(texts);
    const cached = this.#cache?.get(id);
    if (cached !== undefined) return Promise.resolve(cached);
    return new Promise((resolve, reject) => {
      const question = this.#waiting.get(id) ?? { key: texts, askers: [] };
      question.askers.push({ resolve, reject });
      this.#waiting.set(id, question);
      if (this.#asking) return;
      this.#asking = true;
      // Those who ask in the same turn go with the same query.
      queueMicrotask(() => {
        void this.#askAll();
      });
    });
  }

  #textsOf(key: Row): string[] {
    return key.map((value, i) => this.#keyTexts[i]!(present(value, 'a key is never null')));
  }

  async #askAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const asked = [...this.#waiting].slice(0, limits.asyncRowsMax);
      for (const [id] of asked) this.#waiting.delete(id);
      try {
        const answers = await this.#ask(asked.map(([, question]) => question.key));
        asked.forEach(([id, { askers }], i) => {
          this.#cache?.put(id, answers[i]!);
          for (const { resolve } of askers) resolve(answers[i]!);
        });
      } catch (error) {
        for (const [, { askers }] of asked) for (const { reject } of askers) reject(error);
      }
    }
    this.#asking = false;
  }

  async #ask(keys: readonly (readonly string[])[]): Promise<LookupAnswer[]> {
    const parameters = this.#keyTexts.map((_, i) => keys.map((key) => key[i]!));
    const { rows } = await this.#connection.run(this.#what, this.#retries, (client) =>
      client.query<(string | null)[]>({
        name: 'millrace_lookup',
        text: this.#sql,
        values: parameters,
        rowMode: 'array',
      }),
    );
    const found: TextRow[][] = keys.map(() => []);
    for (const [n, ...cells] of rows) found[Number(n) - 1]!.push(cells);
    const { fields, key: at } = this.#context;
    return found.map((of, i) => {
      const place = (): string => {
        const key = at.map((c, k) => `${fields[c]!.name}=${keys[i]![k]!}`).join(', ');
        return `table ${this.#path}, ${key}`;
      };
      return lookupAnswer(of, fields, this.#readers, place);
    });
  }

  async close(): Promise<void> {
    await this.#connection.end();
  }
}

/** One text for a key: of one column its own, for most keys have one. */
const idOf = (texts: readonly string[]): string => (texts.length === 1 ? texts[0]! : JSON.stringify(texts));

/** A type without its length or precision: a key that is too long finds nothing, instead of being cut to fit.
 *  */
function bareType(type: string): string {
  const bare = type.replace(/\([^)]*\)/, '');
  return bare === 'character' ? 'bpchar' : bare;
}

/* Aggregates of many checks in one scan.
 *
 *   check ── ask(count(*)) ──┐
 *   check ── ask(max(a)) ────┼── all checks wait ──▶ SELECT count(*), max(a), … FROM t ──▶ each gets its value
 *   check ── ask(…, groups) ─┘                  └──▶ one query for each other relation
 *
 * Checks run side by side; a query goes out when every one of them waits or has ended, so a check that needs the answer of
 * another aggregate first gets it with all others of its round. A query that fails is asked again an aggregate at a time: one
 * that is wrong fails alone. */

import { UserError } from '#base';
import type { Cell } from '../cell.ts';
import type { CheckedTable } from './checked-table.ts';

interface Ask {
  readonly resolve: (value: Cell) => void;
  readonly reject: (error: unknown) => void;
}
type Wanted = readonly [sql: string, ask: Ask];
/** Aggregates of one statement; a database has a bound to its columns (PostgreSQL 1,664). */
const asksMax = 500;

/** What a check asks with. */
export interface Asker {
  /** The value of an aggregate over a relation, by default the table. The same one is asked for once. */
  ask(sql: string, from?: string): Promise<Cell>;
  /** As `ask`, for a count. */
  count(sql: string, from?: string): Promise<number>;
  /** Rows of a query of its own. */
  query(sql: string): Promise<Cell[][]>;
}

export class Scan {
  readonly #table: CheckedTable;
  /** Asked for and not yet sent: by relation, then by SQL. */
  #asks = new Map<string, Map<string, Ask>>();
  readonly #known = new Map<string, Promise<Cell>>();
  /** Checks that neither wait for an aggregate nor have ended. */
  #running = 0;
  /** Queries that were sent; for reports and tests. */
  queries = 0;

  constructor(table: CheckedTable) {
    this.#table = table;
  }

  /** Runs checks side by side, sharing scans. A check must wait for nothing but what it asks here. */
  async run<T>(checks: readonly ((asker: Asker) => Promise<T>)[]): Promise<T[]> {
    this.#running += checks.length;
    const results = checks.map(async (check) => {
      try {
        return await check(this.#asker());
      } finally {
        this.#running--;
        this.#sendIfAllWait();
      }
    });
    return await Promise.all(results);
  }

  #asker(): Asker {
    /** How much the check waits for at once. */
    let waiting = 0;
    const ask = async (sql: string, from = this.#table.from): Promise<Cell> => {
      const value = this.#value(sql, from);
      if (waiting++ === 0) {
        this.#running--;
        this.#sendIfAllWait();
      }
      try {
        return await value;
      } finally {
        if (--waiting === 0) this.#running++;
      }
    };
    return {
      ask,
      count: async (sql, from) => Number(await ask(sql, from)),
      query: (sql) => this.#query(sql),
    };
  }
  #value(sql: string, from: string): Promise<Cell> {
    const key = `${sql}\n${from}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const value = new Promise<Cell>((resolve, reject) => {
      const asks = this.#asks.get(from) ?? new Map<string, Ask>();
      this.#asks.set(from, asks);
      asks.set(sql, { resolve, reject });
    });
    this.#known.set(key, value);
    return value;
  }
  #sendIfAllWait(): void {
    // A microtask later: one check may ask for several aggregates at once.
    queueMicrotask(() => {
      if (this.#running > 0 || this.#asks.size === 0) return;
      const asks = this.#asks;
      this.#asks = new Map();
      for (const [from, wanted] of asks) void this.#send(from, [...wanted]);
    });
  }
  async #send(from: string, wanted: readonly Wanted[]): Promise<void> {
    for (let at = 0; at < wanted.length; at += asksMax)
      await this.#sendPart(from, wanted.slice(at, at + asksMax));
  }
  async #sendPart(from: string, wanted: readonly Wanted[]): Promise<void> {
    const names = wanted.map(([sql], i) => `${sql} AS a${i}`);
    try {
      const [row] = await this.#query(`SELECT ${names.join(', ')} FROM ${from}`);
      for (const [i, [, { resolve }]] of wanted.entries()) resolve(row![i]!);
    } catch (error) {
      // What failed outside fails for all.
      if (wanted.length === 1 || !(error instanceof UserError))
        for (const [, { reject }] of wanted) reject(error);
      else for (const one of wanted) await this.#sendPart(from, [one]);
    }
  }
  #query(sql: string): Promise<Cell[][]> {
    this.queries++;
    return this.#table.query(sql);
  }
}

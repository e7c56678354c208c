/* The transactional ids of one instance, used in turns: while one transaction is committed, the next is written, and the
 * one after it is made ready.
 *
 *   free ids ─▶ next, made ready ─▶ current, written ─▶ prepared ─▶ committed: its id is free again */

import { toMillraceError, type MillraceError } from '#base';
import type { Transaction } from '../../requests/transactions.ts';
import type { TransactionClient } from './transaction-client.ts';

export interface TransactionPoolParts {
  readonly client: TransactionClient;
  readonly idOf: (number: number) => string;
  /** Rows may be written in this one. */
  readonly ready: (transaction: Transaction) => void;
  readonly failed: (error: MillraceError) => void;
}

export class TransactionPool {
  readonly #parts: TransactionPoolParts;
  /** The last transaction of each id that is free. */
  readonly #free: Transaction[] = [];
  readonly #prepared = new Map<string, Transaction>();
  #ids = 0;
  #next: Promise<Transaction>;

  /** Makes the first one ready. */
  constructor(parts: TransactionPoolParts) {
    this.#parts = parts;
    this.#next = this.#begin();
  }
  #begin(): Promise<Transaction> {
    const { client, idOf } = this.#parts;
    const free = this.#free.shift();
    const next = free === undefined ? client.begin(idOf(this.#ids++)) : client.begin(free.id, free);
    // Who takes its turn hears of it.
    next.catch(() => {});
    return next;
  }
  /** Calls `ready` with the next one, or `failed`. */
  async turn(): Promise<void> {
    try {
      const transaction = await this.#next;
      this.#next = this.#begin();
      this.#parts.ready(transaction);
    } catch (error) {
      this.#parts.failed(toMillraceError(error));
    }
  }
  /** It waits for its commit. */
  prepared(transaction: Transaction): void {
    this.#prepared.set(transaction.id, transaction);
  }
  /** Its id may be used again. Nothing where it is not from here: what a restart commits. */
  committed({ id }: Transaction): void {
    const transaction = this.#prepared.get(id);
    if (transaction === undefined) return;
    this.#prepared.delete(id);
    this.#free.push(transaction);
  }
}

/* What a lookup join gave for the rows that are there, so that a row which is taken back takes the same with it, whatever the
 * table has by then. Keeps: by the key of each row the rows that were looked up for it. Flink: KeyedLookupJoinWrapper. */

import { rowColumns, type Column, type LogicalType, type Row } from '#data';
import type { KeptLookupJoinSpec } from '#job';
import type { KeyedTable, OwnedTable } from '#state';
import type { OperatorSetup } from './table.ts';

export class GivenAnswers {
  readonly #keptBy: readonly number[];
  readonly #keyTypes: readonly LogicalType[];
  readonly #types: readonly LogicalType[];
  readonly #keys: KeyedTable;
  readonly #rows: OwnedTable;

  constructor(
    { keptBy, lookedUp, ttlMs }: KeptLookupJoinSpec,
    { store, inputTypes, context }: OperatorSetup,
  ) {
    this.#keptBy = keptBy;
    this.#keyTypes = keptBy.map((k) => inputTypes[0]![k]!);
    this.#types = lookedUp.map((f) => f.type);
    this.#keys = store.keyed({
      name: 'given',
      key: this.#keyTypes,
      ttl: { ms: ttlMs, renewedBy: 'create-write' },
    });
    this.#rows = store.owned(this.#keys, { name: 'answers', row: this.#types });
    context.metrics.gauge('stateKeys', () => this.#keys.size);
  }
  /** These were looked up for the row, and passed: they take the place of what was kept for its key. */
  keep(row: Row, answer: readonly Row[]): void {
    const key = this.#keys.upsertRow(this.#keyOf(row), 0);
    this.#keys.writeOne(key);
    this.#rows.removeAll(key);
    answer.forEach((r) => {
      this.#rows.append(key, rowColumns(this.#types, r), 0);
    });
  }
  /** What was kept for the row, and is no more; undefined where nothing was. */
  take(row: Row): readonly Row[] | undefined {
    const key = this.#keys.findRow(this.#keyOf(row), 0);
    if (key < 0 || !this.#keys.fresh(key)) return undefined;
    const answer: Row[] = [];
    for (let slot = this.#rows.first(key); slot >= 0; slot = this.#rows.next(slot))
      answer.push(this.#rows.row.map((c) => c.get(slot)));
    this.#keys.remove(key);
    return answer;
  }
  #keyOf(row: Row): readonly Column[] {
    return rowColumns(
      this.#keyTypes,
      this.#keptBy.map((k) => row[k]!),
    );
  }
}

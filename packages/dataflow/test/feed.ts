/* Random batches of changes that a table could have, for operators under test and their references.
 *
 *   Rng ─▶ rows of one wide type, kinds, marks ─▶ the next batch: 1 to 600 rows of one input
 */

import type { Rng } from '#base';
import {
  BatchBuilder,
  bitmapOfIntegers,
  instant,
  types,
  type Batch,
  type Instant,
  type LogicalType,
  type Row,
} from '#data';

/** Columns of all rows: key, small number, time, BIGINT, DECIMAL, DOUBLE, text, BOOLEAN, a second key, percentages, the
 *  same in all, and a bitmap. */
export const wide: readonly LogicalType[] = [
  types.STRING,
  types.INT,
  types.timestamp(3),
  types.BIGINT,
  types.decimal(10, 2),
  types.DOUBLE,
  types.STRING,
  types.BOOLEAN,
  types.INT,
  types.DOUBLE,
  types.array(types.DOUBLE),
  types.BITMAP,
];
export const [K, V, T, B, D, F, S, FLAG, ID, P, PS, BM] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;

/** How an input changes. 'retract': what is taken back was there, the whole row. 'upsert': any kind of any row. 'rising':
 *  rows of known ID come again with a greater V. 'unique': at most one row per key and ID, replaced without -U. */
export type Course = 'insert' | 'retract' | 'upsert' | 'rising' | 'unique';

export type Event =
  | { readonly kind: number; readonly row: Row }
  | { readonly kind: 'mark'; readonly watermark: number };

export interface Shape {
  readonly keys: number;
  /** Rows of a batch, at most. */
  readonly batchMax: number;
  /** One mark in so many rows. */
  readonly rowsPerMark: number;
  /** Rows that are there at a time, at most, where rows are taken back. */
  readonly liveMax: number;
  /** Some texts are long, so that batches fill by their bytes. */
  readonly heavy: boolean;
  /** Times move on by so many ms a row, on average. */
  readonly pace: number;
  /** Rows that the watermark passed are not taken back: in sessions they may have been late where others are not. */
  readonly forgets: boolean;
  /** Inputs may say that they are idle. */
  readonly idles: boolean;
}

const bigs = [9007199254740991n, -9007199254740991n, 9223372036854775807n, -9223372036854775808n];

export class Feed {
  readonly #rng: Rng;
  readonly #course: Course;
  readonly #shape: Shape;
  #live: Row[] = [];
  #watermark = -Infinity;
  readonly #byKey = new Map<string, Row>();
  #clock = -60;

  constructor(rng: Rng, course: Course, shape: Shape) {
    this.#rng = rng;
    this.#course = course;
    this.#shape = shape;
  }
  /** The next batch, and the same as a list. */
  next(): { readonly batch: Batch; readonly events: readonly Event[] } {
    const rng = this.#rng;
    const size = rng.pick([1, rng.between(1, 5), rng.between(1, 64), rng.between(1, this.#shape.batchMax)]);
    const events: Event[] = [];
    const builder = new BatchBuilder(wide);
    const mark = (): void => {
      while (rng.below(this.#shape.rowsPerMark) === 0) {
        const watermark = this.#shape.idles && rng.below(8) === 0 ? Number.NaN : this.#clock - rng.below(30);
        builder.mark(watermark);
        if (watermark > this.#watermark) this.#forget(watermark);
        const last = events.at(-1);
        // Of marks at one place a batch keeps the last, and idleness beside it.
        if (last?.kind === 'mark' && !(Number.isNaN(watermark) && !Number.isNaN(last.watermark)))
          events.pop();
        events.push({ kind: 'mark', watermark });
        if (this.#shape.rowsPerMark === 1) return;
      }
    };
    for (let n = 0; n < size; n++) {
      mark();
      for (const change of this.#change()) {
        events.push(change);
        builder.appendRow(change.row, change.kind);
      }
    }
    mark();
    return { batch: builder.build(), events };
  }

  #forget(watermark: number): void {
    this.#watermark = watermark;
    if (this.#shape.forgets) this.#live = this.#live.filter((row) => (row[T] as Instant).ms > watermark);
  }
  #change(): { readonly kind: number; readonly row: Row }[] {
    const rng = this.#rng;
    switch (this.#course) {
      case 'insert':
        return [{ kind: 0, row: this.#row() }];
      case 'upsert':
        return [{ kind: rng.pick([0, 0, 2, 2, 1, 3]), row: this.#row() }];
      case 'retract':
        return this.#retract();
      case 'rising':
        return this.#rise();
      case 'unique':
        return this.#replace();
    }
  }
  #retract(): { readonly kind: number; readonly row: Row }[] {
    const rng = this.#rng;
    const live = this.#live;
    const what = live.length >= this.#shape.liveMax ? 9 : rng.below(10);
    if (live.length === 0 || what < 5) {
      const row = live.length > 0 && rng.below(3) === 0 ? rng.pick(live) : this.#row();
      if (!this.#shape.forgets || (row[T] as Instant).ms > this.#watermark) live.push(row);
      return [{ kind: 0, row }];
    }
    const at = rng.below(live.length);
    const row = live[at]!;
    if (what < 7) {
      const next = this.#shape.forgets ? row.with(V, rng.below(9)) : this.#row();
      live[at] = next;
      return [
        { kind: 1, row },
        { kind: 2, row: next },
      ];
    }
    live[at] = live.at(-1)!;
    live.pop();
    return [{ kind: 3, row }];
  }
  #rise(): { readonly kind: number; readonly row: Row }[] {
    const row = this.#row();
    const id = `${String(row[K])} ${String(row[ID])}`;
    const known = this.#byKey.get(id);
    const risen: Row = row.with(
      V,
      known === undefined ? this.#rng.below(5) : (known[V] as number) + this.#rng.below(3),
    );
    this.#byKey.set(id, risen);
    if (known === undefined) return [{ kind: 0, row: risen }];
    return this.#rng.below(2) === 0
      ? [{ kind: 2, row: risen }]
      : [
          { kind: 1, row: known },
          { kind: 2, row: risen },
        ];
  }
  #replace(): { readonly kind: number; readonly row: Row }[] {
    const row = this.#row();
    const id = `${String(row[K])} ${String(row[ID])}`;
    const known = this.#byKey.get(id);
    if (known !== undefined && this.#rng.below(3) === 0) {
      this.#byKey.delete(id);
      return [{ kind: 3, row: known }];
    }
    this.#byKey.set(id, row);
    return [{ kind: known === undefined ? 0 : 2, row }];
  }

  #row(): Row {
    const rng = this.#rng;
    const { keys, heavy, pace } = this.#shape;
    this.#clock += rng.below(2 * pace + 1);
    const nullable = <V>(value: V): V | null => (rng.below(8) === 0 ? null : value);
    const key = rng.below(keys + 1);
    const text = heavy && rng.below(20) === 0 ? 'long '.repeat(12_000) : rng.pick(['x', 'y', 'zz', 'ä', '']);
    return [
      key === keys ? null : `k${key}`,
      nullable(rng.below(40) === 0 ? rng.pick([2147483647, -2147483648]) : rng.between(-3, 3)),
      instant(this.#clock - rng.below(25)),
      nullable(rng.below(20) === 0 ? rng.pick(bigs) : BigInt(rng.between(-2, 2))),
      nullable(rng.below(20) === 0 ? 9999999999n : BigInt(rng.between(-300, 300))),
      // Quarters add without rounding, so that order plays no part.
      nullable(rng.between(-8, 8) / 4 + 0),
      nullable(text),
      nullable(rng.below(2) === 0),
      rng.below(4),
      0.3,
      [0.9, 0, 0.25, 0.5],
      nullable(bitmapOfIntegers(Array.from({ length: rng.below(4) }, () => rng.between(-3, 3)))),
    ];
  }
}

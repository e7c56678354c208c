/* Functions over the rows before each row: all rows of a partition in a list, each result computed from its beginning. */

import type { OverCall } from '#expr';
import type { Row, Value } from '#data';
import type { OverAggregateSpec } from '#job';
import { SlowAggregate } from './aggregate.ts';
import { at, keyText, msOf, SlowReference } from './reference.ts';

interface Partition {
  waiting: Row[];
  /** Those that went out, in that order. */
  out: Row[];
  lastMs: number;
  keptUntil: number;
}

export class OverAggregateReference extends SlowReference {
  readonly #spec: OverAggregateSpec;
  readonly #partitions = new Map<string, Partition>();

  constructor(spec: OverAggregateSpec) {
    super();
    this.#spec = spec;
  }
  get #unbounded(): boolean {
    return this.#spec.frame.preceding === Infinity;
  }
  row(_input: number, row: Row): void {
    const { partition, time } = this.#spec;
    const known = at(this.#partitions, keyText(row, partition), () => ({
      waiting: [],
      out: [],
      lastMs: -Infinity,
      keptUntil: -Infinity,
    }));
    if (time === undefined) {
      known.out.push(row);
      this.emit(0, [...row, ...this.#results(known, known.out.length - 1)]);
    } else if (msOf(row[time]!) <= (this.#unbounded ? this.watermark : known.lastMs)) this.late++;
    else known.waiting.push(row);
  }
  #timeOf(row: Row): number {
    return msOf(row[this.#spec.time!]!);
  }
  override mark(watermark: number): void {
    super.mark(watermark);
    if (this.#spec.time === undefined) return;
    for (;;) {
      const times = [...this.#partitions.values()].flatMap((p) => p.waiting.map((r) => this.#timeOf(r)));
      const next = Math.min(...times);
      if (times.length === 0 || next > this.watermark) break;
      for (const partition of this.#partitions.values()) this.#goOut(partition, next);
    }
    for (const partition of this.#partitions.values())
      if (partition.keptUntil > -Infinity && partition.keptUntil <= this.watermark) {
        partition.out = [];
        partition.lastMs = partition.keptUntil = -Infinity;
      }
  }
  /** The rows of a partition that are of this time. */
  #goOut(partition: Partition, time: number): void {
    const { unit, preceding } = this.#spec.frame;
    const due = partition.waiting.filter((r) => this.#timeOf(r) === time);
    if (due.length === 0) return;
    partition.waiting = partition.waiting.filter((r) => this.#timeOf(r) !== time);
    const first = partition.out.length;
    partition.out.push(...due);
    due.forEach((row, i) => {
      const last = unit === 'rows' ? first + i : partition.out.length - 1;
      this.emit(0, [...row, ...this.#results(partition, last)]);
    });
    partition.lastMs = time;
    if (unit === 'rows' || this.#unbounded || partition.keptUntil >= time + preceding + 1) return;
    partition.keptUntil = time + Math.floor(preceding * 1.5) + 1;
  }
  /** What the calls give at the row at `last`. */
  #results({ out }: Partition, last: number): Value[] {
    const { unit, preceding } = this.#spec.frame;
    const from = unit === 'rows' ? last - preceding : 0;
    const frame = out
      .slice(Math.max(0, from), last + 1)
      .filter(
        (r) => unit === 'rows' || this.#unbounded || this.#timeOf(r) >= this.#timeOf(out[last]!) - preceding,
      );
    return this.#spec.calls.map((call) => resultOf(call, frame));
  }
}

/** What a call gives over rows in their order, the current one last. */
export function resultOf(call: OverCall, rows: readonly Row[]): Value {
  const current = rows.at(-1)!;
  switch (call.fn) {
    case 'ROW_NUMBER':
      return BigInt(rows.length);
    case 'RANK':
      return BigInt(rows.findIndex((r) => keyText(r, call.args) === keyText(current, call.args)) + 1);
    case 'DENSE_RANK':
      return BigInt(new Set(rows.map((r) => keyText(r, call.args))).size);
    case 'LAG': {
      const before = rows.at(-1 - (call.parameter ?? 1));
      const [value, fallback] = call.args;
      if (before !== undefined && rows.length > (call.parameter ?? 1)) return before[value!]!;
      return fallback === undefined ? null : current[fallback]!;
    }
    default: {
      const aggregate = new SlowAggregate(call);
      for (const row of rows) aggregate.add(row);
      return aggregate.result();
    }
  }
}

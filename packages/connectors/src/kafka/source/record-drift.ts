/* Drift of the records of a topic, and of the schemas that they are written with. */

import type { Field } from '#data';
import type { FieldDrift } from '#dataflow';
import type { RecordIndex } from '#records';
import type { ParsedSchema } from '#schemas';
import type { DriftWatch } from '../../schemas/drift-watch.ts';
import type { PartitionState } from './partition.ts';

export class RecordDrift {
  readonly #watch: DriftWatch;
  readonly #columnsOf: (schema: ParsedSchema) => readonly Field[] | undefined;
  /** By partition: behind the last record that was looked at before it was read. */
  readonly #ahead = new WeakMap<PartitionState, number>();

  /** `columnsOf`: the columns that a schema of messages gives; undefined where it gives none. */
  constructor(watch: DriftWatch, columnsOf: (schema: ParsedSchema) => readonly Field[] | undefined) {
    this.#watch = watch;
    this.#columnsOf = columnsOf;
  }
  get found(): readonly FieldDrift[] {
    return this.#watch.found;
  }
  get hasAsked(): boolean {
    return this.#watch.hasAsked;
  }

  /** The first of records [from, to) that asks for columns, which are to be read; `to` where none does. */
  before(state: PartitionState, index: RecordIndex, from: number, to: number): number {
    if (!this.#watch.looksAhead) return to;
    const looked = this.#ahead.get(state) ?? -1;
    for (let record = from; record < to; record++) {
      if (index.offsets[record]! < looked) continue;
      this.#look(state, index, record);
      if (this.#watch.hasAsked) return record;
      this.#ahead.set(state, index.offsets[record]! + 1);
    }
    return to;
  }
  /** Records [from, to) of the partition were read. Throws DATA4002 where the table asks for that. */
  records(state: PartitionState, index: RecordIndex, from: number, to: number): void {
    if (!this.#watch.inspects || this.#watch.looksAhead) return;
    for (let record = from; record < to; record++) {
      record += this.#watch.passBy(to - record);
      if (record < to) this.#look(state, index, record);
    }
  }
  #look(state: PartitionState, index: RecordIndex, record: number): void {
    const start = index.valueStarts[record]!;
    if (start < 0) return;
    const place = (): string => state.place(index.offsets[record]!);
    this.#watch.message(index.data, start, index.valueEnds[record]!, place);
  }
  /** Records are written with this schema. Throws DATA4002. */
  schema(name: string, schema: ParsedSchema | undefined): void {
    const written = schema && this.#columnsOf(schema);
    if (written !== undefined) this.#watch.schema(written, () => `schema ${name}`);
  }
}

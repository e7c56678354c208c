/* Watches how the messages of a topic come to differ from the table that reads them (`millrace.schema.evolution`).
 *
 *   records ─▶ some of them ─▶ inspector of the format ─┐
 *   a writer's schema that was learnt ──────────────────┴─▶ by field: how often, a sample ─▶ warn once, or fail
 *
 * Looking at a message costs more than decoding it: the first ones are looked at, and then about one in a thousand; with `fail`
 * and `add-columns` every one. With `add-columns` that is in front of the decoder: nothing is read from a record on that has a
 * field which may become a column, until the job was planned again. Keeps: an entry a field, bounded. */

import { UserError } from '#base';
import type { Field } from '#data';
import type { FieldDrift, NewColumns } from '#dataflow';
import { schemaDrift, type Drift, type DriftInspector } from '#formats';
import type { RecordIndex } from '#records';
import type { ParsedSchema } from '#schemas';
import type { PartitionState } from './partition.ts';

export const evolutions = ['ignore', 'warn', 'add-columns', 'fail'] as const;
export type Evolution = (typeof evolutions)[number];

const firstLooks = 200;
const recordsPerLook = 1000;
const fieldsMax = 200;

const kinds = {
  unknown: 'is no column of the table',
  missing: 'is not in the record',
  type: 'has another type than its column',
} as const;

export interface DriftParts {
  readonly evolution: Evolution;
  /** That the table has of messages. */
  readonly columns: readonly Field[];
  /** Of formats whose messages can be looked at one by one. */
  readonly inspector: DriftInspector | undefined;
  /** The columns that a schema of messages gives; undefined where it gives none. */
  readonly columnsOf: (schema: ParsedSchema) => readonly Field[] | undefined;
  readonly warn: (message: string) => void;
  /** Of a source that asks for columns. */
  readonly newColumns?: NewColumns | undefined;
}

export class DriftWatch {
  readonly #parts: DriftParts;
  readonly #found = new Map<string, FieldDrift>();
  #looked = 0;
  /** Records that pass before the next look. */
  #pause = 0;

  constructor(parts: DriftParts) {
    this.#parts = parts;
  }
  /** Columns were asked for: nothing more is read. */
  hasAsked = false;
  /** By partition: behind the last record that was looked at before it was read. */
  readonly #ahead = new WeakMap<PartitionState, number>();

  get found(): readonly FieldDrift[] {
    return [...this.#found.values()];
  }

  /** The first of records [from, to) that asks for columns, which are to be read; `to` where none does. */
  before(state: PartitionState, index: RecordIndex, from: number, to: number): number {
    const { inspector, newColumns } = this.#parts;
    if (inspector === undefined || newColumns === undefined) return to;
    const looked = this.#ahead.get(state) ?? -1;
    for (let record = from; record < to; record++) {
      if (index.offsets[record]! < looked) continue;
      this.#look(inspector, state, index, record);
      if (this.hasAsked) return record;
      this.#ahead.set(state, index.offsets[record]! + 1);
    }
    return to;
  }
  /** Records [from, to) of the partition were read. Throws DATA4002 where the table asks for that. */
  records(state: PartitionState, index: RecordIndex, from: number, to: number): void {
    const { inspector, newColumns } = this.#parts;
    if (inspector === undefined || newColumns !== undefined) return;
    for (let record = from; record < to; record++) {
      if (this.#pause > 0) {
        const passed = Math.min(this.#pause, to - record);
        this.#pause -= passed;
        record += passed - 1;
        continue;
      }
      this.#look(inspector, state, index, record);
    }
  }
  #look(inspector: DriftInspector, state: PartitionState, index: RecordIndex, record: number): void {
    const start = index.valueStarts[record]!;
    if (start < 0) return;
    this.#looked++;
    const looksAtAll = this.#parts.evolution === 'fail' || this.#parts.newColumns !== undefined;
    if (!looksAtAll && this.#looked >= firstLooks) this.#pause = recordsPerLook - 1;
    const found = inspector.inspect(index.data, start, index.valueEnds[record]!);
    for (const drift of found) this.#note(drift, 'records', () => state.place(index.offsets[record]!));
    this.#ask(found);
  }
  #ask(found: readonly Drift[]): void {
    const { newColumns } = this.#parts;
    const columns = found.flatMap((drift) =>
      drift.type !== undefined && this.#mayBeColumn(drift) ? [{ name: drift.path, type: drift.type }] : [],
    );
    if (columns.length === 0) return;
    this.hasAsked = true;
    newColumns!.ask(columns);
  }
  /** At once, or once it has a value that tells its type. */
  #mayBeColumn({ kind, path, isNested }: Drift): boolean {
    const { newColumns } = this.#parts;
    return (
      newColumns !== undefined && kind === 'unknown' && isNested !== true && !newColumns.taken.includes(path)
    );
  }
  /** Records are written with this schema. Throws DATA4002. */
  schema(id: number, schema: ParsedSchema | undefined): void {
    const written = schema && this.#parts.columnsOf(schema);
    if (written === undefined) return;
    const found = schemaDrift(written, this.#parts.columns);
    for (const drift of found) this.#note(drift, 'schemas', () => `schema ${id}`);
    this.#ask(found);
  }

  #isText(name: string): boolean {
    return this.#parts.columns.find((c) => c.name === name)?.type.kind === 'VARCHAR';
  }
  #note(drift: Drift, of: FieldDrift['of'], place: () => string): void {
    const { kind, path, sample } = drift;
    const { evolution, warn, newColumns } = this.#parts;
    // A column that a text gave rise to, or a list, takes anything.
    if (kind === 'type' && newColumns?.added.includes(path) === true && this.#isText(path)) return;
    // It is told of as the column that it becomes.
    const isSilent = this.#mayBeColumn(drift) || (evolution === 'add-columns' && kind === 'missing');
    const key = `${of} ${kind} ${path}`;
    const known = this.#found.get(key);
    if (known !== undefined) {
      this.#found.set(key, { ...known, times: known.times + 1, looked: this.#looked });
      return;
    }
    // A column that records leave out now and then is no news.
    const isNews = kind !== 'missing' || of === 'schemas';
    const shown = sample === '' ? '' : `: ${sample}`;
    const message = `${place()}: the field '${path}' ${kinds[kind]}${shown}`;
    if (isNews && evolution === 'fail')
      throw new UserError('DATA4002', {
        message,
        hint: "Change the table, or set 'millrace.schema.evolution' = 'warn' to read on.",
      });
    if (this.#found.size >= fieldsMax) return;
    this.#found.set(key, { kind, path, sample, of, times: 1, looked: this.#looked });
    if (isNews && !isSilent && (evolution === 'warn' || evolution === 'add-columns')) warn(message);
  }
}

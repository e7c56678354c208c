/* Watches how the messages of a topic come to differ from the table that reads them (`millrace.schema.evolution`).
 *
 *   records ─▶ some of them ─▶ inspector of the format ─┐
 *   a writer's schema that was learnt ──────────────────┴─▶ by field: how often, a sample ─▶ warn once, or fail
 *
 * Looking at a message costs more than decoding it: the first ones are looked at, and then about one in a thousand; with `fail`
 * every one. Keeps: an entry a field, bounded. */

import { UserError } from '#base';
import type { Field } from '#data';
import type { FieldDrift } from '#dataflow';
import { schemaDrift, type Drift, type DriftInspector } from '#formats';
import type { RecordIndex } from '#records';
import type { ParsedSchema } from '#schemas';
import type { PartitionState } from './partition.ts';

export const evolutions = ['ignore', 'warn', 'fail'] as const;
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
  get found(): readonly FieldDrift[] {
    return [...this.#found.values()];
  }

  /** Records [from, to) of the partition were read. Throws DATA4002 where the table asks for that. */
  records(state: PartitionState, index: RecordIndex, from: number, to: number): void {
    const { inspector } = this.#parts;
    if (inspector === undefined) return;
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
    if (this.#parts.evolution !== 'fail' && this.#looked >= firstLooks) this.#pause = recordsPerLook - 1;
    for (const drift of inspector.inspect(index.data, start, index.valueEnds[record]!))
      this.#note(drift, 'records', () => state.place(index.offsets[record]!));
  }
  /** Records are written with this schema. Throws DATA4002. */
  schema(id: number, schema: ParsedSchema | undefined): void {
    const written = schema && this.#parts.columnsOf(schema);
    if (written === undefined) return;
    for (const drift of schemaDrift(written, this.#parts.columns))
      this.#note(drift, 'schemas', () => `schema ${id}`);
  }

  #note({ kind, path, sample }: Drift, of: FieldDrift['of'], place: () => string): void {
    const { evolution, warn } = this.#parts;
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
    if (isNews && evolution === 'warn') warn(message);
  }
}

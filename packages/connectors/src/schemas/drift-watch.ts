/* Watches how what is read comes to differ from the table that reads it (`millrace.schema.evolution`).
 *
 *   messages ─▶ some of them ─▶ inspector of the format ─┐
 *   a schema that was learnt, of a writer or a file ─────┴─▶ by field: how often, a sample ─▶ warn once, ask for a column, or fail
 *
 * Looking at a message costs more than decoding it: the first ones are looked at, and then about one in a thousand; with `fail`
 * and `add-columns` every one. With `add-columns` that is in front of the decoder: nothing is read from a message on that has a
 * field which may become a column, until the job was planned again. Keeps: an entry a field, bounded. */

import { UserError } from '#base';
import type { OptionSpec } from '#catalog';
import type { Field } from '#data';
import type { FieldDrift, NewColumns } from '#dataflow';
import { schemaDrift, type Drift, type DriftInspector } from '#formats';

export const evolutions = ['ignore', 'warn', 'add-columns', 'fail'] as const;
export type Evolution = (typeof evolutions)[number];

export const evolutionKey = 'millrace.schema.evolution';
export const evolutionSpec: OptionSpec = {
  key: evolutionKey,
  type: 'enum',
  values: evolutions,
  default: 'ignore',
  doc: 'What becomes of it that records have fields or types that the table has not: counted, reported once a field, columns of their own, or an error. See docs/schemas.md.',
};

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
  /** Columns were asked for: nothing more is read. */
  hasAsked = false;

  constructor(parts: DriftParts) {
    this.#parts = parts;
  }
  get found(): readonly FieldDrift[] {
    return [...this.#found.values()];
  }
  /** Messages can be looked at. */
  get inspects(): boolean {
    return this.#parts.inspector !== undefined;
  }
  /** Messages are to be looked at before they are read. */
  get looksAhead(): boolean {
    return this.inspects && this.#parts.newColumns !== undefined;
  }
  /** The next one is looked at whatever it is. */
  get looksAtEach(): boolean {
    return this.#looksAtAll || this.#looked < firstLooks;
  }
  get #looksAtAll(): boolean {
    return this.#parts.evolution === 'fail' || this.#parts.newColumns !== undefined;
  }

  /** Of so many messages, how many pass before one is looked at: all of them where that is none. */
  passBy(count: number): number {
    const passed = Math.min(this.#pause, count);
    this.#pause -= passed;
    return passed;
  }
  /** Looks at a message. Throws DATA4002 where the table asks for that. */
  message(data: Uint8Array, start: number, end: number, place: () => string): void {
    this.#looked++;
    if (!this.looksAtEach) this.#pause = recordsPerLook - 1;
    this.#take(this.#parts.inspector!.inspect(data, start, end), 'records', place);
  }
  /** What is read is written with a schema that gives these columns. Throws DATA4002. */
  schema(written: readonly Field[], place: () => string): void {
    this.#take(schemaDrift(written, this.#parts.columns), 'schemas', place);
  }
  #take(found: readonly Drift[], of: FieldDrift['of'], place: () => string): void {
    for (const drift of found) this.#note(drift, of, place);
    const columns = found.flatMap((drift) =>
      drift.type !== undefined && this.#mayBeColumn(drift) ? [{ name: drift.path, type: drift.type }] : [],
    );
    if (columns.length === 0) return;
    this.hasAsked = true;
    this.#parts.newColumns!.ask(columns);
  }
  /** At once, or once it has a value that tells its type. */
  #mayBeColumn({ kind, path, noColumn }: Drift): boolean {
    const { newColumns } = this.#parts;
    return (
      newColumns !== undefined && kind === 'unknown' && noColumn !== true && !newColumns.taken.includes(path)
    );
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

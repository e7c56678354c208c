/* Drift of files: of their records, where a format's messages can be looked at, and of the columns that a file says it has. */

import { limits, UserError } from '#base';
import { types, type Field } from '#data';
import type { FieldDrift, SourceContext } from '#dataflow';
import { csvNames, MalformedRecord, type Framing } from '#formats';
import { DriftWatch, evolutionKey, type Evolution } from '../schemas/drift-watch.ts';
import type { FilesystemTable } from './options.ts';

/** A record of a file: the bytes, and what its place is called. */
type DescribeAt = (at: number) => string;

export class FileDrift {
  readonly #table: FilesystemTable;
  readonly #watch: DriftWatch;
  readonly #framing: Framing | undefined;
  /** Of the file with this path: behind the last record that was looked at before it was read. */
  #ahead = { path: '', offset: 0 };
  /** The file whose columns were looked at last. */
  #seen = '';

  constructor(table: FilesystemTable, context: SourceContext) {
    const { format, formatOptions, record, options } = table;
    this.#table = table;
    this.#framing = format.framing?.(formatOptions);
    this.#watch = new DriftWatch({
      evolution: options.enum(evolutionKey) as Evolution,
      columns: record,
      inspector: this.#framing && format.drift?.(record, formatOptions),
      newColumns: context.newColumns,
      warn: (message) => {
        context.warn(`table '${context.table.path.object}': ${message}`);
      },
    });
  }
  get found(): readonly FieldDrift[] {
    return this.#watch.found;
  }
  /** Columns were asked for: nothing more is read. */
  get hasAsked(): boolean {
    return this.#watch.hasAsked;
  }

  /** How far records that start at data[from] may be read: behind the last of some that ask for no columns. The start itself where
   *  the first one does, or is not there as a whole. */
  before(
    data: Buffer,
    from: number,
    final: boolean,
    place: {
      readonly path: string;
      readonly offsetOf: (at: number) => number;
      readonly describe: DescribeAt;
    },
  ): number {
    if (!this.#watch.looksAhead) return data.length;
    const { path } = place;
    const looked = this.#ahead.path === path ? this.#ahead.offset : 0;
    let at = from;
    for (let n = 0; at < data.length && n < limits.batchRowsMax; n++) {
      if (!this.#framing!.find(data, at, data.length, final)) return at;
      const { recordEnd, nextStart } = this.#framing!;
      if (place.offsetOf(at) >= looked) {
        this.#look(data, at, recordEnd, place.describe);
        if (this.#watch.hasAsked) return at;
        this.#ahead = { path, offset: place.offsetOf(nextStart) };
      }
      at = nextStart;
    }
    return at;
  }
  /** Records data[from, to) were read: the first ones are looked at, and then one a time. Throws DATA4002 where the table asks for
   *  that. */
  records(data: Buffer, from: number, to: number, final: boolean, describe: DescribeAt): void {
    if (!this.#watch.inspects || this.#watch.looksAhead) return;
    for (let at = from; at < to; at = this.#framing!.nextStart) {
      if (!this.#framing!.find(data, at, data.length, final)) return;
      this.#look(data, at, this.#framing!.recordEnd, describe);
      if (!this.#watch.looksAtEach) return;
    }
  }
  #look(data: Buffer, start: number, end: number, describe: DescribeAt): void {
    if (end > start) this.#watch.message(data, start, end, () => describe(start));
  }

  /** The first record of a CSV file, which names its columns. */
  header(path: string, data: Buffer, start: number, end: number): void {
    const { record, formatOptions } = this.#table;
    const typeOf = (name: string): Field['type'] => record.find((f) => f.name === name)?.type ?? types.STRING;
    this.columns(path, () =>
      csvNames(data, start, end, formatOptions).map((name) => ({ name, type: typeOf(name) })),
    );
  }
  /** What the file says of its columns, once a file. Throws DATA4002. */
  columns(path: string, columns: () => readonly Field[]): void {
    if (this.#seen === path) return;
    try {
      this.#watch.schema(columns(), () => path);
      this.#seen = path;
    } catch (error) {
      // What is malformed, or no column, is the reader's matter.
      if (error instanceof MalformedRecord) return;
      if (!(error instanceof UserError) || error.code === 'DATA4002') throw error;
    }
  }
}

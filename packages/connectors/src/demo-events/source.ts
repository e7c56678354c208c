/* Demo events as lines, or as the rows that a format finds in them. Instance i of n makes the lines i, i + n,
 * i + 2n, ….
 *
 * Keeps: the number of its next line, the seed and the base time; they are its position. */

import { limits, present } from '#base';
import { parseOptions, type Options } from '#catalog';
import { BatchBuilder } from '#data';
import type { Polled, SourceContext } from '#dataflow';
import type { ShareReader } from '../parted-source.ts';
import { findFormat, FormatOptions, MalformedRecord, type Decoder } from '#formats';
import { Pace } from '../pace.ts';
import { decodePosition, encodePosition, hasNumbers } from '../position.ts';
import { DemoLines } from './lines.ts';
import { demoBaseMs, demoSchema, demoSettings } from './options.ts';

export class DemoEventsReader implements ShareReader {
  readonly #context: SourceContext;
  readonly #options: Options;
  readonly #pace: Pace;
  readonly #builder: BatchBuilder;
  readonly #end: number;
  readonly #decoder: Decoder | undefined;
  #lines: DemoLines | undefined;
  #row: number;
  #seed = 0;
  #baseMs = 0;
  #announced = false;

  constructor(context: SourceContext) {
    const { table, instance, instances, world, limit, fields } = context;
    this.#context = context;
    this.#options = parseOptions(demoSchema(table), table.options);
    const rate = this.#options.boolean('paced')
      ? demoSettings(this.#options).rowsPerSecond / instances
      : Infinity;
    this.#pace = new Pace(world, rate, () => {
      context.wake();
    });
    this.#builder = new BatchBuilder(fields.map((f) => f.type));
    this.#end = Math.min(this.#options.number('number-of-rows') ?? Infinity, limit ?? Infinity);
    this.#row = instance;
    const format = this.#options.string('format');
    this.#decoder =
      format === undefined
        ? undefined
        : findFormat(format).decoder?.(fields, new FormatOptions(this.#options, `${format}.`));
  }

  async open(position: Uint8Array | undefined): Promise<void> {
    const { world } = this.#context;
    this.#seed = this.#options.number('seed') ?? world.rng.below(Number.MAX_SAFE_INTEGER);
    this.#baseMs = demoBaseMs(this.#options) ?? world.now();
    if (position !== undefined) {
      const { row, seed, baseMs } = decodePosition(position, (v) => hasNumbers(v, 'row', 'seed', 'baseMs'));
      this.#row = row;
      this.#seed = seed;
      this.#baseMs = baseMs;
    }
    this.#lines = new DemoLines(demoSettings(this.#options), this.#seed, this.#baseMs);
  }

  poll(): Polled {
    if (!this.#announced) {
      this.#announced = true;
      return { kind: 'split-start', split: 0 };
    }
    if (this.#row >= this.#end) return { kind: 'end' };
    const due = this.#pace.due();
    if (due <= 0) return { kind: 'wait' };
    const lines = present(this.#lines, 'open comes before poll');
    const rowsMax = Math.min(due, limits.batchRowsMax);
    const builder = this.#builder;
    let taken = 0;
    while (taken < rowsMax && this.#row < this.#end && !builder.full) {
      this.#append(lines.at(this.#row));
      this.#row += this.#context.instances;
      taken++;
    }
    this.#pace.take(taken);
    return { kind: 'batch', split: 0, batch: builder.build() };
  }

  #append(line: string): void {
    const builder = this.#builder;
    if (this.#decoder === undefined) {
      for (const column of builder.columns) column.append(line);
      builder.endRow();
      return;
    }
    const bytes = Buffer.from(line);
    try {
      this.#decoder.decode(bytes, 0, bytes.length, (row, kind) => {
        builder.appendRow(row, kind);
      });
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      if (!this.#decoder.skipsMalformed)
        throw error.locatedAt(`demo-events line ${this.#row}`, bytes, 0, bytes.length);
      this.#context.count('numRecordsInErrors', 1);
    }
  }

  snapshot(): Uint8Array {
    return encodePosition({ row: this.#row, seed: this.#seed, baseMs: this.#baseMs });
  }
  async close(): Promise<void> {
    this.#pace.stop();
  }
}

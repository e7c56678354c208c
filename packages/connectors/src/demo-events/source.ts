/* Demo events as a source of one STRING column. Instance i of n makes the lines i, i + n, i + 2n, ….
 *
 * Keeps: the number of its next line, the seed and the base time; they are its position. */

import { limits, present } from '#base';
import { parseOptions, type Options } from '#catalog';
import { BatchBuilder } from '#data';
import type { Polled, Source, SourceContext } from '#dataflow';
import { Pace } from '../pace.ts';
import { decodePosition, encodePosition, hasNumbers } from '../position.ts';
import { demoEventsConnector } from './descriptor.ts';
import { DemoLines } from './lines.ts';
import { demoBaseMs, demoSettings } from './options.ts';

export class DemoEventsSource implements Source {
  readonly #context: SourceContext;
  readonly #options: Options;
  readonly #pace: Pace;
  readonly #builder: BatchBuilder;
  readonly #end: number;
  #lines: DemoLines | undefined;
  #row: number;
  #seed = 0;
  #baseMs = 0;
  #announced = false;

  constructor(context: SourceContext) {
    const { table, instance, instances, world, limit, fields } = context;
    this.#context = context;
    this.#options = parseOptions(demoEventsConnector.options(table), table.options);
    const rate = this.#options.boolean('paced')
      ? demoSettings(this.#options).rowsPerSecond / instances
      : Infinity;
    this.#pace = new Pace(world, rate, () => {
      context.wake();
    });
    this.#builder = new BatchBuilder(fields.map((f) => f.type));
    this.#end = Math.min(this.#options.number('number-of-rows') ?? Infinity, limit ?? Infinity);
    this.#row = instance;
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
    while (builder.rows < rowsMax && this.#row < this.#end && !builder.full) {
      for (const column of builder.columns) column.append(lines.at(this.#row));
      builder.endRow();
      this.#row += this.#context.instances;
    }
    this.#pace.take(builder.rows);
    return { kind: 'batch', split: 0, batch: builder.build() };
  }

  snapshot(): Uint8Array {
    return encodePosition({ row: this.#row, seed: this.#seed, baseMs: this.#baseMs });
  }
  async close(): Promise<void> {
    this.#pace.stop();
  }
}

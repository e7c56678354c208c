/* Makes rows up, at a rate.
 *
 *   row number ──▶ per column: draw from (seed, column, row), or start + row ──▶ batch
 *
 * Instance i of n makes the rows i, i + n, i + 2n, …: the table's rows do not depend on how many there are.
 * Keeps: the number of its next row and the seed; both are its position. */

import { limits, present, UserError } from '#base';
import { parseOptions, type Options } from '#catalog';
import { BatchBuilder } from '#data';
import type { Polled, SourceContext } from '#dataflow';
import type { ShareReader } from '../parted-source.ts';
import { Pace } from '../pace.ts';
import { decodePosition, encodePosition, hasNumbers } from '../position.ts';
import { RowRandom } from '../row-random.ts';
import { canCount, datagenOptions } from './options.ts';
import { randomDraw, sequence, type Draw, type Sequence } from './values.ts';

interface RandomColumn {
  readonly kind: 'random';
  readonly draw: Draw;
  readonly index: number;
}
interface CountedColumn {
  readonly kind: 'sequence';
  readonly sequence: Sequence;
}
type GeneratedColumn = RandomColumn | CountedColumn;

export class DatagenReader implements ShareReader {
  readonly #context: SourceContext;
  readonly #options: Options;
  /** All columns of the table, for a sequence ends the table even when it is not read. */
  readonly #all: readonly GeneratedColumn[];
  readonly #pace: Pace;
  readonly #builder: BatchBuilder;
  readonly #end: number;
  #seed = 0;
  #random: readonly (RowRandom | undefined)[] = [];
  #columns: readonly GeneratedColumn[] = [];
  #row: number;
  #announced = false;

  constructor(context: SourceContext) {
    const { table, instance, instances, world } = context;
    this.#context = context;
    this.#options = parseOptions(datagenOptions(table), table.options);
    this.#all = table.physical.map(({ name, type }, index) => column(name, type, index, this.#options));
    this.#end = lastRow(this.#options, this.#all, context.limit);
    this.#pace = new Pace(world, rate(this.#options) / instances, () => {
      context.wake();
    });
    this.#builder = new BatchBuilder(context.fields.map((f) => f.type));
    this.#row = instance;
  }

  async open(position: Uint8Array | undefined): Promise<void> {
    const { world, fields, table } = this.#context;
    this.#seed = this.#options.number('millrace.seed') ?? world.rng.below(Number.MAX_SAFE_INTEGER);
    if (position !== undefined) {
      const { row, seed } = decodePosition(position, (v) => hasNumbers(v, 'row', 'seed'));
      this.#row = row;
      this.#seed = seed;
    }
    const indexes = fields.map((f) => table.physical.findIndex((p) => p.name === f.name));
    this.#columns = indexes.map((i) => present(this.#all[i], 'a column of the table'));
    this.#random = this.#columns.map((c) =>
      c.kind === 'random' ? new RowRandom(this.#seed, c.index) : undefined,
    );
  }

  poll(): Polled {
    if (!this.#announced) {
      this.#announced = true;
      return { kind: 'split-start', split: 0 };
    }
    if (this.#row >= this.#end) return { kind: 'end' };
    const due = this.#pace.due();
    if (due <= 0) return { kind: 'wait' };
    const left = Math.ceil((this.#end - this.#row) / this.#context.instances);
    const rows = Math.min(due, left, limits.batchRowsMax);
    return { kind: 'batch', split: 0, batch: this.#make(rows) };
  }

  #make(rowsMax: number): ReturnType<BatchBuilder['build']> {
    const builder = this.#builder;
    const now = this.#context.world.now();
    while (builder.rows < rowsMax && !builder.full) {
      this.#columns.forEach((c, i) => {
        const value =
          c.kind === 'sequence' ? c.sequence.at(this.#row) : c.draw(this.#random[i]!.at(this.#row), now);
        builder.columns[i]!.append(value);
      });
      builder.endRow();
      this.#row += this.#context.instances;
    }
    this.#pace.take(builder.rows);
    return builder.build();
  }

  snapshot(): Uint8Array {
    return encodePosition({ row: this.#row, seed: this.#seed });
  }
  async close(): Promise<void> {
    this.#pace.stop();
  }
}

function column(
  name: string,
  type: SourceContext['fields'][number]['type'],
  index: number,
  options: Options,
): GeneratedColumn {
  const path = `fields.${name}`;
  if (options.enum(`${path}.kind`) !== 'sequence')
    return { kind: 'random', draw: randomDraw(type, path, options), index };
  if (!canCount(type)) {
    throw new UserError('CAT1002', {
      at: options.at(`${path}.kind`),
      message: `option '${path}.kind': a ${type.kind} cannot be a sequence`,
    });
  }
  return { kind: 'sequence', sequence: sequence(type, path, options) };
}

function rate(options: Options): number {
  const rowsPerSecond = present(options.number('rows-per-second'), 'it has a default');
  if (rowsPerSecond > 0) return rowsPerSecond;
  throw new UserError('CAT1002', {
    at: options.at('rows-per-second'),
    message: `option 'rows-per-second': found '${rowsPerSecond}', expected a number above 0`,
  });
}

/** Where the table ends: what `number-of-rows` says, the shortest sequence, or what the query needs. */
function lastRow(options: Options, columns: readonly GeneratedColumn[], limit: number | undefined): number {
  const sequences = columns.map((c) => (c.kind === 'sequence' ? c.sequence.rows : Infinity));
  return Math.min(options.number('number-of-rows') ?? Infinity, limit ?? Infinity, ...sequences);
}

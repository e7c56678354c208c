/* Nexmark events as a source. Instance i of n makes the events i, i + n, i + 2n, …, so the stream is the same
 * for any number of them.
 *
 * Keeps: the number of its next event, the seed and the base time; they are its position. */

import { limits, present } from '#base';
import { parseOptions, type Options } from '#catalog';
import type { Polled, SourceContext } from '#dataflow';
import type { ShareReader } from '../parted-source.ts';
import { Pace } from '../pace.ts';
import { decodePosition, encodePosition, hasNumbers } from '../position.ts';
import { NexmarkGenerator, type WantedKinds } from './generator.ts';
import { nexmarkBaseMs, nexmarkOptions, nexmarkSettings } from './options.ts';
import { eventBatch, wantedKinds } from './schema.ts';

export class NexmarkReader implements ShareReader {
  readonly #context: SourceContext;
  readonly #options: Options;
  readonly #pace: Pace;
  readonly #wanted: WantedKinds;
  readonly #end: number;
  #generator: NexmarkGenerator | undefined;
  #event: number;
  #seed = 0;
  #baseMs = 0;
  #announced = false;

  constructor(context: SourceContext) {
    const { table, instance, instances, world, limit } = context;
    this.#context = context;
    this.#options = parseOptions(nexmarkOptions, table.options);
    const rate = this.#options.boolean('rate.limited')
      ? nexmarkSettings(this.#options).eventsPerSecond / instances
      : Infinity;
    this.#pace = new Pace(world, rate, () => {
      context.wake();
    });
    this.#wanted = wantedKinds(context.fields);
    this.#end = Math.min(this.#options.number('events.num') || Infinity, limit ?? Infinity);
    this.#event = instance;
  }

  async open(position: Uint8Array | undefined): Promise<void> {
    const { world } = this.#context;
    this.#seed = this.#options.number('millrace.seed') ?? world.rng.below(Number.MAX_SAFE_INTEGER);
    this.#baseMs = nexmarkBaseMs(this.#options) ?? world.now();
    if (position !== undefined) {
      const { event, seed, baseMs } = decodePosition(position, (v) =>
        hasNumbers(v, 'event', 'seed', 'baseMs'),
      );
      this.#event = event;
      this.#seed = seed;
      this.#baseMs = baseMs;
    }
    this.#generator = new NexmarkGenerator(nexmarkSettings(this.#options), this.#seed, this.#baseMs);
  }

  poll(): Polled {
    if (!this.#announced) {
      this.#announced = true;
      return { kind: 'split-start', split: 0 };
    }
    if (this.#event >= this.#end) return { kind: 'end' };
    const due = this.#pace.due();
    if (due <= 0) return { kind: 'wait' };
    const { fields, instances } = this.#context;
    const rows = Math.min(due, Math.ceil((this.#end - this.#event) / instances), limits.batchRowsMax);
    const generator = present(this.#generator, 'open comes before poll');
    const events = generator.events(this.#event, instances, rows, this.#wanted);
    this.#event += rows * instances;
    this.#pace.take(rows);
    return { kind: 'batch', split: 0, batch: eventBatch(events, fields) };
  }

  snapshot(): Uint8Array {
    return encodePosition({ event: this.#event, seed: this.#seed, baseMs: this.#baseMs });
  }
  async close(): Promise<void> {
    this.#pace.stop();
  }
}

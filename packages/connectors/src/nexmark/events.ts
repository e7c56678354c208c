/* Nexmark events outside a job: batches of the whole table, and the same as lines of JSON, for filling a
 * topic. */

import { limits } from '#base';
import type { Batch } from '#data';
import { parseOptions } from '#catalog';
import { ByteWriter } from '#base';
import { FormatOptions, formats, formatSpecs } from '#formats';
import { allKinds, NexmarkGenerator } from './generator.ts';
import { eventBatch, nexmarkFields } from './schema.ts';
import { nexmarkDefaults, type NexmarkSettings } from './settings.ts';

export interface NexmarkStream extends Partial<NexmarkSettings> {
  readonly seed: number;
  /** How many events. */
  readonly events: number;
  /** Event time of the first, ms; 2024-01-01 00:00:00 by default. */
  readonly baseMs?: number;
}

const defaultBaseMs = Date.UTC(2024, 0, 1);

/** The events of a stream, in batches with the columns `nexmarkFields`. */
export function* nexmarkEvents(stream: NexmarkStream): Generator<Batch, void> {
  const generator = new NexmarkGenerator(
    { ...nexmarkDefaults, ...stream },
    stream.seed,
    stream.baseMs ?? defaultBaseMs,
  );
  for (let event = 0; event < stream.events; event += limits.batchRowsMax) {
    const rows = Math.min(limits.batchRowsMax, stream.events - event);
    yield eventBatch(generator.events(event, 1, rows, allKinds), nexmarkFields);
  }
}

/** The same events as JSON, as Flink's json format writes the table: calls `take` with each message. The
 *  bytes are valid until it returns. */
export function nexmarkJson(stream: NexmarkStream, take: (message: Uint8Array) => void): void {
  const json = formats.get('json')!;
  const options = new FormatOptions(
    parseOptions({ owner: 'nexmark', specs: formatSpecs(json, 'json.') }, []),
    'json.',
  );
  const encoder = json.encoder!(nexmarkFields, options);
  const writer = new ByteWriter();
  for (const batch of nexmarkEvents(stream)) {
    for (let row = 0; row < batch.rows; row++) {
      writer.clear();
      encoder.encode(batch.columns, row, 0, writer);
      take(writer.data.subarray(0, writer.size));
    }
  }
}

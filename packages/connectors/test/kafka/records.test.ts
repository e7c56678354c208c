/* Record batches in memory: what the writer makes, the plain and the WebAssembly reader lay open alike,
 * damaged or not. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExternalError } from '#base';
import { crc32c } from '#wasm';
import { BatchWriter } from '#records';
import { decompress } from '#records';
import { MemoryLayer } from '#records';
import {
  attributesOffset,
  batchHeaderBytes,
  codecs,
  crcOffset,
  nextOffset,
  readRecordBatch,
  type Codec,
} from '#records';
import { indexRecords, readHeaders, RecordIndex } from '#records';

const bytes = fc.option(fc.uint8Array({ maxLength: 200 }), { nil: null });
const records = fc.array(
  fc.record({
    key: bytes,
    value: bytes,
    timestamp: fc.integer({ min: 0, max: 2 ** 42 }),
    headers: fc.array(fc.record({ key: fc.uint8Array({ maxLength: 5 }), value: bytes }), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 40 },
);
type Records = readonly {
  key: Uint8Array | null;
  value: Uint8Array | null;
  timestamp: number;
  headers: { key: Uint8Array; value: Uint8Array | null }[];
}[];

function write(list: Records, codec: Codec): Buffer {
  const writer = new BatchWriter();
  for (const r of list) writer.add(r.key, r.value, r.headers, r.timestamp);
  return Buffer.from(writer.finish(codec));
}

/** Damaged at the right place, a record of these has a length that is odd, so negative, and past what a double tells odd
 *  from even. */
const oddPastExact = [
  [[0, 0], [0, 0, 0, 0, 0, 0], 0],
  [[147, 128, 128, 128, 128, 128, 128, 16], [0], 2 ** 41],
  [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0], 2 ** 41],
].map(([key, value, timestamp]) => ({
  key: Uint8Array.from(key as number[]),
  value: Uint8Array.from(value as number[]),
  timestamp: timestamp as number,
  headers: [],
}));

/** Keys, values, times and offsets as an index shows them. */
function shown(index: RecordIndex): unknown[] {
  const cut = (starts: Int32Array, ends: Int32Array, i: number): string | null =>
    starts[i]! < 0 ? null : Buffer.from(index.data.subarray(starts[i], ends[i])).toString('hex');
  return Array.from({ length: index.count }, (_, i) => ({
    key: cut(index.keyStarts, index.keyEnds, i),
    value: cut(index.valueStarts, index.valueEnds, i),
    timestamp: index.timestamps[i],
    offset: index.offsets[i],
  }));
}

/** What plain code makes of a batch, or undefined when it refuses. */
function plainly(data: Buffer): RecordIndex | undefined {
  const batch = readRecordBatch(data, 0)!;
  const index = new RecordIndex();
  try {
    const body = decompress(batch.codec, data.subarray(batchHeaderBytes, batch.end));
    const base = {
      offset: batch.baseOffset,
      timestamp: batch.baseTimestamp,
      appendTime: batch.logAppendTime ? batch.maxTimestamp : undefined,
    };
    indexRecords(body, 0, body.length, batch.count, base, index);
    return index;
  } catch {
    return undefined;
  }
}

describe('record batches', () => {
  const layer = MemoryLayer.create()!;
  for (const codec of codecs) {
    test(`there and back with ${codec}, plainly and in WebAssembly`, () => {
      fc.assert(
        fc.property(records, (list) => {
          const data = write(list, codec);
          layer.reset();
          const batch = readRecordBatch(data, 0)!;
          expect(layer.lay(data, batch)).toBe('laid');
          const plain = plainly(data)!;
          expect(shown(layer.index)).toEqual(shown(plain));
          const hex = (b: Uint8Array | null): string | null =>
            b === null ? null : Buffer.from(b).toString('hex');
          expect(shown(plain)).toEqual(
            list.map((r, i) => ({ key: hex(r.key), value: hex(r.value), timestamp: r.timestamp, offset: i })),
          );
          list.forEach((r, i) => {
            expect(readHeaders(plain.data, plain.headers[i]!).map((h) => hex(h.value))).toEqual(
              r.headers.map((h) => hex(h.value)),
            );
          });
        }),
        { numRuns: 60 },
      );
    });
  }
  test('damaged records are refused by both, or read alike', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.nat({ max: 255 }), (list, at, byte) => {
        const data = write(list, 'none');
        data[batchHeaderBytes + (at % (data.length - batchHeaderBytes))] = byte;
        data.writeUInt32BE(crc32c(data, attributesOffset), crcOffset);
        const plain = plainly(data);
        layer.reset();
        const laid = layer.lay(data, readRecordBatch(data, 0)!);
        expect(laid).toBe(plain === undefined ? 'unfit' : 'laid');
        if (plain !== undefined) expect(shown(layer.index)).toEqual(shown(plain));
      }),
      { numRuns: 500, examples: [[oddPastExact, 1_449_874_898, 0]] },
    );
  });
  test('a wrong checksum is unfit, a batch cut short is none, an old version is refused', () => {
    const data = write([{ key: null, value: Buffer.from('x'), timestamp: 0, headers: [] }], 'none');
    expect(readRecordBatch(data.subarray(0, data.length - 1), 0)).toBeUndefined();
    expect(nextOffset(Buffer.concat([data, data.subarray(0, 30)]), 5)).toBe(1);
    const damaged = Buffer.from(data);
    damaged[damaged.length - 2]! ^= 1;
    layer.reset();
    expect(layer.lay(damaged, readRecordBatch(damaged, 0)!)).toBe('unfit');
    const old = Buffer.from(data);
    old[16] = 1;
    expect(() => readRecordBatch(old, 0)).toThrow(ExternalError);
  });
  test('without room left it asks for the rows to be taken first', () => {
    const large = write([{ key: null, value: Buffer.alloc(9 << 20), timestamp: 0, headers: [] }], 'lz4');
    const batch = readRecordBatch(large, 0)!;
    layer.reset();
    expect([layer.lay(large, batch), layer.lay(large, batch)]).toEqual(['laid', 'full']);
    layer.reset();
    expect(layer.lay(large, batch)).toBe('laid');
    const larger = write([{ key: null, value: Buffer.alloc(17 << 20), timestamp: 0, headers: [] }], 'lz4');
    layer.reset();
    expect(layer.lay(larger, readRecordBatch(larger, 0)!)).toBe('unfit');
  });
});

/* Damaged Parquet files: every cut and every flipped byte of small ones is an error that says what is wrong, or leaves rows that
 * can be read; never anything else, and never a hang. */

import { expect, test } from 'vitest';
import { UserError } from '#base';
import { instant, notNull, types, type Field, type Row } from '#data';
import { MalformedRecord } from '../src/malformed.ts';
import { readParquet, writeParquet } from './parquet-files.ts';

const proof = process.env['MILLRACE_PARQUET_TABLES'] !== undefined;
const compressions = proof
  ? ['snappy', 'gzip', 'zstd', 'brotli', 'uncompressed']
  : ['snappy', 'uncompressed'];
const changes = proof ? [0x01, 0x08, 0x80, 0xff] : [0x01];

const fields: readonly Field[] = [
  { name: 'id', type: notNull(types.INT) },
  { name: 'name', type: types.STRING },
  { name: 'price', type: types.decimal(9, 2) },
  { name: 'at', type: types.timestamp(6) },
  { name: 'tags', type: types.array(types.STRING) },
];
const rows: readonly Row[] = Array.from({ length: proof ? 24 : 10 }, (_, i) => [
  i,
  i % 3 === 0 ? null : `name ${i % 4}`,
  i % 5 === 0 ? null : BigInt(i * 100 - 7),
  instant(i * 1000 - 5000, 1000),
  i % 2 === 0 ? null : ['a', null, `b${i}`],
]);
/** What came out: rows, or the kind of error. */
function outcome(bytes: Uint8Array): 'rows' | 'error' {
  try {
    readParquet(bytes, fields);
    return 'rows';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(['FMT1001', 'FMT1006']).toContain(error.code);
    return 'error';
  }
}

test.each(compressions)('a file with %s, cut anywhere', { timeout: 300_000 }, (compression) => {
  const bytes = writeParquet(fields, rows, { compression, 'utc-timezone': 'true' }, 5);
  expect(readParquet(bytes, fields)).toEqual(rows);
  for (let length = 0; length < bytes.length; length++)
    expect(outcome(bytes.slice(0, length)), `cut to ${length} bytes`).toBe('error');
});

test.each(compressions)('a file with %s, each byte changed', { timeout: 300_000 }, (compression) => {
  const bytes = writeParquet(fields, rows, { compression, 'utc-timezone': 'true' }, 5);
  const found = { rows: 0, error: 0 };
  for (let at = 0; at < bytes.length; at++)
    for (const change of changes) {
      const damaged = bytes.slice();
      damaged[at]! ^= change;
      found[outcome(damaged)]++;
    }
  expect(found.error).toBeGreaterThan(bytes.length / 3);
});

test('what is no Parquet file says so', () => {
  for (const [bytes, reason] of [
    [Buffer.from('a,b\n1,2\n3,4\n'), 'does not end with PAR1'],
    [Buffer.alloc(0), 'does not end with PAR1'],
    [Buffer.from('PAR1----PARE'), 'is encrypted'],
    [Buffer.from('PAR1\xff\xff\xff\x0fPAR1', 'latin1'), 'the footer says it has'],
    [Buffer.from('PAR1\x00\x00\x00\x00PAR1', 'latin1'), 'the footer cannot be read'],
  ] as const) {
    const read = (): unknown => readParquet(new Uint8Array(bytes), fields);
    expect(read).toThrow(MalformedRecord);
    expect(read).toThrow(reason);
  }
});

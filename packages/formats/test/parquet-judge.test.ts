/* Random tables of random types, nested and with NULLs at every depth, and what pyarrow makes of them: its files read, with all
 * columns and with some, and ours read by it. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rng } from '#base';
import { types, type Row } from '#data';
import { runProgram } from '../../../tools/clients.ts';
import { parquetPython } from '../../../tools/registry-clients.ts';
import { judged, type Judged } from './judged-values.ts';
import { parquetColumns, readParquet, writeParquet } from './parquet-files.ts';

const tableCount = Number(process.env['MILLRACE_PARQUET_TABLES'] ?? 16);
const seed = Number(process.env['MILLRACE_SEED'] ?? 20_261_130);
const forms = [
  {},
  { 'write.int64.timestamp': 'true' },
  { 'write.int64.timestamp': 'true', 'timestamp.time.unit': 'nanos' },
] as const;
const compressions = ['SNAPPY', 'gzip', 'ZSTD', 'BROTLI', 'uncompressed'];

interface Answer {
  readonly rows: readonly { readonly o: readonly (readonly [string, Judged])[] }[];
}

test('tables are those of pyarrow, both ways', { timeout: 600_000 }, async ({ skip }) => {
  const python = await parquetPython();
  if ('missing' in python) return skip(python.missing);
  const root = mkdtempSync(join(tmpdir(), 'millrace-parquet-'));
  const ask = async (lines: readonly object[]): Promise<Answer[]> => {
    const program = join(import.meta.dirname, 'python', 'parquet_judge.py');
    const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const output = await runProgram('python3', [program], input, python.env);
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer);
  };
  try {
    const rng = new Rng(seed);
    const path = (name: string, i: number): string => join(root, `${name}-${i}.parquet`);
    const numbers = Array.from({ length: tableCount }, (_, i) => i);
    const written = await ask(numbers.map((i) => ({ write: path('theirs', i), seed: seed + i })));
    for (const i of numbers) {
      const label = `seed ${seed}, table ${i}`;
      const bytes = new Uint8Array(readFileSync(path('theirs', i)));
      const fields = parquetColumns(bytes);
      const rows = readParquet(bytes);
      const whole = types.row(fields);
      expect(
        rows.map((row) => judged(row, whole)),
        label,
      ).toEqual(written[i]!.rows);
      const some = fields.filter(() => rng.double() < 0.5).toReversed();
      const places = some.map((f) => fields.indexOf(f));
      const partial = rows.map((row): Row => places.map((at) => row[at]!));
      expect(readParquet(bytes, some), label).toEqual(partial);
      if (rows.length === 0) continue;
      const options = {
        'utc-timezone': 'true',
        compression: compressions[i % compressions.length]!,
        'page.size': String([100, 1 << 20][i % 2]!),
        'enable.dictionary': String(i % 3 > 0),
        ...forms[i % forms.length],
      };
      const ours = writeParquet(fields, rows, options, [7, 1000][i % 2]);
      // Nanoseconds are cut off by the form that counts microseconds.
      const keepsAll = i % forms.length !== 1;
      if (keepsAll) expect(readParquet(ours, fields), label).toEqual(rows);
      writeFileSync(path('ours', i), ours);
    }
    // A sink writes no file without rows.
    const filled = numbers.filter((i) => written[i]!.rows.length > 0);
    const read = await ask(filled.map((i) => ({ read: path('ours', i) })));
    for (const [at, i] of filled.entries())
      expect(read[at]!.rows, `seed ${seed}, table ${i}, written`).toEqual(written[i]!.rows);
  } finally {
    rmSync(root, { recursive: true });
  }
});

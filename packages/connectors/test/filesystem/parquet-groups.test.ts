/* Row groups that are left out by their statistics: files of pyarrow and of ours, random conditions, and the rows are those that
 * come where nothing is left out. `(…) IS TRUE` says nothing that a source makes use of. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { types, type Row } from '#data';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseScript } from '#sql';
import { writeParquet } from '../../../formats/test/parquet-files.ts';
import { runProgram } from '../../../../tools/clients.ts';
import { parquetPython } from '../../../../tools/registry-clients.ts';
import { connectors } from '../../src/index.ts';

const fileCount = Math.ceil(Number(process.env['MILLRACE_PARQUET_TABLES'] ?? 10) / 2);
const seed = Number(process.env['MILLRACE_SEED'] ?? 20_261_201);
const root = mkdtempSync(join(tmpdir(), 'millrace-parquet-groups-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

class Reader {
  readonly #executor = new Executor({
    world: realWorld(),
    connectors: new Map(connectors.map((c) => [c.name, c])),
  });
  async run(sql: string): Promise<{ readonly ids: string; readonly leftOut: number }> {
    const rows: Row[] = [];
    let leftOut = 0;
    for (const { statement } of parseScript(sql)) {
      const execution = await this.#executor.execute(statement);
      if (execution.kind !== 'query') continue;
      for (
        let next = await execution.changes.next();
        next !== undefined;
        next = await execution.changes.next()
      )
        rows.push(...next.map((c) => c.row));
      leftOut = execution.job.totals().counters['rowGroupsLeftOut'] ?? 0;
    }
    return { ids: rows.map(([id]) => String(id)).join(' '), leftOut };
  }
  /** The rows are the same; how many groups were left out. */
  async check(condition: string, label = ''): Promise<number> {
    const [pruned, whole] = [
      await this.run(`SELECT id FROM t WHERE ${condition};`),
      await this.run(`SELECT id FROM t WHERE (${condition}) IS TRUE;`),
    ];
    expect(whole.leftOut).toBe(0);
    expect(pruned.ids, `${label} ${condition}`).toBe(whole.ids);
    return pruned.leftOut;
  }
}
const tableOf = (path: string, columns: string, more = ", 'parquet.utc-timezone' = 'true'"): string =>
  `DROP TABLE IF EXISTS t; CREATE TABLE t (${columns}) WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'parquet'${more});`;

const columns =
  'id BIGINT NOT NULL, i INT, l BIGINT, ti TINYINT, ui BIGINT, ul DECIMAL(20, 0), f FLOAT, d DOUBLE, s STRING, y BYTES, b BOOLEAN, n DECIMAL(9, 2), nl DECIMAL(18, 3), nb DECIMAL(38, 4), da DATE, ti3 TIME(3), ts TIMESTAMP(6), missing INT';

/** A condition by chance. */
function conditionOf(rng: Rng, depth = 0): string {
  const pick = <T>(from: readonly T[]): T => from[rng.below(from.length)]!;
  const around = (): number => rng.below(700) - 350;
  if (depth < 3 && rng.below(10) < 4) {
    const [a, b] = [conditionOf(rng, depth + 1), conditionOf(rng, depth + 1)];
    return pick([`(${a} AND ${b})`, `(${a} OR ${b})`, `NOT (${a})`]);
  }
  const constants: readonly (readonly [string, () => string])[] = [
    ['id', () => String(rng.below(500))],
    ['i', () => pick([String(around()), `${around()}.5`, `${around()}e0`])],
    ['l', () => `CAST(${BigInt(around()) * (1n << 53n) + BigInt(rng.below(3) - 1)} AS BIGINT)`],
    ['ti', () => String(around())],
    ['ui', () => String(rng.below(2 ** 32))],
    ['ul', () => pick(['18446744073709551610', String(around())])],
    ['f', () => pick([`CAST(${around()} AS FLOAT)`, `${around()}.25`, '0'])],
    ['d', () => pick([`${around()}.25`, '-0.0e0', '0', String(around())])],
    ['s', () => `'${pick(['', 'a', 'prefix that is long and the same prefix', 'é', '😀'])}${around()}'`],
    ['y', () => `X'${rng.below(256).toString(16).padStart(2, '0')}'`],
    ['n', () => pick([`${around() / 4}`, `${around()}`, `${around()}.125`])],
    ['nl', () => `${around()}00000000000.125`],
    ['nb', () => `${around()}0000000000000000000000000.0625`],
    ['da', () => `DATE '2024-0${1 + rng.below(9)}-1${rng.below(10)}'`],
    ['ti3', () => `TIME '1${rng.below(10)}:00:01'`],
    ['ts', () => `TIMESTAMP '2024-01-0${1 + rng.below(9)} 0${rng.below(10)}:00:00.${rng.below(10)}'`],
    ['missing', () => '1'],
  ];
  const [column, constant] = pick(constants);
  const operator = pick(['=', '<>', '<', '<=', '>', '>=']);
  switch (rng.below(8)) {
    case 0:
      return `${column} IS ${pick(['', 'NOT '])}NULL`;
    case 1:
      return `${column} IN (${Array.from({ length: 1 + rng.below(4) }, constant).join(', ')})`;
    case 2:
      return `${column} BETWEEN ${constant()} AND ${constant()}`;
    case 3:
      return pick(['b', 'b = TRUE', 'b <> TRUE', 'NOT b', 'b IS NULL']);
    case 4:
      return `${constant()} ${operator} ${column}`;
    default:
      return `${column} ${operator} ${constant()}`;
  }
}

test('files of pyarrow and random conditions', { timeout: 600_000 }, async ({ skip }) => {
  const python = await parquetPython();
  if ('missing' in python) return skip(python.missing);
  const numbers = Array.from({ length: fileCount }, (_, i) => i);
  const path = (i: number): string => join(root, `theirs-${i}.parquet`);
  const program = join(import.meta.dirname, '../../../formats/test/python/parquet_groups.py');
  const input = numbers.map((i) => `${JSON.stringify({ write: path(i), seed: seed + i })}\n`).join('');
  await runProgram('python3', [program], input, python.env);
  const rng = new Rng(seed);
  const reader = new Reader();
  let leftOut = 0;
  for (const i of numbers) {
    await reader.run(tableOf(path(i), columns, i % 4 === 3 ? '' : undefined));
    for (let n = 0; n < 30; n++) leftOut += await reader.check(conditionOf(rng), `seed ${seed}, file ${i}:`);
  }
  // Else nothing was tried.
  expect(leftOut).toBeGreaterThan(fileCount * 30);
});

test('files of ours: how many groups are left out', async () => {
  const fields = [
    { name: 'id', type: types.BIGINT },
    { name: 's', type: types.STRING },
    { name: 'd', type: types.DOUBLE },
    { name: 'n', type: types.decimal(30, 2) },
  ];
  const long = (i: number): string => `${'the same beginning, longer than bounds are '.repeat(3)}${1000 + i}`;
  const rows = Array.from(
    { length: 1000 },
    (_, i): Row => [
      BigInt(i),
      i < 500 ? long(i) : null,
      i % 100 === 7 ? Number.NaN : i,
      BigInt(i) * 10n ** 20n,
    ],
  );
  const file = join(root, 'ours.parquet');
  writeFileSync(file, writeParquet(fields, rows, { 'utc-timezone': 'true' }, 100));
  const reader = new Reader();
  await reader.run(tableOf(file, 'id BIGINT, s STRING, d DOUBLE, n DECIMAL(30, 2)'));
  expect(await reader.check('id = 250')).toBe(9);
  expect(await reader.check('id < 100')).toBe(9);
  expect(await reader.check('id >= 900 OR id IN (5, 555)')).toBe(7);
  expect(await reader.check('id > 5000')).toBe(10);
  expect(await reader.check('id > 10.5 AND id < 99')).toBe(9);
  expect(await reader.check('s IS NOT NULL')).toBe(5);
  expect(await reader.check('s IS NULL')).toBe(5);
  expect(await reader.check("s > 'z'")).toBe(10);
  expect(await reader.check(`s = '${long(250)}'`)).toBeGreaterThanOrEqual(5);
  // NaN is true of it.
  expect(await reader.check('d <> 5')).toBe(0);
  expect(await reader.check('NOT (d < 5000)')).toBe(0);
  // Files of ours have no bounds of decimals and of times.
  expect(await reader.check('n = 10000000000000000000.00')).toBe(0);
  // What a function makes of a column, and columns beside each other, say nothing.
  expect(await reader.check('id + 1 = 2')).toBe(0);
  expect(await reader.check('d > id')).toBe(0);
});

test('a table whose rows make watermarks reads all of them', async () => {
  const path = join(root, 'times.parquet');
  const fields = [
    { name: 'id', type: types.BIGINT },
    { name: 'ts', type: types.timestamp(3) },
  ];
  const rows = Array.from({ length: 100 }, (_, i): Row => [BigInt(i), { ms: i * 1000, ns: 0 }]);
  writeFileSync(path, writeParquet(fields, rows, { 'write.int64.timestamp': 'true' }, 10));
  const reader = new Reader();
  await reader.run(tableOf(path, 'id BIGINT, ts TIMESTAMP(3)'));
  expect(await reader.check('id < 10')).toBe(9);
  await reader.run(tableOf(path, 'id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts'));
  expect(await reader.check('id < 10')).toBe(0);
});

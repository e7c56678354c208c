/* The library as a program uses it. */

import { expect, test } from 'vitest';
import { Millrace, UserError } from '../src/index.ts';

async function all<T>(changes: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const c of changes) list.push(c);
  return list;
}

test('a table of the program goes through a window', async () => {
  const m = new Millrace();
  m.createTable('clicks', {
    schema: { page: 'STRING', ts: 'TIMESTAMP(3)' },
    watermark: { column: 'ts', delay: '5 s' },
    from: [
      { page: 'a', ts: '2024-01-01 00:00:00' },
      { page: 'a', ts: new Date(Date.UTC(2024, 0, 1, 0, 0, 30)) },
    ],
  });
  const changes = await all(
    m.query<{ page: string; n: bigint }>(
      "SELECT page, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, page",
    ),
  );
  expect(changes).toEqual([{ kind: '+I', row: { page: 'a', n: 2n } }]);
});

test('an async iterable is read as the query needs it, and left when the loop ends', async () => {
  let read = 0;
  async function* numbers(): AsyncGenerator<{ n: number }> {
    for (; ; read++) yield { n: read };
  }
  const m = new Millrace();
  m.createTable('numbers', { schema: { n: 'INT' }, from: numbers() });
  const seen: number[] = [];
  for await (const { row } of m.query<{ n: number }>('SELECT n FROM numbers WHERE MOD(n, 2) = 0')) {
    seen.push(row.n);
    if (seen.length === 3) break;
  }
  expect(seen).toEqual([0, 2, 4]);
  expect(read).toBeLessThan(100_000);
});

test('values keep their digits and forms', async () => {
  const m = new Millrace();
  m.createTable('t', {
    schema: {
      b: 'BIGINT',
      d: 'DECIMAL(20, 4)',
      m: 'MAP<STRING, INT>',
      r: 'ROW<x INT>',
      a: 'ARRAY<STRING>',
      y: 'BYTES',
    },
    from: [
      {
        b: 9223372036854775807n,
        d: '12345678901234.5',
        m: { k: 1 },
        r: { x: 2 },
        a: ['p', null],
        y: Uint8Array.of(1, 2),
      },
    ],
  });
  const [change] = await all(m.query('SELECT * FROM t'));
  expect(change!.row).toEqual({
    b: 9223372036854775807n,
    d: '12345678901234.5000',
    m: new Map([['k', 1]]),
    r: { x: 2 },
    a: ['p', null],
    y: Uint8Array.of(1, 2),
  });
});

test('a function of the program is called from SQL; NULL in, NULL out', async () => {
  const m = new Millrace();
  m.createFunction('slug', {
    args: ['STRING'],
    returns: 'STRING',
    call: (s: string) => s.toLowerCase().replaceAll(' ', '-'),
  });
  m.createTable('t', { schema: { s: 'STRING' }, from: [{ s: 'Hello World' }, { s: null }] });
  const changes = await all(m.query<{ s: string | null }>('SELECT slug(s) AS s FROM t'));
  expect(changes.map((c) => c.row.s)).toEqual(['hello-world', null]);
});

test('mistakes are user errors', async () => {
  const m = new Millrace();
  await expect(all(m.query('SELECT x FROM nowhere'))).rejects.toThrow(UserError);
  await expect(m.execute('SELECT 1')).rejects.toThrow(/execute takes no SELECT/);
  m.createTable('t', { schema: { n: 'INT' }, from: [{ n: 'no number' }] });
  await expect(all(m.query('SELECT n FROM t'))).rejects.toThrow(/no number/);
});

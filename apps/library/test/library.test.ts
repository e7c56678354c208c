/* The library as a program uses it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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

test('a VARIANT is its JSON text, a BITMAP its members, a structured type an object, in functions too', async () => {
  const m = new Millrace();
  m.createFunction('keys', {
    args: ['VARIANT'],
    returns: 'VARIANT',
    call: (v: string) => JSON.stringify(Object.keys(JSON.parse(v) as object)),
  });
  const row = { v: '{"b": [1.50, 1e3], "a": null}', b: '{7,1}', s: { n: 'Bob', v: '[]' } };
  m.createTable('t', {
    schema: { v: 'VARIANT', b: 'BITMAP', s: "STRUCTURED<'com.example.User', n STRING, v VARIANT>" },
    from: [row, { v: null, b: null, s: null }],
  });
  const rows = await m.collect("SELECT v, b, s, v['b'][1] AS first, keys(v) AS k FROM t");
  const v = '{"a":null,"b":[1.5,1000.0]}';
  expect(rows).toEqual([
    { v, b: '{1,7}', s: { n: 'Bob', v: '[]' }, first: '1.5', k: '["a","b"]' },
    { v: null, b: null, s: null, first: null, k: null },
  ]);
  for (const wrong of [
    { v: '{' },
    { v: '{"a":1,"a":2}' },
    { b: '1,2' },
    { b: '{-1}' },
    { b: '{4294967296}' },
  ]) {
    const bad = new Millrace();
    bad.createTable('t', { schema: { v: 'VARIANT', b: 'BITMAP' }, from: [wrong as never] });
    await expect(bad.collect('SELECT * FROM t')).rejects.toMatchObject({ code: 'DATA2001' });
  }
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

test('a model of the program answers for rows; NULL is its own affair', async () => {
  const m = new Millrace();
  m.createTable('t', {
    schema: { id: 'INT', s: 'STRING' },
    from: [
      { id: 1, s: 'abc' },
      { id: 2, s: null },
    ],
  });
  m.createModel('size', {
    input: { text: 'STRING' },
    output: { n: 'BIGINT', twice: 'ARRAY<STRING>' },
    predict: async (text: string | null) =>
      text === null ? { n: 0n } : { n: BigInt(text.length), twice: [text, text] },
  });
  expect(await m.collect('SELECT * FROM ML_PREDICT(TABLE t, MODEL size, DESCRIPTOR(s))')).toEqual([
    { id: 1, s: 'abc', n: 3n, twice: ['abc', 'abc'] },
    { id: 2, s: null, n: 0n, twice: null },
  ]);
  const none = { input: { a: 'INT' }, output: { b: 'INT' }, predict: () => null };
  m.createModel('none', none);
  expect(await m.collect('SELECT * FROM ML_PREDICT(TABLE t, MODEL none, DESCRIPTOR(id))')).toEqual([]);
  expect(() => m.createModel('none', none)).toThrow(/the temporary model "none" exists already/);
  expect(() => m.createModel('wrong', { ...none, input: { a: 'NUMBER' } })).toThrow(UserError);
  await m.execute('DROP TEMPORARY MODEL none');
  m.createModel('none', none);
});

test('mistakes are user errors', async () => {
  const m = new Millrace();
  await expect(all(m.query('SELECT x FROM nowhere'))).rejects.toThrow(UserError);
  await expect(m.execute('SELECT 1')).rejects.toThrow(/execute takes no SELECT/);
  await expect(m.execute('', { fromSavepoint: 'sp' })).rejects.toThrow(/fromSavepoint without stateDir/);
  m.createTable('t', { schema: { n: 'INT' }, from: [{ n: 'no number' }] });
  await expect(all(m.query('SELECT n FROM t'))).rejects.toThrow(/no number/);
  const from = 5 as unknown as object[];
  expect(() => m.createTable('five', { schema: { n: 'INT' }, from })).toThrow(/'from' of table "five" is 5/);
});

test('rows may be of an interface; a bounded result is collected, with its changes applied in place', async () => {
  interface Click {
    page: string;
    n: number;
  }
  const clicks: Click[] = [
    { page: 'a', n: 1 },
    { page: 'b', n: 2 },
    { page: 'a', n: 3 },
  ];
  const m = new Millrace();
  m.createTable('clicks', { schema: { page: 'STRING', n: 'INT' }, from: clicks });
  const sums = await m.collect<Click>('SELECT page, SUM(n) AS n FROM clicks GROUP BY page');
  expect(sums).toEqual([
    { page: 'a', n: 4 },
    { page: 'b', n: 2 },
  ]);
});

test('changes go to a function of the program, one after the other, no faster than it takes them', async () => {
  const m = new Millrace();
  let produced = 0;
  function* numbers(): Generator<{ n: number }> {
    for (; produced < 100_000; produced++) yield { n: produced };
  }
  const taken: number[] = [];
  let running = 0;
  m.createTable('numbers', { schema: { n: 'INT' }, from: numbers() });
  m.createTable('out', {
    schema: { n: 'INT' },
    into: async ({ kind, row }: { kind: string; row: { n: number } }) => {
      expect([kind, ++running]).toEqual(['+I', 1]);
      taken.push(row.n);
      if (taken.length < 20) await new Promise((later) => setTimeout(later, 1));
      if (taken.length === 10) expect(produced).toBeLessThan(50_000);
      running--;
    },
  });
  const job = await m.execute('INSERT INTO out SELECT n FROM numbers');
  await job!.done;
  expect(taken).toEqual(Array.from({ length: 100_000 }, (_, i) => i));
});

describe("what the program does wrong is the program's error", () => {
  const own = new TypeError('own mistake');
  const one = (from: Iterable<object> | AsyncIterable<object>, n = 'INT'): Millrace => {
    const m = new Millrace();
    m.createTable('t', { schema: { n }, from });
    m.createFunction('fails', {
      args: ['INT'],
      returns: 'INT',
      call: (v: number) => {
        if (v > 1) throw own;
        return v;
      },
    });
    m.createFunction('lies', { args: ['INT'], returns: 'INT', call: () => 'text' });
    m.createFunction('later', { args: ['INT'], returns: 'INT', call: async () => 1 });
    return m;
  };
  async function* breaking(): AsyncGenerator<{ n: number }> {
    yield { n: 1 };
    throw own;
  }
  test.each([
    [
      'a function that throws',
      'SELECT fails(n) FROM t',
      [{ n: 1 }, { n: 2 }],
      'LIB2001',
      'function "fails" failed: TypeError: own mistake; it was called with (2)',
      own,
    ],
    [
      'a function that returns another type',
      'SELECT lies(n) FROM t',
      [{ n: 1 }],
      'LIB2001',
      'function "lies" returned: text is not of type INT; it was called with (1)',
      undefined,
    ],
    [
      'a function that returns a promise',
      'SELECT later(n) FROM t',
      [{ n: 1 }],
      'LIB2001',
      'function "later" returned a promise',
      undefined,
    ],
    [
      'an iterable that throws',
      'SELECT n FROM t',
      breaking(),
      'LIB2002',
      'the rows of table "t" failed after 1: TypeError: own mistake',
      own,
    ],
    [
      'a value of another type',
      'SELECT n FROM t',
      [{ n: 1 }, { n: 'two' }],
      'DATA2001',
      'column "n" of table "t", row 2: two is not of type INT',
      undefined,
    ],
    [
      'an object for a number',
      'SELECT n FROM t',
      [{ n: {} }],
      'DATA2001',
      'column "n" of table "t", row 1: [object Object] (object) is not of type INT',
      undefined,
    ],
    [
      'a row that is none',
      'SELECT n FROM t',
      [null as unknown as object],
      'DATA2001',
      'row 1 of table "t" is null, expected an object',
      undefined,
    ],
  ])('%s', async (_, sql, from, code, message, cause) => {
    const failed: unknown = await all(one(from).query(sql)).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(UserError);
    expect(failed).toMatchObject({ code, class: 'user' });
    expect((failed as UserError).message).toContain(message);
    if (cause !== undefined) expect((failed as UserError).cause).toBe(cause);
  });
  test('a function that takes changes and throws fails its job', async () => {
    const m = one([{ n: 1 }, { n: 2 }]);
    m.createTable('out', {
      schema: { n: 'INT' },
      into: ({ row }: { row: { n: number } }) => {
        if (row.n === 2) throw own;
      },
    });
    const job = await m.execute('INSERT INTO out SELECT n FROM t');
    await expect(job!.done).rejects.toMatchObject({ code: 'LIB2003', cause: own });
    expect(job!.state).toBe('failed');
  });
  test('a Date that is none is no timestamp', async () => {
    const m = one([{ n: new Date(Number.NaN) }], 'TIMESTAMP(3)');
    await expect(all(m.query('SELECT n FROM t'))).rejects.toThrow('Invalid Date');
  });
  test('a property that is likely meant for a column is named in a warning', async () => {
    const warnings: string[] = [];
    const m = new Millrace({ warn: (message) => warnings.push(message) });
    m.createTable('clicks', { schema: { page: 'STRING' }, from: [{ pgae: 'home' }] });
    expect(await m.collect('SELECT page FROM clicks')).toEqual([{ page: null }]);
    expect(warnings).toEqual([
      'rows of table "clicks" have "pgae", which is no column. Did you mean "page"?',
    ]);
  });
});

test('rows that never wait for anything leave the program its turns', async () => {
  const m = new Millrace();
  async function* numbers(): AsyncGenerator<{ n: number }> {
    for (let n = 0; ; n++) yield { n };
  }
  m.createTable('numbers', { schema: { n: 'INT' }, from: numbers() });
  const late = m.collect('SELECT n FROM numbers', { signal: AbortSignal.timeout(50) });
  await expect(late).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('an AbortSignal ends a query with its reason, and stops a job', async () => {
  const m = new Millrace();
  async function* numbers(): AsyncGenerator<{ n: number }> {
    for (let n = 0; ; n++) {
      yield { n };
      await new Promise((later) => setTimeout(later, 1));
    }
  }
  m.createTable('numbers', { schema: { n: 'INT' }, from: numbers() });
  const stop = new AbortController();
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { row } of m.query<{ n: number }>('SELECT n FROM numbers', { signal: stop.signal })) {
      seen.push(row.n);
      if (seen.length === 3) stop.abort(new Error('enough'));
    }
  })();
  await expect(reading).rejects.toThrow('enough');
  expect(seen.slice(0, 3)).toEqual([0, 1, 2]);
  await expect(m.collect('SELECT 1', { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
  const taken: unknown[] = [];
  m.createTable('more', { schema: { n: 'INT' }, from: numbers() });
  m.createTable('out', { schema: { n: 'INT' }, into: (change) => taken.push(change) });
  const end = new AbortController();
  const job = await m.execute('INSERT INTO out SELECT n FROM more', { signal: end.signal });
  await expect.poll(() => taken.length).toBeGreaterThan(2);
  end.abort();
  await job!.done;
  expect(job!.state).toBe('finished');
});

test('functions of rows, of groups, and such as wait', async () => {
  const m = new Millrace();
  m.createTable('lines', {
    schema: { line: 'STRING', n: 'INT' },
    from: [
      { line: 'a bb', n: 2 },
      { line: 'a', n: 5 },
    ],
  });
  m.createFunction('words', {
    args: ['STRING'],
    returns: 'ROW<word STRING, length INT>',
    rows: (line: string) => line.split(' ').map((word) => ({ word, length: word.length })),
  });
  m.createFunction('product', {
    args: ['INT'],
    returns: 'BIGINT',
    accumulator: 'ROW<p BIGINT>',
    createAccumulator: () => ({ p: 1n }),
    accumulate: (acc: { p: bigint }, n: number) => ({ p: acc.p * BigInt(n) }),
    getValue: (acc: { p: bigint }) => acc.p,
  });
  m.createFunction('asked', {
    args: ['STRING'],
    returns: 'STRING',
    async: true,
    call: async (word: string) => {
      await new Promise((resolve) => setTimeout(resolve, word.length === 1 ? 20 : 1));
      return `${word}?`;
    },
  });
  expect(
    await m.collect('SELECT w.word, asked(w.word) AS answer FROM lines, LATERAL TABLE(words(line)) AS w'),
  ).toEqual([
    { word: 'a', answer: 'a?' },
    { word: 'bb', answer: 'bb?' },
    { word: 'a', answer: 'a?' },
  ]);
  expect(await m.collect('SELECT product(n) AS p FROM lines')).toEqual([{ p: 10n }]);
});

test('tables without a connector live in memory, or in a folder', async () => {
  const m = new Millrace();
  m.createTable('clicks', {
    schema: { page: 'STRING' },
    from: [{ page: 'home' }, { page: 'cart' }, { page: 'home' }],
  });
  const counts = 'CREATE TABLE counts AS SELECT page, COUNT(*) AS n FROM clicks GROUP BY page';
  await m.execute(counts);
  const expected = [
    { page: 'home', n: 2n },
    { page: 'cart', n: 1n },
  ];
  expect(await m.collect('SELECT * FROM counts')).toEqual(expect.arrayContaining(expected));
  await expect(m.execute(counts)).rejects.toMatchObject({ code: 'CAT2001' });

  const folder = mkdtempSync(join(tmpdir(), 'millrace-library-'));
  try {
    const first = new Millrace({ folder });
    await (await first.execute('CREATE TABLE kept AS SELECT 1 AS n'))!.done;
    expect(await new Millrace({ folder }).collect('SELECT n FROM kept')).toEqual([{ n: 1 }]);
    expect(await new Millrace({ folder }).collect('SELECT n + 1 AS m FROM kept')).toEqual([{ m: 2 }]);
    await expect(new Millrace().collect('SELECT * FROM kept')).rejects.toMatchObject({ code: 'CAT2002' });

    // Values that are the same text are not the same for it: they come back as they were.
    const values = `SELECT PARSE_JSON('{"b":[1.50,1e3],"a":1}') AS v, BITMAP_BUILD(ARRAY[7, -1]) AS b, OBJECT_OF('c', 'n', 1) AS s`;
    await (await first.execute(`CREATE TABLE things AS ${values}`))!.done;
    expect(
      await new Millrace({ folder }).collect(
        `SELECT t.v = x.v AS v, t.b = x.b AS b, CAST(t.s AS STRING) AS s, TYPEOF(t.s) AS y FROM things AS t JOIN (${values}) AS x ON TRUE`,
      ),
    ).toEqual([{ v: true, b: true, s: '(n=1)', y: "STRUCTURED<'c', `n` INT NOT NULL>" }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

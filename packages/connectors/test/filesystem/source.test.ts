import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { SplitPositions } from '#dataflow';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { notNull, types, type Field, type Row } from '#data';
import { SimWorld } from '#testkit';
import { threadMemory } from '#wasm';
import { filesystemRuntime } from '../../src/filesystem/runtime.ts';
import { readRows, sourceContext, type TestTable } from '../contexts.ts';
import { sourceContract } from '../contract/source.ts';
import { runSql } from '../run-sql.ts';

const made: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'millrace-files-'));
  made.push(path);
  return path;
}
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true });
});

const fields: readonly Field[] = [
  { name: 'n', type: types.INT },
  { name: 't', type: types.STRING },
];
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"n":${from + i},"t":"text ${from + i}"}\n`).join('');

sourceContract('filesystem json', async () => {
  const root = folder();
  writeFileSync(join(root, 'a.json'), lines(0, 5000));
  writeFileSync(join(root, 'b.json.gz'), gzipSync(lines(5000, 11_000)));
  mkdirSync(join(root, 'more'));
  writeFileSync(join(root, 'more', 'c.json'), lines(11_000, 11_010).trimEnd());
  writeFileSync(join(root, 'empty.json'), '');
  writeFileSync(join(root, '.hidden.json'), 'not JSON');
  writeFileSync(join(root, '_SUCCESS'), '');
  return {
    table: { fields, options: { path: root, format: 'json' } },
    runtime: filesystemRuntime,
    rows: 11_010,
    ordered: true,
    close: async () => {},
  };
});

sourceContract('filesystem csv, partitions and metadata', async () => {
  const root = folder();
  for (const [day, country] of [
    ['2024-01-01', 'DE'],
    ['2024-01-02', 'A%2FB'],
  ]) {
    mkdirSync(join(root, `day=${day}`, `country=${country}`), { recursive: true });
    writeFileSync(join(root, `day=${day}`, `country=${country}`, 'part-0'), '1,"a\nb"\n2,c\n');
  }
  const day = { name: 'day', type: types.DATE };
  const country = { name: 'country', type: types.STRING };
  const table: TestTable = {
    fields: [...fields, day, country],
    partitionedBy: ['day', 'country'],
    options: { path: `file://${root}`, format: 'csv' },
  };
  return {
    table,
    runtime: filesystemRuntime,
    rows: 4,
    ordered: true,
    close: async () => {},
    fields: [
      ...table.fields,
      { name: 'name', type: notNull(types.STRING) },
      { name: 'size', type: notNull(types.BIGINT) },
    ],
    metadata: ['file.name', 'file.size'],
  };
});

async function read(table: TestTable, metadata: readonly Field[] = []): Promise<unknown[]> {
  const all = [...table.fields, ...metadata];
  const { context, told } = sourceContext(new SimWorld(1), table, {
    fields: all,
    metadata: metadata.map((m) => m.name),
  });
  const source = filesystemRuntime.createSource!(context);
  await source.open(undefined);
  try {
    return await readRows(source, told, all);
  } finally {
    await source.close();
  }
}

test('folder names and metadata become cells', async () => {
  const root = folder();
  const path = join(root, 'c=x y%3A', 'n=__DEFAULT_PARTITION__', 'f.csv');
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, 'hello\n');
  const table: TestTable = {
    fields: [
      { name: 'n', type: types.INT },
      { name: 't', type: types.STRING },
      { name: 'c', type: types.STRING },
    ],
    partitionedBy: ['c', 'n'],
    options: { path: root, format: 'csv' },
  };
  const at = Math.floor(statSync(path).mtimeMs);
  expect(
    await read(table, [
      { name: 'file.path', type: types.STRING },
      { name: 'file.modification-time', type: types.timestampLtz(3) },
    ]),
  ).toEqual([[null, 'hello', 'x y:', path, { ms: at, ns: 0 }]]);
});

test('a malformed line is reported with its file and line, or skipped and counted', async () => {
  const root = folder();
  writeFileSync(join(root, 'x.json'), `${lines(0, 2)}{"n":\n${lines(3, 4)}`);
  await expect(read({ fields, options: { path: root, format: 'json' } })).rejects.toThrow(
    `malformed json record at ${join(root, 'x.json')}:3: '{"n":'`,
  );
  const { context, told } = sourceContext(new SimWorld(1), {
    fields,
    options: { path: root, format: 'json', 'json.ignore-parse-errors': 'true' },
  });
  const source = filesystemRuntime.createSource!(context);
  await source.open(undefined);
  expect(await readRows(source, told, fields)).toHaveLength(3);
  expect(told.counters).toEqual({ numRecordsInErrors: 1 });
  await source.close();
});

test('a pattern chooses files; a missing path is named', async () => {
  const root = folder();
  writeFileSync(join(root, 'a-1.json'), lines(0, 1));
  writeFileSync(join(root, 'b-2.json'), lines(1, 2));
  const options = { path: root, format: 'json', 'source.path.regex-pattern': '.*/b-[0-9]+\\.json' };
  expect(await read({ fields, options })).toEqual([[1, 'text 1']]);
  await expect(read({ fields, options: { path: join(root, 'gone'), format: 'json' } })).rejects.toThrow(
    `there is no file or folder '${join(root, 'gone')}'`,
  );
  await expect(read({ fields, options: { path: 's3://bucket/x', format: 'json' } })).rejects.toThrow(
    `only local files are there`,
  );
});

test('new files are found by the clock, once, also after a restore', async () => {
  const root = folder();
  writeFileSync(join(root, 'b.json'), lines(0, 2));
  const world = new SimWorld(1);
  const table = { fields, options: { path: root, format: 'json', 'source.monitor-interval': '1 s' } };
  const start = async (position?: SplitPositions) => {
    const { context, told } = sourceContext(world, table);
    const source = filesystemRuntime.createSource!(context);
    await source.open(position);
    return { source, told };
  };
  const first = await start();
  expect(await readRows(first.source, first.told, fields, (n) => n === 1)).toEqual([
    [0, 'text 0'],
    [1, 'text 1'],
  ]);
  writeFileSync(join(root, 'a.json'), lines(2, 3));
  world.moveTo(world.nextTimer);
  expect(await readRows(first.source, first.told, fields, (n) => n === 1)).toEqual([[2, 'text 2']]);
  const position = first.source.snapshot();
  await first.source.close();
  expect(world.nextTimer).toBe(Infinity);
  appendFileSync(join(root, 'c.json'), lines(7, 8));
  const second = await start(position);
  expect(await readRows(second.source, second.told, fields, (n) => n === 1)).toEqual([[7, 'text 7']]);
  await second.source.close();
});

test('a file that is gone after a restore is an external failure', async () => {
  const root = folder();
  const path = join(root, 'a.json');
  writeFileSync(path, lines(0, 20_000));
  const table = { fields, options: { path: root, format: 'json' } };
  const { context, told } = sourceContext(new SimWorld(1), table);
  const source = filesystemRuntime.createSource!(context);
  await source.open(undefined);
  await readRows(source, told, fields, (n) => n === 1);
  const position = source.snapshot();
  await source.close();
  rmSync(path);
  const again = sourceContext(new SimWorld(1), table);
  const restored = filesystemRuntime.createSource!(again.context);
  await restored.open(position);
  await expect(readRows(restored, again.told, fields)).rejects.toMatchObject({
    class: 'external',
    code: 'FS2001',
  });
  await restored.close();
});

test('files through SQL: written partitioned, read back', async () => {
  const root = folder();
  const { changes } = await runSql(`
    CREATE TABLE made (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000000', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '100');
    CREATE TABLE files (n INT, even BOOLEAN, name STRING METADATA FROM 'file.name' VIRTUAL) PARTITIONED BY (even) WITH (
      'connector' = 'filesystem', 'path' = '${root}', 'format' = 'json', 'sink.partition-commit.policy.kind' = 'success-file');
    INSERT INTO files SELECT n, MOD(n, 2) = 0 FROM made;
    SELECT n, even FROM files WHERE n > 97;
    SELECT DISTINCT CHAR_LENGTH(name) > 20 FROM files WHERE even;
  `);
  expect(changes).toEqual(['+I[99, false]', '+I[98, true]', '+I[100, true]', '+I[true]']);
});

test('scanned or read row by row, the rows are the same', async () => {
  const root = folder();
  const long = 'y'.repeat(1_500_000);
  const records = [
    '{"n":1,"t":"plain"}',
    '',
    '{ "t" : "other order, \\u00e9\\n" , "n" : 2 }\r',
    '[{"n":3,"t":"an"},{"n":4,"t":"array"}]',
    `{"n":5,"t":"${long}"}`,
    '{"n":6}',
    '{"n":null,"t":null,"more":{"deep":[1,{"x":"}"}]}}',
    `{"n":7,"t":"${'z'.repeat(900_000)}"}`,
    `{"n":8,"t":"${'w'.repeat(900_000)}"}`,
    '{"n":9,"t":"no newline behind it"}',
  ];
  writeFileSync(join(root, 'a.json'), records.join('\n'));
  const options = { path: root, format: 'json' };
  const scanned = await read({ fields, options });
  // A column of arrays is not for scanners.
  const byRow = await read({ fields: [...fields, { name: 'list', type: types.array(types.INT) }], options });
  expect(scanned).toEqual(byRow.map((row) => (row as Row).slice(0, 2)));
  expect(scanned.map((row) => (row as Row)[0])).toEqual([1, 2, 3, 4, 5, 6, null, 7, 8, 9]);
  expect((scanned[4] as Row)[1]).toBe(long);
});

test('scanned CSV: line ends in quotes, empty lines, records of every length, with a header', async () => {
  const root = folder();
  const rows: [number, string][] = [];
  let text = 'n,t\r\n';
  for (let n = 0; n < 20_000; n++) {
    const length = n % 5000 === 1 ? 700_000 : n === 7777 ? 1_500_000 : n % 40;
    const t = `${'x'.repeat(length)}${n % 3 === 0 ? '\n"quoted", ' : ''}`;
    rows.push([n, t]);
    text += `${n},${n % 3 === 0 ? `"${t.replaceAll('"', '""')}"` : t}${n % 2 === 0 ? '\n' : '\r\n'}`;
  }
  writeFileSync(join(root, 'a.csv'), text);
  const options = { path: root, format: 'csv', 'csv.header': 'true' };
  const found = (await read({ fields, options })) as Row[];
  expect(found).toHaveLength(rows.length);
  expect(found.every(([n, t], i) => n === rows[i]![0] && t === rows[i]![1])).toBe(true);
  const text1 = { fields: fields.slice(1), options: { path: join(root, 'b.csv'), format: 'csv' } };
  writeFileSync(join(root, 'b.csv'), 'a\n\n"b"\r\rc');
  expect(await read(text1)).toEqual([['a'], [''], ['b'], [''], ['c']]);
});

test('a malformed CSV record is reported with its file and the line that it starts at', async () => {
  const root = folder();
  writeFileSync(join(root, 'x.csv'), `n,t\n1,"a\nb"\n2,b\nx,"c\nd"\n`);
  const options = { path: root, format: 'csv', 'csv.header': 'true' };
  await expect(read({ fields, options })).rejects.toThrow(
    `malformed csv record at ${join(root, 'x.csv')}:5: 'x,"c\nd"'`,
  );
});

test('many records in a row that give nothing are read over', async () => {
  const root = folder();
  writeFileSync(join(root, 'a.json'), `${'\n'.repeat(50_000)}${lines(0, 1)}`);
  expect(await read({ fields, options: { path: root, format: 'json' } })).toEqual([[0, 'text 0']]);
  writeFileSync(join(root, 'a.csv'), `${'1,2,3\n'.repeat(50_000)}1,a\n`);
  const options = { path: join(root, 'a.csv'), format: 'csv', 'csv.ignore-parse-errors': 'true' };
  expect(await read({ fields, options })).toEqual([[1, 'a']]);
});

sourceContract('filesystem json, row by row', async () => {
  const root = folder();
  writeFileSync(join(root, 'a.json'), lines(0, 9000));
  return {
    table: {
      fields: [...fields, { name: 'list', type: types.array(types.INT) }],
      options: { path: root, format: 'json' },
    },
    runtime: filesystemRuntime,
    rows: 9000,
    ordered: true,
    close: async () => {},
  };
});

test('what a source took of the memory comes back, also when it is closed while it reads', async () => {
  const memory = threadMemory();
  const firstFree = (): number => {
    const region = memory.allocate(1 << 19)!;
    memory.free(region);
    return region.address;
  };
  const root = folder();
  for (const name of ['a', 'b', 'c']) writeFileSync(join(root, `${name}.json`), lines(0, 30_000));
  writeFileSync(join(root, 'd.json.gz'), gzipSync(lines(0, 30_000)));
  const table = { fields, options: { path: root, format: 'json' } };
  const before = firstFree();
  expect(await read(table)).toHaveLength(120_000);
  for (let batches = 0; batches < 4; batches++) {
    const { context, told } = sourceContext(new SimWorld(1), table);
    const source = filesystemRuntime.createSource!(context);
    await source.open(undefined);
    if (batches > 0) await readRows(source, told, fields, (n) => n === batches);
    else source.poll();
    source.poll();
    await source.close();
  }
  await expect.poll(firstFree).toBe(before);
});

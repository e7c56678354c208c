import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { types, type Field, type Row } from '#data';
import { SimWorld } from '#testkit';
import { filesystemConnector } from '../../src/filesystem/descriptor.ts';
import { makeFolder } from '../../src/filesystem/make-folder.ts';
import { filesystemRuntime } from '../../src/filesystem/runtime.ts';
import { batchOf, connectorTable, sinkContext, writeAll, type TestTable } from '../contexts.ts';
import { sinkContract } from '../contract/sink.ts';

const made: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'millrace-files-'));
  made.push(path);
  return path;
}
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

const fields: readonly Field[] = [
  { name: 'n', type: types.INT },
  { name: 't', type: types.STRING },
];
const rowTypes = fields.map((f) => f.type);

/** Visible files below `root`, relative to it. */
const visible = (root: string): string[] =>
  (existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }) : [])
    .filter((e) => e.isFile() && !e.name.startsWith('.'))
    .map((e) => join(e.parentPath, e.name).slice(root.length + 1))
    .sort();
const hidden = (root: string): string[] =>
  (existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }) : [])
    .filter((e) => e.isFile() && e.name.startsWith('.'))
    .map((e) => e.name);

function contents(root: string): Row[] {
  return visible(root).flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .filter((l) => l !== '')
      .map((line) => {
        const { n, t } = JSON.parse(line) as { n: number; t: string };
        return [n, t];
      }),
  );
}

sinkContract('filesystem', async () => {
  const root = join(folder(), 'new');
  return {
    table: { fields, options: { path: root, format: 'json' } },
    runtime: filesystemRuntime,
    rows: Array.from({ length: 60_000 }, (_, i) => [
      i,
      `some text that fills buffers, row ${i}, ${'x'.repeat(100)}`,
    ]),
    contents: async () => contents(root),
    close: async () => {},
  };
});

/** Waits for work on the disk to show. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function opened(table: TestTable, world = new SimWorld(1)) {
  const { context, told } = sinkContext(world, table);
  const sink = filesystemRuntime.createSink!(context);
  await sink.open();
  return { sink, told, world };
}

test('a file is hidden until flush; close without flush leaves nothing', async () => {
  const root = folder();
  const { sink } = await opened({ fields, options: { path: root, format: 'csv' } });
  sink.write(
    batchOf(
      rowTypes,
      Array.from({ length: 3000 }, (_, i) => [i, 'x'.repeat(30)]),
    ),
    0,
  );
  await until(() => hidden(root).length > 0);
  expect([visible(root), hidden(root).length]).toEqual([[], 1]);
  await sink.flush();
  expect([visible(root).length, hidden(root)]).toEqual([1, []]);
  sink.write(batchOf(rowTypes, [[1, 'lost']]), 0);
  await sink.close();
  expect([visible(root).length, hidden(root)]).toEqual([1, []]);
});

test('files roll by size and by age', async () => {
  const root = folder();
  const options = {
    path: root,
    format: 'json',
    'sink.rolling-policy.file-size': '1 kb',
    'sink.rolling-policy.rollover-interval': '10 s',
    'sink.rolling-policy.check-interval': '1 s',
  };
  const { sink, told, world } = await opened({ fields, options });
  await writeAll(
    sink,
    told,
    batchOf(
      rowTypes,
      Array.from({ length: 100 }, (_, i) => [i, 'y'.repeat(100)]),
    ),
  );
  await sink.flush();
  expect(visible(root).length).toBeGreaterThanOrEqual(10);
  const before = visible(root).length;
  sink.write(batchOf(rowTypes, [[1, 'old']]), 0);
  for (let i = 0; i < 11; i++) world.moveTo(world.nextTimer);
  await until(() => visible(root).length > before);
  expect(visible(root)).toHaveLength(before + 1);
  await sink.close();
  expect(world.nextTimer).toBe(Infinity);
});

test('a file ends with the row that reaches its size, whichever way rows are written', async () => {
  const root = folder();
  const options = { path: root, format: 'json', 'sink.rolling-policy.file-size': '50 kb' };
  const table = { fields: [...fields, { name: 'p', type: types.INT }], partitionedBy: ['p'], options };
  const { sink, told } = await opened(table);
  // Long runs of one partition go by the block, short ones row by row, and so does a text that no block has room for.
  const partitionOf = (i: number): number => (i < 4000 ? Math.floor(i / 700) % 2 : i % 2);
  const rows = Array.from({ length: 6000 }, (_, i): Row => {
    const text = i === 500 ? 'long'.repeat(50_000) : `é"${'z'.repeat(i % 90)}`;
    return [i, text, partitionOf(i)];
  });
  await writeAll(sink, told, batchOf([...rowTypes, types.INT], rows));
  await sink.flush();
  for (const p of [0, 1]) {
    const lines = rows.filter((r) => r[2] === p).map(([n, t]) => `${JSON.stringify({ n, t })}\n`);
    const files = visible(join(root, `p=${p}`)).sort((a, b) => numberOf(a) - numberOf(b));
    for (const file of files) {
      const expected: string[] = [];
      for (let size = 0; size < 50 << 10 && lines.length > 0; size += Buffer.byteLength(expected.at(-1)!))
        expected.push(lines.shift()!);
      expect(readFileSync(join(root, `p=${p}`, file), 'utf8') === expected.join('')).toBe(true);
    }
    expect(lines).toEqual([]);
    expect(files.length).toBeGreaterThan(3);
  }
  await sink.close();
});
const numberOf = (file: string): number => Number(/\d+$/.exec(file)![0]);

test('partitions have folders, and success files once they are committed', async () => {
  const root = folder();
  const table: TestTable = {
    fields: [{ name: 'day', type: types.DATE }, ...fields, { name: 'c', type: types.STRING }],
    partitionedBy: ['day', 'c'],
    options: { path: root, format: 'json', 'sink.partition-commit.policy.kind': 'success-file' },
  };
  const { sink } = await opened(table);
  sink.write(
    batchOf(
      table.fields.map((f) => f.type),
      [
        [19723, 1, 'a', 'x/y'],
        [19723, 2, 'b', null],
        [19724, 3, 'c', ''],
      ],
    ),
    0,
  );
  await sink.flush();
  await sink.close();
  const part = /part-[0-9a-f]{16}-0-\d+$/;
  expect(visible(root).map((f) => f.replace(part, 'part'))).toEqual([
    'day=2024-01-01/c=__DEFAULT_PARTITION__/_SUCCESS',
    'day=2024-01-01/c=__DEFAULT_PARTITION__/part',
    'day=2024-01-01/c=x%2Fy/_SUCCESS',
    'day=2024-01-01/c=x%2Fy/part',
    'day=2024-01-02/c=__DEFAULT_PARTITION__/_SUCCESS',
    'day=2024-01-02/c=__DEFAULT_PARTITION__/part',
  ]);
  expect(readFileSync(join(root, visible(root)[1]!), 'utf8')).toBe('{"n":2,"t":"b"}\n');
});

test('more partitions than may be open', async () => {
  const root = folder();
  const table: TestTable = { fields, partitionedBy: ['n'], options: { path: root, format: 'csv' } };
  const { sink, told } = await opened(table);
  await writeAll(
    sink,
    told,
    batchOf(
      rowTypes,
      Array.from({ length: 200 }, (_, i) => [i, `t${i}`]),
    ),
  );
  await sink.flush();
  await sink.close();
  expect(visible(root)).toHaveLength(200);
});

test('a folder that cannot be made fails with what the system says', async () => {
  for (const path of ['/proc/nowhere/at/all', '/dev/null/below/a/file'])
    await expect(makeFolder(path)).rejects.toThrow(/ENOENT|ENOTDIR/);
  const deep = join(folder(), 'a', 'b', 'c');
  await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(join(deep, 'd'))]);
  expect(existsSync(join(deep, 'd'))).toBe(true);
});

test('what cannot be written fails the job and shows no file', async () => {
  const root = folder();
  writeFileSync(join(root, 'n=1'), 'a file where a folder should be');
  const { sink } = await opened({ fields, partitionedBy: ['n'], options: { path: root, format: 'csv' } });
  sink.write(
    batchOf(rowTypes, [
      [1, 'x'],
      [2, 'y'],
    ]),
    0,
  );
  await expect(sink.flush()).rejects.toMatchObject({ class: 'external', code: 'FS2001' });
  await sink.close();
  expect(visible(root)).toEqual(['n=1']);
});

test('what is not there is refused when planned', () => {
  const plan = (options: Record<string, string>) => () =>
    filesystemConnector.sink!(
      connectorTable({ fields, options: { path: '/tmp/x', format: 'json', ...options } }),
    );
  expect(plan({ 'auto-compaction': 'true' })).toThrow(`option 'auto-compaction': 'true' is not supported`);
  expect(plan({ 'sink.partition-commit.policy.kind': 'metastore' })).toThrow(`'metastore' is not supported`);
  expect(
    plan({
      'sink.partition-commit.policy.kind': 'success-file',
      'sink.partition-commit.trigger': 'partition-time',
    }),
  ).toThrow(`'partition-time' is not supported`);
});

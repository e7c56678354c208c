/* Embedded tables: what every source and sink must do, changes by key and without, files put together, and whatever step the
 * machine stops at, each row once. */

import { describe, expect, test } from 'vitest';
import { MemoryDisk, Rng, type Disk } from '#base';
import type { ConnectorTable } from '#catalog';
import { types, type Field, type Row } from '#data';
import type { Sink } from '#dataflow';
import { realWorld } from '#host';
import { SimWorld } from '#testkit';
import { embeddedConnector } from '../../src/embedded/descriptor.ts';
import { liveFiles } from '../../src/embedded/table-files.ts';
import { embeddedRuntime } from '../../src/embedded/runtime.ts';
import { batchOf, readRows, rowText, sinkContext, sourceContext, writeAll, type Told } from '../contexts.ts';
import { sinkContract } from '../contract/sink.ts';
import { sourceContract } from '../contract/source.ts';

const fields: readonly Field[] = [
  { name: 'id', type: types.BIGINT },
  { name: 'name', type: types.STRING },
];
const rowTypes = fields.map((f) => f.type);
const path = { catalog: 'default_catalog', database: 'default_database', object: 't' };
const rowsOfCount = (n: number): Row[] => Array.from({ length: n }, (_, i): Row => [BigInt(i), `n${i % 7}`]);

/** A table on a disk: written by sinks, read by sources. */
class Table {
  readonly disk: Disk;
  readonly world;
  readonly primaryKey: readonly string[];
  readonly #overwrite: boolean;
  sink!: Sink;
  told!: Told;

  constructor(primaryKey: readonly string[] = [], disk: Disk = new MemoryDisk(), overwrite = false) {
    this.disk = disk;
    this.world = realWorld();
    this.primaryKey = primaryKey;
    this.#overwrite = overwrite;
  }
  get runtime(): ReturnType<typeof embeddedRuntime> {
    return embeddedRuntime({ folder: () => 'tables', disk: this.disk });
  }
  get connectorTable(): ConnectorTable {
    return {
      path,
      physical: fields,
      primaryKey: this.primaryKey,
      partitionedBy: [],
      options: [],
      ...(this.#overwrite ? { overwrite: true } : {}),
    };
  }
  async make(): Promise<this> {
    const { keeper } = embeddedConnector({ folder: () => 'tables', disk: this.disk });
    await keeper!(this.world).put({ path, sql: '', owner: undefined });
    return this;
  }
  async open(prepared?: readonly Uint8Array[]): Promise<void> {
    const { context, told } = sinkContext(
      this.world,
      { fields, primaryKey: this.primaryKey, options: {} },
      {
        table: this.connectorTable,
        writer: { job: 'j', sink: 's', incarnation: 'i', durable: true, folder: undefined },
      },
    );
    this.told = told;
    this.sink = this.runtime.createSink!(context);
    await this.sink.open(prepared);
  }
  async write(rows: readonly Row[], kinds?: readonly number[]): Promise<void> {
    const batch = batchOf(rowTypes, rows);
    await writeAll(this.sink, this.told, kinds ? { ...batch, kinds: Uint8Array.from(kinds) } : batch);
  }
  async commit(): Promise<void> {
    const prepared = await this.sink.prepare!(false);
    if (prepared !== undefined) await this.sink.commit!(prepared);
  }
  async read(): Promise<string[]> {
    const { context, told } = sourceContext(
      this.world,
      { fields, options: {} },
      { table: this.connectorTable },
    );
    const source = this.runtime.createSource!(context);
    await source.open(undefined);
    const rows = await readRows(source, told, fields);
    await source.close();
    return rows.map(rowText);
  }
}
const texts = (rows: readonly Row[]): string[] => rows.map(rowText);
const text = (id: number, name: string): string => rowText([BigInt(id), name]);

sinkContract('embedded', async () => {
  const table = await new Table().make();
  const runtime = {
    createSink: (context: Parameters<NonNullable<typeof table.runtime.createSink>>[0]) =>
      table.runtime.createSink!({ ...context, table: table.connectorTable }),
  };
  return {
    table: { fields, options: {} },
    runtime,
    rows: rowsOfCount(500),
    contents: async () =>
      (await table.read()).map((r): Row => {
        const [id, name] = JSON.parse(r.replace(/(\d+)n/g, '$1')) as [number, string];
        return [BigInt(id), name];
      }),
    close: async () => {},
  };
});
for (const primaryKey of [[], ['id']])
  sourceContract(`embedded${primaryKey.length > 0 ? ' by key' : ''}`, async () => {
    const table = await new Table(primaryKey).make();
    await table.open();
    for (let part = 0; part < 5; part++) {
      await table.write(rowsOfCount(2500).slice(part * 500, part * 500 + 500));
      await table.commit();
    }
    await table.sink.close();
    const runtime = {
      createSource: (context: Parameters<NonNullable<typeof table.runtime.createSource>>[0]) =>
        table.runtime.createSource!({ ...context, table: table.connectorTable }),
    };
    return { table: { fields, options: {} }, runtime, rows: 2500, ordered: true, close: async () => {} };
  });

describe('changes', () => {
  test('without a key a row goes with each that takes it back', async () => {
    const table = await new Table().make();
    await table.open();
    await table.write(
      [
        [1n, 'a'],
        [1n, 'a'],
        [2n, null],
        [1n, 'a'],
        [2n, null],
        [3n, 'c'],
      ],
      [0, 0, 0, 3, 1, 2],
    );
    await table.commit();
    expect(await table.read()).toEqual([text(1, 'a'), text(3, 'c')]);
  });
  test('by key the last row stands, in the place of the first', async () => {
    const table = await new Table(['id']).make();
    await table.open();
    await table.write(
      [
        [1n, 'a'],
        [2n, 'b'],
        [1n, 'c'],
        [3n, 'd'],
        [2n, 'b'],
      ],
      [0, 0, 2, 0, 3],
    );
    await table.commit();
    await table.write([[3n, 'e']], [2]);
    await table.commit();
    expect(await table.read()).toEqual([text(1, 'c'), text(3, 'e')]);
  });
  test('what is not committed is not read', async () => {
    const table = await new Table().make();
    await table.open();
    await table.write(rowsOfCount(3));
    await table.sink.prepare!(false);
    expect(await table.read()).toEqual([]);
  });
  test('rows that take the place of others do so with their first commit', async () => {
    const table = await new Table().make();
    await table.open();
    await table.write(rowsOfCount(3));
    await table.commit();
    const over = new Table([], table.disk, true);
    await over.open();
    await over.write([[9n, 'new']]);
    expect(await table.read()).toEqual(texts(rowsOfCount(3)));
    await over.commit();
    expect(await table.read()).toEqual([text(9, 'new')]);
    // A run that goes on replaces nothing more.
    await over.open([]);
    await over.write([[10n, 'more']]);
    await over.commit();
    expect(await table.read()).toEqual([text(9, 'new'), text(10, 'more')]);
  });
});

describe('files put together', () => {
  test.each([[[]], [['id']]])(
    'many commits leave few files, and the same rows (key %s)',
    async (primaryKey) => {
      const table = await new Table(primaryKey).make();
      await table.open();
      const rng = new Rng(5);
      const left = new Map<number, string>();
      for (let commit = 0; commit < 300; commit++) {
        const id = rng.below(40);
        const before = left.get(id);
        if (before !== undefined) await table.write([[BigInt(id), before]], [3]);
        left.delete(id);
        if (before === undefined || rng.below(3) > 0) {
          left.set(id, `c${commit}`);
          await table.write([[BigInt(id), `c${commit}`]], [0]);
        }
        await table.commit();
      }
      const expected = [...left].map(([id, name]) => text(id, name)).sort();
      expect([...(await table.read())].sort()).toEqual(expected);
      const [folder] = (await table.disk.list('tables/default_catalog/default_database')).filter(
        (f) => !f.endsWith('.json'),
      );
      const all = await table.disk.list(`tables/default_catalog/default_database/${folder!}`);
      expect(all.length).toBeLessThan(200);
    },
  );
  test('small files of inserts too, in order', async () => {
    const table = await new Table().make();
    await table.open();
    for (let commit = 0; commit < 200; commit++) {
      await table.write([[BigInt(commit), 'x']]);
      await table.commit();
    }
    expect(await table.read()).toEqual(Array.from({ length: 200 }, (_, i) => text(i, 'x')));
    const folder = (await table.disk.list('tables/default_catalog/default_database')).find(
      (f) => !f.endsWith('.json'),
    )!;
    const { files } = await liveFiles(table.disk, `tables/default_catalog/default_database/${folder}`);
    expect(files.length).toBeLessThan(80);
  });
});

test('whatever step the machine stops at, what a checkpoint lists is there once', async () => {
  for (let stop = 0, done = false; !done; stop++) {
    const sim = new SimWorld(stop);
    const { disk } = sim;
    const table = await new Table(['id'], disk).make();
    await disk.sync('tables/default_catalog/default_database');
    let steps = 0;
    let listed: Uint8Array[] = [];
    let rows = 0;
    disk.before = () => {
      if (steps++ >= stop) throw new Error('the machine stops');
    };
    try {
      await table.open();
      for (let epoch = 0; epoch < 4; epoch++) {
        await table.write(rowsOfCount(10).slice(epoch * 2, epoch * 2 + 2));
        const prepared = await table.sink.prepare!(false);
        // The manifest is written: from here on it holds.
        if (prepared !== undefined) listed = [prepared];
        rows = epoch * 2 + 2;
        if (prepared !== undefined) await table.sink.commit!(prepared);
        listed = [];
      }
      done = true;
    } catch (thrown) {
      expect(String(thrown)).toContain('the machine stops');
    }
    disk.before = () => {};
    disk.crash();
    await table.open(listed);
    const seen = await table.read();
    const expected = texts(rowsOfCount(10).slice(0, rows));
    expect(seen, `stopped at step ${stop}`).toEqual(expected);
  }
});

/* The files of a job with checkpoints: whatever it had come to when it was lost, each row is seen once. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { types, type Field, type Row } from '#data';
import type { Sink } from '#dataflow';
import { SimWorld } from '#testkit';
import { readParquet } from '../../../formats/test/parquet-files.ts';
import { filesystemRuntime } from '../../src/filesystem/runtime.ts';
import { batchOf, sinkContext, writeAll, type Told } from '../contexts.ts';

const made: string[] = [];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});
const fields: readonly Field[] = [
  { name: 'n', type: types.INT },
  { name: 'p', type: types.STRING },
];
const rowTypes = fields.map((f) => f.type);

class Target {
  readonly root: string;
  readonly world = new SimWorld(1);
  readonly #options: Readonly<Record<string, string>>;
  sink!: Sink;
  #told!: Told;

  constructor(options: Readonly<Record<string, string>> = {}) {
    this.root = mkdtempSync(join(tmpdir(), 'millrace-once-'));
    made.push(this.root);
    this.#options = options;
  }
  /** Starts a sink, as a job does that comes back with what its last checkpoint lists. */
  async open(prepared?: readonly Uint8Array[], incarnation = 'a'.repeat(32)): Promise<void> {
    const { context, told } = sinkContext(
      this.world,
      {
        fields,
        partitionedBy: ['p'],
        options: { path: this.root, format: 'json', ...this.#options },
      },
      { writer: { job: 'j', sink: 's', incarnation, durable: true, folder: undefined } },
    );
    this.#told = told;
    this.sink = filesystemRuntime.createSink!(context);
    await this.sink.open(prepared);
  }
  async write(from: number, to: number): Promise<void> {
    const rows = Array.from({ length: to - from }, (_, i): Row => [from + i, `p${(from + i) % 3}`]);
    await writeAll(this.sink, this.#told, batchOf(rowTypes, rows));
  }
  #files(hidden: boolean): string[] {
    return readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && e.name.startsWith('.') === hidden && !e.name.startsWith('_'))
      .map((e) => join(e.parentPath, e.name));
  }
  get seen(): number[] {
    const numbersIn = (file: string): number[] => {
      const bytes = new Uint8Array(readFileSync(file));
      if (this.#options['format'] === 'parquet') return readParquet(bytes).map(([n]) => n as number);
      const lines = Buffer.from(bytes).toString().split('\n').slice(0, -1);
      return lines.map((line) => (JSON.parse(line) as { n: number }).n);
    };
    return this.#files(false)
      .flatMap(numbersIn)
      .sort((a, b) => a - b);
  }
  get hidden(): number {
    return this.#files(true).length;
  }
  get successFiles(): string[] {
    return readdirSync(this.root, { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('_SUCCESS'))
      .sort();
  }
}
const numbers = (to: number): number[] => Array.from({ length: to }, (_, i) => i);

test('rows are seen when the job ends, and not before a commit', async () => {
  const target = new Target();
  await target.open();
  await target.write(0, 30);
  expect(await target.sink.prepare!(false)).toBeDefined();
  expect(target.seen).toEqual([]);
  const last = (await target.sink.prepare!(true))!;
  expect(target.seen).toEqual([]);
  await target.sink.commit!(last);
  await target.sink.commit!(last);
  expect(target.seen).toEqual(numbers(30));
  await target.sink.close();
  expect(target.hidden).toBe(0);
});

test('a file goes on growing over checkpoints, and is cut at the last one after a restart', async () => {
  const target = new Target();
  await target.open();
  await target.write(0, 30);
  await target.sink.commit!((await target.sink.prepare!(false))!);
  await target.write(30, 60);
  const prepared = (await target.sink.prepare!(false))!;
  await target.write(60, 90);
  await target.sink.prepare!(false);
  await target.sink.close();
  await target.open([prepared]);
  expect([target.seen, target.hidden]).toEqual([numbers(60), 0]);
});

test('a start that goes on from nothing leaves the files of others alone', async () => {
  const target = new Target();
  await target.open();
  await target.write(0, 10);
  await target.sink.prepare!(false);
  await target.sink.close();
  expect(target.hidden).toBe(3);
  await target.open(undefined, 'b'.repeat(32));
  expect([target.seen, target.hidden]).toEqual([[], 3]);
});

test('a file that a checkpoint lists and nobody has is told as lost rows', async () => {
  const target = new Target();
  await target.open();
  await target.write(0, 10);
  const prepared = (await target.sink.prepare!(true))!;
  await target.sink.close();
  rmSync(target.root, { recursive: true });
  await expect(target.open([prepared])).rejects.toMatchObject({
    code: 'FS2002',
    class: 'external',
    retryable: false,
    message: /rows are lost: a checkpoint lists the file/,
  });
});

test('a success file comes with the commit of all rows of its partition', async () => {
  const target = new Target({
    'sink.partition-commit.policy.kind': 'success-file',
    'sink.partition-commit.delay': '10 s',
  });
  await target.open();
  await target.write(0, 30);
  const early = (await target.sink.prepare!(false))!;
  await target.sink.commit!(early);
  expect(target.successFiles).toEqual([]);
  await target.sink.close();
  // The partitions that wait for their time are part of the checkpoint.
  await target.open([early]);
  target.world.moveTo(target.world.now() + 10_000);
  const late = (await target.sink.prepare!(false))!;
  expect(target.successFiles).toEqual([]);
  await target.sink.commit!(late);
  expect(target.successFiles).toEqual(['p=p0/_SUCCESS', 'p=p1/_SUCCESS', 'p=p2/_SUCCESS']);
  expect(target.seen).toEqual(numbers(30));
});

test('a file of columns ends with a checkpoint, for only its footer makes it whole', async () => {
  const target = new Target({ format: 'parquet' });
  await target.open();
  await target.write(0, 30);
  await target.sink.commit!((await target.sink.prepare!(false))!);
  expect([target.seen, target.hidden]).toEqual([numbers(30), 0]);
  await target.write(30, 60);
  await target.sink.close();
  expect(target.seen).toEqual(numbers(30));
});

const jsonSeeds = numbers(40).map((seed) => ['json', '300 b', seed] as const);
const parquetSeeds = numbers(8).map((seed) => ['parquet', '4 kb', seed] as const);
test.each([...jsonSeeds, ...parquetSeeds])(
  '%s lost at any point, each row once (%s, seed %i)',
  async (...given) => {
    const [format, size, seed] = given;
    const rng = new Rng(seed);
    const target = new Target({ format, 'sink.rolling-policy.file-size': size });
    await target.open();
    /** What the last durable checkpoint holds. */
    let manifest: { prepared: Uint8Array[]; at: number } = { prepared: [], at: 0 };
    let pending: Uint8Array[] = [];
    let at = 0;
    for (let step = 0; step < 40; step++) {
      const dice = rng.below(10);
      if (dice < 5) {
        const to = at + 1 + rng.below(20);
        await target.write(at, to);
        at = to;
      } else if (dice < 8) {
        const prepared = await target.sink.prepare!(false);
        if (prepared !== undefined) pending = [...pending, prepared];
        if (rng.below(4) === 0) continue; // The manifest could not be written: the next one covers it.
        manifest = { prepared: pending, at };
        if (rng.below(4) === 0) continue; // Not committed yet.
        for (const bytes of pending) await target.sink.commit!(bytes);
        pending = [];
      } else {
        await target.sink.close();
        await target.open(manifest.prepared);
        at = manifest.at;
        pending = [];
        expect(target.seen).toEqual(numbers(at));
      }
    }
    const last = await target.sink.prepare!(true);
    for (const bytes of [...pending, ...(last === undefined ? [] : [last])]) await target.sink.commit!(bytes);
    expect([target.seen, target.hidden]).toEqual([numbers(at), 0]);
    await target.sink.close();
  },
);

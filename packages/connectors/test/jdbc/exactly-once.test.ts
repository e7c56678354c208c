/* A table that is written exactly once, on a real PostgreSQL: whatever the job had come to when it was lost, each row is
 * in it once. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { types, type Field, type Row } from '#data';
import type { Sink, Writer } from '#dataflow';
import { realWorld } from '#host';
import { SimDisk } from '#testkit';
import { jdbcRuntime } from '../../src/jdbc/runtime.ts';
import { batchOf, sinkContext, writeAll, type Told } from '../contexts.ts';
import { testServer, type TestServer } from './server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
}, 120_000);
afterAll(async () => {
  await server.stop();
});

const fields: readonly Field[] = [
  { name: 'id', type: types.INT },
  { name: 't', type: types.STRING },
];
const rowTypes = fields.map((f) => f.type);
const insert = 0;
const updateAfter = 2;
const remove = 3;

class Target {
  readonly name: string;
  readonly disk = new SimDisk(new Rng(1));
  readonly #primaryKey: readonly string[];
  sink!: Sink;
  told!: Told;

  constructor(name: string, primaryKey: readonly string[]) {
    this.name = name;
    this.#primaryKey = primaryKey;
  }
  /** Starts the sink, as a job does that comes back with what its last checkpoint lists. */
  async open(prepared?: readonly Uint8Array[], writer: Partial<Writer> = {}): Promise<void> {
    const world = { ...realWorld(), disk: this.disk };
    const real = realWorld();
    Object.assign(world, {
      now: () => real.now(),
      monotonic: () => real.monotonic(),
      after: (ms: number, f: () => void) => real.after(ms, f),
      breathe: () => real.breathe(),
    });
    const { context, told } = sinkContext(
      world,
      {
        fields,
        primaryKey: this.#primaryKey,
        options: {
          ...server.options,
          'table-name': this.name,
          'millrace.jdbc.create-table': 'if-not-exists',
          'sink.delivery-guarantee': 'exactly-once',
        },
      },
      {
        writer: {
          job: 'j',
          sink: this.name,
          incarnation: 'i',
          durable: true,
          folder: 'state/sinks/s',
          ...writer,
        },
      },
    );
    this.told = told;
    this.sink = jdbcRuntime.createSink!(context);
    await this.sink.open(prepared);
  }
  async write(rows: readonly Row[], kinds?: readonly number[]): Promise<void> {
    await writeAll(this.sink, this.told, batchOf(rowTypes, rows, kinds));
  }
  async rows(): Promise<(string | null)[][]> {
    return await server.query(`SELECT id, t FROM "${this.name}" ORDER BY id`);
  }
}
const texts = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, i): Row => [from + i, `t${from + i}`]);
const seen = (to: number): string[][] => texts(0, to).map(([id, t]) => [String(id), t as string]);

describe.each([
  ['append', []],
  ['upsert', ['id']],
] as const)('%s', (kind, key) => {
  test('rows are there behind the commit, once however often it is repeated', async () => {
    const target = new Target(`${kind}_commit`, key);
    await target.open();
    await target.write(texts(0, 1000));
    const prepared = (await target.sink.prepare!(false))!;
    await target.write(texts(1000, 1500));
    expect(await target.rows()).toEqual([]);
    await target.sink.commit!(prepared);
    await target.sink.commit!(prepared);
    expect(await target.rows()).toEqual(seen(1000));
    await target.sink.close();
    await target.open([prepared]);
    expect(await target.rows()).toEqual(seen(1000));
    expect(target.disk.files).toEqual([]);
    await target.sink.close();
  });

  test.each(Array.from({ length: 15 }, (_, i) => i))('lost at any point (seed %i)', async (seed) => {
    const rng = new Rng(seed);
    const target = new Target(`${kind}_lost_${seed}`, key);
    await target.open();
    let manifest: { prepared: Uint8Array[]; at: number } = { prepared: [], at: 0 };
    let pending: Uint8Array[] = [];
    let at = 0;
    for (let step = 0; step < 25; step++) {
      const dice = rng.below(10);
      if (dice < 5) {
        const to = at + 1 + rng.below(200);
        await target.write(texts(at, to));
        at = to;
      } else if (dice < 8) {
        const prepared = await target.sink.prepare!(false);
        if (prepared !== undefined) pending = [...pending, prepared];
        if (rng.below(4) === 0) continue;
        manifest = { prepared: pending, at };
        if (rng.below(4) === 0) continue;
        for (const bytes of pending) await target.sink.commit!(bytes);
        pending = [];
      } else {
        await target.sink.close();
        target.disk.crash();
        await target.open(manifest.prepared);
        at = manifest.at;
        pending = [];
        expect(await target.rows()).toEqual(seen(at));
      }
    }
    await target.sink.close();
  });
});

test('changes of a key over many chunks go in their order', async () => {
  const target = new Target('chunks', ['id']);
  await target.open();
  const text = 'x'.repeat(1000);
  // About 12 MB, so several chunks of one commit.
  for (let round = 0; round < 6; round++) {
    const rows = Array.from({ length: 2000 }, (_, i): Row => [i, `${round} ${text}`]);
    await target.write(
      rows,
      rows.map(() => (round === 0 ? insert : updateAfter)),
    );
  }
  await target.write([[7, null]], [remove]);
  const prepared = (await target.sink.prepare!(true))!;
  expect(target.disk.files.length).toBeGreaterThan(2);
  await target.sink.commit!(prepared);
  const rows = await target.rows();
  expect(rows).toHaveLength(1999);
  expect(rows.every(([id, t]) => id !== '7' && t!.startsWith('5 '))).toBe(true);
  await target.sink.close();
});

test('a connection that breaks in the middle of a commit', async () => {
  const target = new Target('cut', []);
  await target.open();
  await target.write(texts(0, 20_000));
  const prepared = (await target.sink.prepare!(false))!;
  const committing = target.sink.commit!(prepared);
  for (let i = 0; i < 3; i++) {
    await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'millrace' AND pid <> pg_backend_pid()",
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await committing;
  expect(await server.query('SELECT COUNT(*) FROM cut')).toEqual([['20000']]);
  await target.sink.close();
}, 30_000);

test('a row that the table refuses is named, and nothing of the commit is there', async () => {
  const target = new Target('refused', []);
  await server.query('CREATE TABLE refused (id integer CHECK (id < 3), t text)');
  await target.open();
  await target.write(texts(0, 5));
  const prepared = (await target.sink.prepare!(false))!;
  await expect(target.sink.commit!(prepared)).rejects.toMatchObject({
    class: 'user',
    code: 'JDBC1006',
    message: expect.stringMatching(/Failing row contains \(3, t3\)/) as string,
  });
  expect(await target.rows()).toEqual([]);
  await target.sink.close();
});

test('a chunk that is away is told as lost rows', async () => {
  const target = new Target('away', []);
  await target.open();
  await target.write(texts(0, 5));
  const prepared = (await target.sink.prepare!(false))!;
  await target.sink.close();
  await target.disk.remove('state/sinks/s');
  await expect(target.open([prepared])).rejects.toMatchObject({ code: 'JDBC2004', retryable: false });
});

test('without checkpoints on disk it is refused', async () => {
  const target = new Target('none', []);
  await expect(target.open(undefined, { durable: false, folder: undefined })).rejects.toMatchObject({
    code: 'JDBC1007',
  });
});

describe('rows that the database refuses, where somebody takes them', () => {
  /** A sink that reports them, over a table of the database's. */
  async function refusing(
    name: string,
    ddl: string,
    guarantee: 'at-least-once' | 'exactly-once',
    key: readonly string[],
    { disk = new SimDisk(new Rng(1)), prepared = undefined as readonly Uint8Array[] | undefined } = {},
  ): Promise<{ sink: Sink; told: Told; refused: string[]; disk: SimDisk }> {
    if (prepared === undefined)
      await server.query(`DROP TABLE IF EXISTS "${name}"; CREATE TABLE "${name}" (${ddl})`);
    const refused: string[] = [];
    const real = realWorld();
    const world = {
      rng: real.rng,
      disk,
      now: () => real.now(),
      monotonic: () => real.monotonic(),
      after: (ms: number, f: () => void) => real.after(ms, f),
      breathe: () => real.breathe(),
    } as typeof real;
    const options = { ...server.options, 'table-name': name, 'sink.delivery-guarantee': guarantee };
    const { context, told } = sinkContext(
      world,
      { fields, primaryKey: key, options },
      {
        writer: { job: 'j', sink: name, incarnation: 'i', durable: true, folder: 'state/sinks/s' },
        refusals: {
          row: () => {
            throw new Error('it has the row no longer');
          },
          json: (row, error) => refused.push(`${row} ${/SQLSTATE (\w+)/.exec(error.message)![1]!}`),
        },
      },
    );
    const sink = jdbcRuntime.createSink!(context);
    await sink.open(prepared);
    return { sink, told, refused, disk };
  }
  const rowsOf = async (name: string): Promise<string[]> =>
    (await server.query(`SELECT id, t FROM "${name}" ORDER BY id`)).map((r) => r.join(' '));
  /** 100 rows: 13 breaks a CHECK, 50 comes twice, 77 is too long. */
  const mixed: Row[] = [
    ...Array.from({ length: 100 }, (_, i): Row => [i, i === 77 ? 'x'.repeat(30) : `t\t${i}`]),
    [50, 'again'],
  ];
  const good = Array.from({ length: 100 }, (_, i) => i).filter((i) => i !== 13 && i !== 77);

  test.each(['at-least-once', 'exactly-once'] as const)('append, %s', async (guarantee) => {
    const name = `refused_${guarantee.length}`;
    const ddl = 'id int UNIQUE DEFERRABLE INITIALLY DEFERRED CHECK (id <> 13), t varchar(20)';
    const { sink, told, refused } = await refusing(name, ddl, guarantee, []);
    await writeAll(sink, told, batchOf(rowTypes, mixed));
    if (sink.prepare === undefined) await sink.flush();
    else {
      const prepared = (await sink.prepare(false))!;
      expect(await rowsOf(name)).toEqual([]);
      await sink.commit!(prepared);
    }
    expect(refused.sort()).toEqual([
      '{"id":13,"t":"t\\t13"} 23514',
      '{"id":50,"t":"again"} 23505',
      `{"id":77,"t":"${'x'.repeat(30)}"} 22001`,
    ]);
    expect(await rowsOf(name)).toEqual(good.map((i) => `${i} t\t${i}`));
    await sink.close();
  });

  test('upsert: deletes and updates beside it stand', async () => {
    const ddl = 'id int PRIMARY KEY, t varchar(20) CHECK (t <> $$bad$$)';
    const { sink, told, refused } = await refusing('refused_upsert', ddl, 'exactly-once', ['id']);
    await writeAll(sink, told, batchOf(rowTypes, texts(0, 10)));
    await sink.commit!((await sink.prepare!(false))!);
    const changes: Row[] = [
      [3, null],
      [4, 'bad'],
      [5, 'new'],
      [11, 'bad'],
      [12, 'new'],
    ];
    await writeAll(
      sink,
      told,
      batchOf(rowTypes, changes, [remove, updateAfter, updateAfter, insert, insert]),
    );
    await sink.commit!((await sink.prepare!(true))!);
    expect(refused.sort()).toEqual(['{"id":11,"t":"bad"} 23514', '{"id":4,"t":"bad"} 23514']);
    expect(await rowsOf('refused_upsert')).toEqual([
      ...texts(0, 3).map((r) => r.join(' ')),
      '4 t4',
      '5 new',
      ...texts(6, 10).map((r) => r.join(' ')),
      '12 new',
    ]);
    await sink.close();
  });

  test('refused only at the commit, for another instance was first: left out, and reported until a checkpoint has it', async () => {
    const ddl = 'id int UNIQUE, t text';
    const one = await refusing('refused_race', ddl, 'exactly-once', []);
    const other = await refusing('refused_race', ddl, 'exactly-once', [], { disk: one.disk, prepared: [] });
    await writeAll(
      one.sink,
      one.told,
      batchOf(rowTypes, [
        [1, 'one'],
        [2, 'one'],
      ]),
    );
    const first = (await one.sink.prepare!(false))!;
    await writeAll(
      other.sink,
      other.told,
      batchOf(rowTypes, [
        [2, 'other'],
        [3, 'other'],
      ]),
    );
    const second = (await other.sink.prepare!(false))!;
    expect([...one.refused, ...other.refused]).toEqual([]);
    await one.sink.commit!(first);
    await other.sink.commit!(second);
    expect(other.refused).toEqual(['{"id":2,"t":"other"} 23505']);
    expect(await rowsOf('refused_race')).toEqual(['1 one', '2 one', '3 other']);
    // Killed before a checkpoint without it.
    await other.sink.close();
    const again = await refusing('refused_race', ddl, 'exactly-once', [], {
      disk: one.disk,
      prepared: [second],
    });
    expect(again.refused).toEqual(['{"id":2,"t":"other"} 23505']);
    expect(await rowsOf('refused_race')).toEqual(['1 one', '2 one', '3 other']);
    // Nothing can be reported behind the last.
    await writeAll(again.sink, again.told, batchOf(rowTypes, [[4, 'again']]));
    const last = (await again.sink.prepare!(true))!;
    await server.query("INSERT INTO refused_race VALUES (4, 'somebody')");
    await expect(again.sink.commit!(last)).rejects.toMatchObject({ code: 'JDBC1006' });
    await one.sink.close();
    await again.sink.close();
  });

  test('killed behind prepare: the others come once; what is not committed counts for what follows', async () => {
    const ddl = 'id int UNIQUE, t text';
    const first = await refusing('refused_killed', ddl, 'exactly-once', []);
    await writeAll(
      first.sink,
      first.told,
      batchOf(rowTypes, [
        [1, 'a'],
        [1, 'b'],
        [2, 'a'],
      ]),
    );
    const one = (await first.sink.prepare!(false))!;
    // Not committed yet, and the same key again.
    await writeAll(
      first.sink,
      first.told,
      batchOf(rowTypes, [
        [2, 'b'],
        [3, 'a'],
      ]),
    );
    const two = (await first.sink.prepare!(false))!;
    expect(first.refused.map((r) => r.slice(0, 16))).toEqual(['{"id":1,"t":"b"}', '{"id":2,"t":"b"}']);
    await first.sink.commit!(one);
    await first.sink.close();
    const prepared = [one, two];
    const second = await refusing('refused_killed', ddl, 'exactly-once', [], { disk: first.disk, prepared });
    expect(await rowsOf('refused_killed')).toEqual(['1 a', '2 a', '3 a']);
    expect(second.refused).toEqual([]);
    await second.sink.close();
  });
});

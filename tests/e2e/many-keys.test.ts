/* A savepoint of many keys: taken while rows go on, and taken up by the query as it was, by one with an aggregate and a filter
 * more, and at parallelism 3. `npm run proof -- savepoint` does it with a million keys. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allChanges, insertOnly, type ConnectorDescriptor } from '#catalog';
import { connectors } from '#connectors';
import { readRow, type Value } from '#data';
import type { Sink } from '#dataflow';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';

const keys = Number(process.env['MILLRACE_SAVEPOINT_KEYS'] ?? 5000);
const rows = keys * 4;

/** A sink that keeps the last row of each key. */
class KeptRows {
  readonly rows = new Map<Value, readonly Value[]>();
  readonly connector: ConnectorDescriptor = {
    name: 'kept',
    metadata: [],
    options: () => ({ owner: 'a table that is kept', specs: [] }),
    source: () => ({ changelog: insertOnly, bounded: true, ownWatermarks: false }),
    sink: () => ({ accepts: () => allChanges, guarantee: 'none' }),
    load: async () => ({
      createSink: ({ fields }: { fields: readonly { type: never }[] }): Sink => this.#sink(fields),
    }),
  };
  #sink(fields: readonly { readonly type: never }[]): Sink {
    return {
      open: async () => {},
      write: (batch) => {
        for (let row = 0; row < batch.rows; row++) {
          const values = readRow(
            batch,
            fields.map((f) => f.type),
            row,
          );
          if (batch.kinds?.[row] !== 1) this.rows.set(values[0]!, values);
        }
        return batch.rows;
      },
      flush: async () => {},
      close: async () => {},
    };
  }
}

let folder: string;
let savepoint: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-many-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Start {
  readonly select: string;
  readonly parallelism?: number;
  readonly fromSavepoint?: string;
  readonly columns?: string;
}
async function start({
  select,
  parallelism = 1,
  fromSavepoint,
  columns = 'k BIGINT, n BIGINT, total BIGINT',
}: Start): Promise<{
  readonly job: EngineJob;
  readonly kept: KeptRows;
}> {
  const kept = new KeptRows();
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map([...connectors, kept.connector].map((c) => [c.name, c])),
    warn: () => {},
  });
  executor.session.settings.set('execution.checkpointing.interval', '200 ms');
  executor.session.settings.set('millrace.memory.budget', '8 gb');
  const statements = [
    `CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '100000000', 'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '${rows - 1}')`,
    `CREATE TABLE kept (${columns}, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'kept')`,
  ];
  for (const sql of statements) await executor.execute(parseStatement(sql));
  const execution = await executor.execute(parseStatement(`INSERT INTO kept ${select}`), {
    name: `many-${parallelism}-${columns.length}`,
    inBackground: true,
    parallelism,
    state: { stateDir: join(folder, 'state'), fresh: true, fromSavepoint },
  });
  return { job: (execution as { readonly job: EngineJob }).job, kept };
}

const query = `SELECT k, COUNT(*), SUM(id) FROM (SELECT id, MOD(id, ${keys}) AS k FROM numbers) GROUP BY k`;

test(`a savepoint of ${keys} keys, taken while rows go on`, async () => {
  const { job } = await start({ select: query });
  while (job.totals().rowsIn < keys * 1.5) await new Promise((resolve) => setTimeout(resolve, 2));
  const started = performance.now();
  savepoint = await job.savepoint(folder);
  const tookMs = Math.round(performance.now() - started);
  // All keys are in it, and not all rows.
  expect(job.totals().rowsIn).toBeGreaterThanOrEqual(keys);
  await job.done.catch(() => {});
  console.log(`[savepoint] ${keys} keys: taken in ${tookMs} ms`);
}, 120_000);

test.each([1, 3])(
  'goes on at parallelism %i',
  async (parallelism) => {
    const from = performance.now();
    const { job, kept } = await start({ select: query, parallelism, fromSavepoint: savepoint });
    const tookMs = Math.round(performance.now() - from);
    await job.done;
    console.log(`[savepoint] ${keys} keys: restored at parallelism ${parallelism} in ${tookMs} ms`);
    expect(kept.rows.size).toBe(keys);
    let wrong = 0;
    for (const [k, [, n, total]] of kept.rows)
      if (n !== 4n || total !== 4n * (k as bigint) + BigInt(6 * keys)) wrong++;
    expect(wrong).toBe(0);
  },
  120_000,
);

test('goes on in a query with an aggregate and a filter more', async () => {
  const select = `SELECT k, COUNT(*), SUM(id), MIN(id) FROM (SELECT id, MOD(id, ${keys}) AS k FROM numbers WHERE id >= 0 AND MOD(id, 2) >= 0) GROUP BY k`;
  const { job, kept } = await start({
    select,
    fromSavepoint: savepoint,
    columns: 'k BIGINT, n BIGINT, total BIGINT, least BIGINT',
  });
  expect(job.fits.flatMap((f) => f.added)).toEqual(['groups.MIN(id)']);
  await job.done;
  expect(kept.rows.size).toBe(keys);
  let wrong = 0;
  // The added one counts from there on: it has seen none of the first round.
  for (const [k, [, n, total, least]] of kept.rows)
    if (n !== 4n || total !== 4n * (k as bigint) + BigInt(6 * keys) || (least as bigint) < BigInt(keys))
      wrong++;
  expect(wrong).toBe(0);
}, 120_000);

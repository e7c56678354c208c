/* State of some megabytes goes to the disk while it is copied, out of each thread: a job goes on from it. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allConnectors } from '../../apps/cli/src/connectors.ts';
import { threads } from '../../apps/cli/src/threads.ts';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { SessionSettings } from '#plan';
import { parseStatement } from '#sql';

const keys = 150_000;
const rows = keys * 3;

async function start(folder: string, parallelism: number): Promise<EngineJob> {
  const settings = new SessionSettings();
  settings.set('parallelism.default', String(parallelism));
  settings.set('execution.checkpointing.interval', '1 h');
  const executor = new Executor({ world: realWorld(), connectors: allConnectors(), settings, threads });
  for (const text of [
    `CREATE TABLE numbers (id BIGINT, at AS PROCTIME()) WITH ('connector' = 'datagen', 'rows-per-second' = '${rows / 3}', 'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '${rows - 1}')`,
    `CREATE TABLE kept (k BIGINT, name STRING) WITH ('connector' = 'filesystem', 'path' = '${folder}/kept', 'format' = 'csv')`,
    `INSERT INTO kept SELECT k, name FROM (
       SELECT *, ROW_NUMBER() OVER (PARTITION BY k, name ORDER BY at) AS n
       FROM (SELECT MOD(id, ${keys}) AS k, 'the name of ' || CAST(MOD(id, ${keys}) AS STRING) AS name, at FROM numbers)) WHERE n = 1`,
  ])
    await executor.execute(parseStatement(text), {
      name: 'kept',
      parallelism,
      inBackground: true,
      state: { stateDir: `${folder}/state`, fresh: false },
    });
  return executor.jobs.at(-1)!;
}
const sharedFiles = (folder: string): readonly string[] => readdirSync(`${folder}/state/kept/shared`);

test.each([1, 2])(
  'parallelism %i: each key once',
  async (parallelism) => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-streamed-'));
    try {
      const job = await start(folder, parallelism);
      while (job.totals().rowsIn < keys * 1.2) await new Promise((resolve) => setTimeout(resolve, 5));
      await job.checkpoint();
      await job.cancel();
      for (let share = 0; share < parallelism; share++)
        expect(sharedFiles(folder).filter((name) => name.includes(`-s${share}-`))).not.toEqual([]);
      const again = await start(folder, parallelism);
      await again.done;
      const lines = readdirSync(`${folder}/kept`)
        .filter((file) => !file.startsWith('.'))
        .flatMap((file) => readFileSync(`${folder}/kept/${file}`, 'utf8').trim().split('\n'));
      expect(lines.length).toBe(keys);
      expect(new Set(lines).size).toBe(keys);
      expect(again.totals().rowsIn).toBeLessThan(rows);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);

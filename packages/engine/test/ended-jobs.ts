/* A process of its own: runs jobs with state one after the other in one session, and prints how many bytes of arrays are
 * held after the first and after the last. Started by ended-jobs.test.ts with --expose-gc. */

import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';

const jobs = 12;
const executor = new Executor({
  world: realWorld(),
  connectors: new Map(connectors.map((c) => [c.name, c])),
  warn: () => {},
});
for (const sql of [
  `CREATE TABLE src (k BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '100000', 'rows-per-second' = '100000000', 'fields.k.kind' = 'sequence', 'fields.k.start' = '1', 'fields.k.end' = '100000')`,
  `CREATE TABLE dst (k BIGINT, n BIGINT) WITH ('connector' = 'blackhole')`,
])
  await executor.execute(parseStatement(sql));

async function held(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc!();
    await new Promise((done) => setTimeout(done, 20));
  }
  return process.memoryUsage().arrayBuffers;
}
const bytes: number[] = [];
for (let i = 0; i < jobs; i++) {
  const run = await executor.execute(
    parseStatement('INSERT INTO dst SELECT k, COUNT(*) FROM src GROUP BY k'),
  );
  if (run.kind !== 'job') throw new TypeError('an INSERT is a job');
  await run.job.done;
  bytes.push(await held());
}
const rows = executor.jobs.map((job) => job.totals().rowsIn);
console.log(JSON.stringify({ first: bytes[0], last: bytes.at(-1), rows }));

/* npm run bench -- checkpoint-size: a checkpoint by the size of the state and by how much of it changed, and a start from it.
 *
 *   each key once ─▶ a whole checkpoint ─▶ rows for some seconds, on all keys or one in a hundred ─▶ one of what changed
 *                                                                                             ─▶ a start from both
 *
 * Options: --keys N,N,…, --seconds N between the two. The figures go to bench/checkpoint-size.md. */

import './command-flags.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Executor, type CheckpointStats, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { rowsConnector, type RowsPlan } from './checkpoint-size/rows-connector.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    keys: { type: 'string', default: '100000,1000000,10000000,20000000' },
    seconds: { type: 'string', default: '5' },
  },
});
const seconds = Number(values.seconds);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const queries = {
  'COUNT, SUM, MAX by key': 'INSERT INTO s SELECT k, COUNT(*), SUM(v), MAX(v) FROM e GROUP BY k',
  'join, a row a key on either side':
    'INSERT INTO s SELECT a.k, 1, b.v, a.v FROM e AS a LEFT JOIN (SELECT k, MAX(v) AS v FROM e GROUP BY k) AS b ON a.k = b.k AND a.v < 1000000000',
  'the newest row of each key':
    'INSERT INTO s SELECT k, n, v, v FROM (SELECT k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC) AS n FROM e) WHERE n <= 3',
} as const;
type QueryName = keyof typeof queries;

async function started(plan: RowsPlan, query: QueryName, stateDir: string): Promise<EngineJob> {
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map([['rows', rowsConnector(plan)]]),
    warn: () => {},
  });
  executor.session.settings.set('millrace.memory.budget', '20 gb');
  executor.session.settings.set('execution.checkpointing.interval', '0');
  const tables = ['e (k BIGINT, v BIGINT)', 's (k BIGINT, n BIGINT, a BIGINT, b BIGINT)'];
  for (const table of tables)
    await executor.execute(parseStatement(`CREATE TABLE ${table} WITH ('connector' = 'rows')`));
  const execution = await executor.execute(parseStatement(queries[query]), {
    name: 'job',
    inBackground: true,
    state: { stateDir, fresh: false },
  });
  return (execution as { readonly job: EngineJob }).job;
}

interface Taken extends CheckpointStats {
  /** The longest time that nothing else ran in the process while it was taken, and the longest CPU time of its thread in which
   *  nothing did, ms. */
  readonly longestMs: number;
  readonly longestCpuMs: number;
}
async function take(job: EngineJob): Promise<Taken> {
  let longestMs = 0;
  let longestCpuMs = 0;
  let last = performance.now();
  let lastCpu = process.threadCpuUsage();
  const heart = setInterval(() => {
    const { user, system } = process.threadCpuUsage(lastCpu);
    longestMs = Math.max(longestMs, performance.now() - last - 1);
    longestCpuMs = Math.max(longestCpuMs, (user + system) / 1000);
    last = performance.now();
    lastCpu = process.threadCpuUsage();
  }, 1);
  await job.checkpoint();
  clearInterval(heart);
  return { ...job.lastCheckpoint!, longestMs, longestCpuMs };
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const lines: string[] = [];
async function measure(query: QueryName, keys: number, hot: number): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  let loaded!: () => void;
  const isLoaded = new Promise<void>((resolve) => {
    loaded = resolve;
  });
  const job = await started({ keys, hot, loaded: () => loaded() }, query, stateDir);
  await isLoaded;
  const whole = await take(job);
  await sleep(seconds * 1000);
  const changed = await take(job);
  await job.cancel();
  globalThis.gc?.();
  const from = performance.now();
  const again = await started({ keys, hot, loaded: () => {} }, query, stateDir);
  const restoredMs = performance.now() - from;
  await again.cancel();
  rmSync(stateDir, { recursive: true, force: true });
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const ms = (t: Taken): string => `${Math.round(t.durationMs)}`;
  const stop = (t: Taken): string =>
    `${t.stopMs.toFixed(1)} / ${Math.round(t.longestMs)} / ${Math.round(t.longestCpuMs)}`;
  const cells = [
    query,
    keys.toLocaleString('en'),
    hot === keys ? 'all' : `${(hot / keys) * 100} %`,
    mb(whole.bytes),
    ms(whole),
    stop(whole),
    mb(changed.bytes),
    ms(changed),
    stop(changed),
    Math.round(restoredMs),
  ];
  console.error(line(cells));
  lines.push(line(cells));
}

const sizes = values.keys.split(',').map(Number);
for (const keys of sizes)
  for (const hot of [keys, keys / 100]) await measure('COUNT, SUM, MAX by key', keys, hot);
for (const query of ['join, a row a key on either side', 'the newest row of each key'] satisfies QueryName[])
  await measure(query, Math.min(1_000_000, sizes.at(-1)!), Math.min(1_000_000, sizes.at(-1)!) / 100);
writeFileSync(
  join(import.meta.dirname, 'checkpoint-size.md'),
  [
    '# Checkpoints by size',
    '',
    `Each key once, a whole checkpoint, ${seconds} s of rows at full speed on all keys or one in a hundred, a checkpoint of what changed, and a start`,
    'from the two. "Takes": from barrier to manifest on disk, ms. "Stop": how long the operator stood still / the longest time that nothing',
    'else ran in the process meanwhile (its slices of work are 8 ms) / the longest CPU time of the thread in one piece, ms. The start: from the',
    'call until rows are read, ms.',
    `${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.versions.node}.`,
    '',
    line([
      'query',
      'keys',
      'changing',
      'whole, MB',
      'takes',
      'stop',
      'changed, MB',
      'takes',
      'stop',
      'start',
    ]),
    line(['---', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:']),
    ...lines,
    '',
  ].join('\n'),
);
process.exit(0);

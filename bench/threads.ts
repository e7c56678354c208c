/* npm run bench -- threads: how much faster two threads are than one, by wall time.
 *
 *   rows in memory, two splits ─▶ exchange by key ─▶ the operator ─▶ a sink that looks at nothing
 *
 * Each query runs at parallelism 1 and 2 in turns; the least of each counts. A thread compiles its code anew, which takes
 * it some tenths of a second: runs are some seconds long. What the machine itself allows is measured beside: two processes with
 * one thread each, at the same time, with nothing between them. Options: --rounds N, --rows N. */

import './command-flags.ts';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Executor, type EngineJob } from '#engine';
import { realWorld, workerThreads } from '#host';
import { parseStatement, type Statement } from '#sql';
import { memoryConnector } from './threads/memory-connector.ts';

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const rounds = option('rounds', 3);
const rows = option('rows', 67_108_864);

const source = (name: string, count: number, keys: number, stepUs: number): string =>
  `CREATE TABLE ${name} (k BIGINT, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'memory', 'rows' = '${count}', 'keys' = '${keys}', 'step-us' = '${stepUs}')`;
const sink = (columns: string): string => `CREATE TABLE sink (${columns}) WITH ('connector' = 'memory')`;
interface Case {
  readonly name: string;
  readonly tables: readonly string[];
  readonly query: string;
}
// Ten seconds of event time hold a hundred rows a key.
const events = source('events', rows, 10_000, 20);
const windows = (fn: string): string =>
  `SELECT k, window_start, COUNT(*) FROM TABLE(${fn}) GROUP BY k, window_start, window_end`;
const cases: readonly Case[] = [
  {
    name: 'GROUP BY, COUNT + SUM + MAX',
    tables: [events, sink('k BIGINT, n BIGINT, s BIGINT, m BIGINT, PRIMARY KEY (k) NOT ENFORCED')],
    query: 'SELECT k, COUNT(*), SUM(v), MAX(v) FROM events GROUP BY k',
  },
  {
    name: 'TUMBLE, COUNT',
    tables: [events, sink('k BIGINT, w TIMESTAMP(3), n BIGINT')],
    query: windows("TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '10' SECOND)"),
  },
  {
    name: 'HOP 2 s / 10 s, COUNT',
    tables: [events, sink('k BIGINT, w TIMESTAMP(3), n BIGINT')],
    query: windows("HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '10' SECOND)"),
  },
  {
    name: 'regular join',
    tables: [
      source('a', rows / 32, 500_000, 20),
      source('b', rows / 32, 500_000, 20),
      sink('k BIGINT, x BIGINT, y BIGINT'),
    ],
    query: 'SELECT a.k, a.v, b.v FROM a JOIN b ON a.k = b.k',
  },
];

async function run({ tables, query }: Case, parallelism: number): Promise<number> {
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map([['memory', memoryConnector]]),
    threads: () => workerThreads(new URL('threads/thread.ts', import.meta.url)),
  });
  executor.session.settings.set('parallelism.default', String(parallelism));
  executor.session.settings.set('millrace.memory.budget', '8 gb');
  for (const table of tables)
    executor.createTable(parseStatement(table) as Extract<Statement, { kind: 'create-table' }>);
  const statement = parseStatement(`INSERT INTO sink ${query}`);
  const execution = await executor.execute(statement, { inBackground: true });
  const { job } = execution as { readonly job: EngineJob };
  // From here on every thread is there, its rows are made and it runs.
  const from = performance.now();
  await job.done;
  return performance.now() - from;
}

const alone = process.argv.indexOf('--alone');
if (alone >= 0) {
  // One of two processes that have nothing to do with each other.
  const c = cases.find(({ name }) => name === process.argv[alone + 1])!;
  await run(c, 1);
  console.log(await run(c, 1));
  process.exit(0);
}
/** How long two processes at the same time take for what one does alone in `run`. */
async function sideBySide({ name }: Case): Promise<number> {
  const args = [...process.execArgv, process.argv[1]!, 'threads', '--rows', String(rows), '--alone', name];
  const one = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let out = '';
      child.stdout.on('data', (text) => {
        out += String(text);
      });
      child.on('exit', (code) =>
        code === 0 ? resolve(Number(out)) : reject(new Error(`${name} alone ended with ${code}`)),
      );
    });
  return Math.max(...(await Promise.all([one(), one()])));
}

const figures: {
  readonly name: string;
  readonly one: number;
  readonly two: number;
  readonly both: number;
}[] = [];
for (const c of cases) {
  let [one, two] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    one = Math.min(one, await run(c, 1));
    two = Math.min(two, await run(c, 2));
  }
  const both = await sideBySide(c);
  figures.push({ name: c.name, one, two, both });
  const times = `${(one / two).toFixed(2)} x, side by side ${((2 * one) / both).toFixed(2)} x`;
  console.error(`[bench] ${c.name}: ${Math.round(one)} → ${Math.round(two)} ms, ${times}`);
}
const count = (n: number): string => n.toLocaleString('en');
writeFileSync(
  join(import.meta.dirname, 'threads.md'),
  [
    '# Two threads beside one',
    '',
    `Wall time from rows in memory (two splits) to a sink that looks at nothing, ${count(rows)} rows (the join: ${count(rows / 16)} in all), the least of ${rounds} rounds in turns.`,
    `${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.versions.node}.`,
    '',
    'Side by side: two processes of one thread each, at the same time, do twice as much; what they reach is what the machine allows.',
    '',
    '| query | one thread, ms | two, ms | times | to reach | side by side |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...figures.map(
      ({ name, one, two, both }) =>
        `| ${name} | ${Math.round(one)} | ${Math.round(two)} | ${(one / two).toFixed(2)} | 1.6 | ${((2 * one) / both).toFixed(2)} |`,
    ),
    '',
  ].join('\n'),
);

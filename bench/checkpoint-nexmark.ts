/* npm run bench -- checkpoint-nexmark: what checkpoints cost Nexmark's q5, q7 and q11: none, every 10 s, every second.
 *
 *   generator ─▶ the query ─▶ nowhere, for some seconds each, the three in turns
 *
 * Options: --seconds N a run, --rounds N, --queries q7,… --dry prints alone. The figures go to bench/checkpoint-nexmark.md. */

import './command-flags.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectors } from '#connectors';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { blackhole, queries } from './nexmark/queries.ts';
import { generatedStatements } from './nexmark/tables.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    seconds: { type: 'string', default: '25' },
    rounds: { type: 'string', default: '2' },
    queries: { type: 'string', default: 'q5,q7,q11' },
    dry: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const intervals = ['0', '10 s', '1 s'] as const;

interface Run {
  /** Events a second, the first seconds aside. */
  readonly rate: number;
  /** Of the whole process, ns an event. */
  readonly cpuNs: number;
  readonly checkpoints: number;
  readonly bytes: number;
  readonly stopMs: number;
}

async function run(name: string, interval: string): Promise<Run> {
  const stateDir = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map(connectors.map((c) => [c.name, c])),
    warn: () => {},
  });
  executor.session.settings.set('millrace.memory.budget', '16 gb');
  executor.session.settings.set('execution.checkpointing.interval', interval);
  const query = queries.find((q) => q.name === name)!;
  for (const sql of [...generatedStatements(1_000_000_000), blackhole(query)])
    await executor.execute(parseStatement(sql));
  const execution = await executor.execute(parseStatement(`INSERT INTO sink_${name} ${query.select}`), {
    name: 'job',
    inBackground: true,
    state: { stateDir, fresh: false },
  });
  const { job } = execution as { readonly job: EngineJob };
  let [checkpoints, bytes, stopMs] = [0, 0, 0];
  job.onCheckpoint((stats) => {
    checkpoints++;
    bytes += stats.bytes;
    stopMs = Math.max(stopMs, stats.stopMs);
  });
  await sleep(3000);
  const before = { rows: job.totals().rowsIn, at: performance.now(), cpu: process.cpuUsage() };
  await sleep(seconds * 1000);
  const events = job.totals().rowsIn - before.rows;
  const rate = (events / (performance.now() - before.at)) * 1000;
  const { user, system } = process.cpuUsage(before.cpu);
  await job.cancel();
  rmSync(stateDir, { recursive: true, force: true });
  return { rate, cpuNs: ((user + system) * 1000) / events, checkpoints, bytes, stopMs };
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const lines: string[] = [];
for (const name of values.queries.split(',')) {
  const runs = new Map<string, Run[]>(intervals.map((i) => [i, []]));
  for (let round = 0; round < Number(values.rounds); round++)
    for (const interval of intervals) runs.get(interval)!.push(await run(name, interval));
  const best = (interval: string): Run => runs.get(interval)!.reduce((a, b) => (b.rate > a.rate ? b : a));
  const off = best('0');
  for (const interval of intervals) {
    const { rate, cpuNs, checkpoints, bytes, stopMs } = best(interval);
    const cells = [
      name,
      interval === '0' ? 'never' : interval,
      Math.round(rate / 1000),
      interval === '0' ? '' : `${((1 - rate / off.rate) * 100).toFixed(1)} %`,
      Math.round(cpuNs),
      interval === '0' ? '' : `${((cpuNs / off.cpuNs - 1) * 100).toFixed(1)} %`,
      checkpoints,
      checkpoints === 0 ? '' : (bytes / checkpoints / 1e6).toFixed(2),
      checkpoints === 0 ? '' : stopMs.toFixed(1),
    ];
    console.error(line(cells));
    lines.push(line(cells));
  }
}
if (!values.dry)
  writeFileSync(
    join(import.meta.dirname, 'checkpoint-nexmark.md'),
    [
      '# What checkpoints cost q5, q7 and q11',
      '',
      `Nexmark's generator in the same thread, ${seconds} s a run behind 3 s of warming up, the best of ${values.rounds} rounds in turns. Checkpoints on the disk of`,
      `this machine. ${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.versions.node}.`,
      '',
      line([
        'query',
        'every',
        'K events/s',
        'cost',
        'CPU ns/event',
        'cost',
        'checkpoints',
        'MB each',
        'longest stop, ms',
      ]),
      line(['---', '---', '---:', '---:', '---:', '---:', '---:', '---:', '---:']),
      ...lines,
      '',
    ].join('\n'),
  );
process.exit(0);

/* npm run bench: Millrace and Flink on the same Kafka topic of Nexmark JSON events (lz4), in the same run, parallelism 1.
 *
 *   load     the nexmark connector writes the topic through our own Kafka sink
 *   measure  each query twice on each engine into blackhole, in processes that stay up: the first is cold, the second counts
 *   check    each query once on each engine into files, whose net rows must be equal, or its figure is void; all but q12,
 *            whose windows are those of the clock
 *
 * Wall time is from job running to job finished; CPU is our whole process against Flink's TaskManager alone.
 * Writes bench/nexmark.md. Options: --events 2000000, --queries q0,q1 (all of
 * nexmark-queries.ts), --skip-flink. */

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testServer } from '../packages/connectors/test/jdbc/server.ts';
import { digestOf, netRows } from '../tests/conformance/net-rows.ts';
import { flinkVersion, RealFlink, type FlinkSession } from '../tools/flink.ts';
import { RealKafka } from '../tools/kafka.ts';
import { fillSideInput, sideStatement } from './nexmark-needs.ts';
import { blackhole, files, linesOf, queries, type NexmarkQuery } from './nexmark-queries.ts';
import { loadStatements, tableStatements } from './nexmark-tables.ts';

interface Figure {
  readonly query: string;
  readonly turn: 'cold' | 'warm' | 'files';
  readonly wall: number;
  readonly cpu: number;
  readonly peakMb?: number;
}

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const events = Number(option('events') ?? 2_000_000);
const usual = 'q0,q1,q2,q5,q7,q8,q9,q11,q18,q19,q22,tumble';
const names = (option('queries') ?? usual).split(',');
const unknown = names.find((name) => !queries.some((q) => q.name === name));
if (unknown !== undefined) {
  console.error(`there is no query ${unknown}: ${queries.map((q) => q.name).join(', ')}`);
  process.exit(2);
}
const wanted = queries.filter((q) => names.includes(q.name));
const isCompared = (q: NexmarkQuery): boolean => q.name !== 'q12';
const checkpoints = mkdtempSync(join(tmpdir(), 'millrace-bench-checkpoints-'));
const say = (text: string): void => {
  console.error(`[bench] ${text}`);
};

/** Where both engines find what the queries read. */
interface Inputs {
  readonly bootstrapServers: string;
  /** Options of the side input, if a query asks for it. */
  readonly side: Readonly<Record<string, string>> | undefined;
}

async function ours({ bootstrapServers, side }: Inputs, folder: string): Promise<Figure[]> {
  const child = spawn(
    process.execPath,
    [
      // The compiled package, as users have it.
      '--disable-warning=ExperimentalWarning',
      'bench/nexmark-ours.ts',
      bootstrapServers,
      folder,
      side === undefined ? '-' : JSON.stringify(side),
      ...wanted.filter((q) => folder === '-' || isCompared(q)).map((q) => q.name),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.on('data', (part) => {
    text += String(part);
  });
  const code = await new Promise<number | null>((done) => {
    child.once('exit', done);
  });
  if (code !== 0) throw new Error(`our side ended with ${code}`);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Figure);
}

/** Why a job failed, as Flink has it. */
async function reason(flink: RealFlink, job: string): Promise<string> {
  const { exceptionHistory } = await flink.jobManager<{
    exceptionHistory?: { entries: readonly { stacktrace: string }[] };
  }>(`/jobs/${job}/exceptions`);
  return exceptionHistory?.entries[0]?.stacktrace ?? 'no reason is told';
}

/** Runs an INSERT to its end and returns wall seconds from running to finished, and CPU seconds of the TaskManager. */
async function onFlink(
  flink: RealFlink,
  session: FlinkSession,
  insert: string,
): Promise<{ wall: number; cpu: number }> {
  const before = flink.taskManagerCpuSeconds();
  const { job } = await session.execute(insert);
  for (;;) {
    const state = await flink.jobManager<{ state: string; timestamps: Record<string, number> }>(
      `/jobs/${job}`,
    );
    if (state.state === 'FINISHED') {
      return {
        wall: (state.timestamps['FINISHED']! - state.timestamps['RUNNING']!) / 1000,
        cpu: flink.taskManagerCpuSeconds() - before,
      };
    }
    if (state.state === 'FAILED') throw new Error(`Flink failed: ${insert}\n${await reason(flink, job!)}`);
    await sleep(50);
  }
}
async function theirs(
  flink: RealFlink,
  { bootstrapServers, side }: Inputs,
  folder: string,
): Promise<Figure[]> {
  const session = await flink.session({
    'pipeline.object-reuse': 'true',
    'execution.checkpointing.interval': '10 s',
    // In its own memory the JobManager takes no more than 5 MB.
    'execution.checkpointing.dir': `file://${checkpoints}`,
    'parallelism.default': '1',
    'table.local-time-zone': 'UTC',
  });
  for (const sql of tableStatements(bootstrapServers)) await session.execute(sql);
  if (side !== undefined) await session.execute(sideStatement(side));
  const figures: Figure[] = [];
  for (const q of wanted.filter((x) => folder === '-' || isCompared(x))) {
    const select = q.onFlink ?? q.select;
    if (folder === '-') {
      await session.execute(blackhole(q));
      for (const turn of ['cold', 'warm'] as const)
        figures.push({
          query: q.name,
          turn,
          ...(await onFlink(flink, session, `INSERT INTO sink_${q.name} ${select}`)),
        });
    } else {
      await session.execute(files(q, `file://${folder}/${q.name}`));
      figures.push({
        query: q.name,
        turn: 'files',
        ...(await onFlink(flink, session, `INSERT INTO file_${q.name} ${select}`)),
      });
    }
    say(`Flink ${q.name}: ${JSON.stringify(figures.at(-1))}`);
  }
  return figures;
}

const rate = (seconds: number): string => Math.round(events / seconds / 1000).toLocaleString('en');

function report(
  mine: readonly Figure[],
  flink: readonly Figure[],
  equal: ReadonlyMap<string, string>,
): string {
  const pick = (all: readonly Figure[], q: NexmarkQuery, turn: string): Figure | undefined =>
    all.find((f) => f.query === q.name && f.turn === turn);
  const lines = wanted.map((q) => {
    const [a, b, ac, bc] = [
      pick(mine, q, 'warm')!,
      pick(flink, q, 'warm'),
      pick(mine, q, 'cold')!,
      pick(flink, q, 'cold'),
    ];
    const against =
      b === undefined
        ? ['–', '–', '–']
        : [
            `${rate(b.wall)} / ${rate(b.cpu)}`,
            `${(b.wall / a.wall).toFixed(1)}`,
            `${(b.cpu / a.cpu).toFixed(1)}`,
          ];
    return `| ${q.name} | ${rate(a.wall)} / ${rate(a.cpu)} | ${against.join(' | ')} | ${rate(ac.wall)} / ${rate(ac.cpu)} | ${bc ? `${rate(bc.wall)} / ${rate(bc.cpu)}` : '–'} | ${equal.get(q.name) ?? 'not checked'} |`;
  });
  const peaks = mine.filter((f) => f.query === 'q0').map((f) => Math.round(f.peakMb ?? 0));
  const peak = `Peak resident memory of our process after the q0 runs: ${Math.max(...peaks)} MB.`;
  return [
    `# Nexmark from Kafka: Millrace and Flink ${flinkVersion}`,
    '',
    `${events.toLocaleString('en')} events, JSON, lz4, one partition; parallelism 1; sink blackhole; ${cpus().length} cores (${cpus()[0]!.model}), Node ${process.version}.`,
    `${new Date().toISOString().slice(0, 10)}, commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()}.`,
    '',
    "Thousands of events per second of wall time / per CPU second. Wall from job running to job finished, each engine's second run in a process",
    'that stays up; CPU of our whole process against Flink\'s TaskManager alone. "Rows equal": each query once on both engines into files, net rows compared.',
    '',
    '| query | Millrace warm | Flink warm | ratio wall | ratio CPU | Millrace cold | Flink cold | rows equal |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
    ...(peaks.length > 0 ? [peak, ''] : []),
  ].join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
say('compiling …');
execFileSync(process.execPath, ['--conditions=millrace-source', 'tools/build.ts'], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
say('starting Kafka …');
const kafka = await RealKafka.start();
const postgres = wanted.some((q) => q.needs === 'side_input') ? await testServer() : undefined;
let flink: RealFlink | undefined;
try {
  say(`loading ${events.toLocaleString('en')} events …`);
  execFileSync(
    process.execPath,
    [
      'apps/cli/bin/millrace.js',
      'sql',
      '--set',
      'table.dml-sync=true',
      '-e',
      loadStatements(kafka.bootstrapServers, events).join(';'),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const inputs: Inputs = {
    bootstrapServers: kafka.bootstrapServers,
    side: postgres && (await fillSideInput(postgres)),
  };
  say('Millrace …');
  const mine = await ours(inputs, '-');
  for (const f of mine) say(JSON.stringify(f));
  let others: Figure[] = [];
  const equal = new Map<string, string>();
  if (!process.argv.includes('--skip-flink')) {
    say('Flink …');
    flink = await RealFlink.start({ heapMb: 1536 });
    others = await theirs(flink, inputs, '-');
    say('rows of both into files …');
    await ours(inputs, join(folder, 'ours'));
    await theirs(flink, inputs, join(folder, 'flink'));
    for (const q of wanted.filter(isCompared)) {
      const a = digestOf(await netRows(join(folder, 'ours', q.name), linesOf(q, false)));
      const b = digestOf(await netRows(join(folder, 'flink', q.name), linesOf(q, true)));
      equal.set(
        q.name,
        a.sha256 === b.sha256
          ? `yes, ${a.rows.toLocaleString('en')}`
          : `NO: ${a.rows} and ${b.rows}; the figure is void`,
      );
    }
  }
  const text = report(mine, others, equal);
  console.log(text);
  if (!process.argv.includes('--dry')) writeFileSync('bench/nexmark.md', text);
} finally {
  await flink?.close();
  await kafka.close();
  await postgres?.stop();
  for (const dir of [folder, checkpoints]) rmSync(dir, { recursive: true, force: true });
}

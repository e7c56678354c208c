/* npm run bench: Millrace and Flink on the same Kafka topic of Nexmark JSON events (lz4), in the same run, parallelism 1.
 *
 *   load     the nexmark connector writes two topics through our own Kafka sink, one of them small
 *   check    each query once on each engine over the small one into files, whose net rows must be equal, or its figure is
 *            void; all but q12, whose windows are those of the clock
 *   measure  each query in rounds, ours and Flink's in turn, into blackhole, in processes that stay up
 *
 * Writes bench/nexmark.md, keeping what stands below its line of next steps. Options: --events 2000000, --queries q0,q1 (all
 * of nexmark/queries.ts), --rounds 4 (the first is cold), --skip-flink, --dry. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { testServer } from '../packages/connectors/test/jdbc/server.ts';
import { digestOf, netRows } from '../tests/conformance/net-rows.ts';
import { flinkVersion, RealFlink } from '../tools/flink.ts';
import { RealKafka } from '../tools/kafka.ts';
import type { NexmarkEngine, NexmarkInputs, RunCost } from './nexmark/engine.ts';
import { FlinkNexmark } from './nexmark/flink.ts';
import { fillSideInput } from './nexmark/needs.ts';
import { OurNexmark } from './nexmark/ours.ts';
import { linesOf, queries, type NexmarkQuery } from './nexmark/queries.ts';
import { nexmarkReport, type QueryFigures } from './nexmark/report.ts';
import { loadStatements } from './nexmark/tables.ts';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const events = Number(option('events') ?? 2_000_000);
const checkedEvents = Math.min(events, 200_000);
const rounds = Number(option('rounds') ?? 4);
const names = option('queries')?.split(',') ?? queries.map((q) => q.name);
const unknown = names.find((name) => !queries.some((q) => q.name === name));
if (unknown !== undefined) {
  console.error(`there is no query ${unknown}: ${queries.map((q) => q.name).join(', ')}`);
  process.exit(2);
}
const wanted = queries.filter((q) => names.includes(q.name));
const page = 'bench/nexmark.md';
/** Below it stands what a person wrote. */
const stepsLine = '## Where the time goes, and the next steps';

const report = (text: string): void => {
  console.error(`[bench] ${text}`);
};
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));

/** Whether the net rows of a query's files are the same on both engines. */
async function compared(q: NexmarkQuery, ours: NexmarkEngine, flinks: NexmarkEngine): Promise<string> {
  if (q.name === 'q12') return "not compared: the clock's windows";
  const at = { ours: join(folder, 'ours', q.name), flinks: join(folder, 'flink', q.name) };
  await ours.run(q, at.ours);
  await flinks.run(q, at.flinks);
  const a = digestOf(await netRows(at.ours, linesOf(q, false)));
  const b = digestOf(await netRows(at.flinks, linesOf(q, true)));
  return a.sha256 === b.sha256
    ? `yes, ${a.rows.toLocaleString('en')}`
    : `NO: ${a.rows} and ${b.rows}; the figure is void`;
}

report('starting Kafka …');
const kafka = await RealKafka.start();
const postgres = wanted.some((q) => q.needs === 'side_input') ? await testServer() : undefined;
const flink = process.argv.includes('--skip-flink') ? undefined : await RealFlink.start({ heapMb: 2048 });
try {
  const side = postgres && (await fillSideInput(postgres));
  const inputs = (topic: string): NexmarkInputs => ({
    bootstrapServers: kafka.bootstrapServers,
    topic,
    side,
  });
  const checkpoints = join(folder, 'checkpoints');
  const engines = async (of: NexmarkInputs): Promise<[NexmarkEngine, NexmarkEngine | undefined]> => [
    await OurNexmark.start(of),
    flink && (await FlinkNexmark.open(flink, of, checkpoints)),
  ];
  for (const [topic, count] of [['checked', checkedEvents] as const, ['nexmark', events] as const]) {
    report(`loading ${count.toLocaleString('en')} events …`);
    const load = loadStatements(inputs(topic), count).join(';');
    const args = ['apps/cli/bin/millrace.js', 'sql', '--set', 'table.dml-sync=true', '-e', load];
    execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  const rows = new Map<string, string>();
  const [oursChecked, flinkChecked] = await engines(inputs('checked'));
  for (const q of flinkChecked === undefined ? [] : wanted) {
    rows.set(q.name, await compared(q, oursChecked, flinkChecked!));
    report(`${q.name}: rows equal: ${rows.get(q.name)}`);
  }
  await oursChecked.close();
  await flinkChecked?.close();

  const [ours, flinks] = await engines(inputs('nexmark'));
  const figures: QueryFigures[] = [];
  for (const q of wanted) {
    const taken = { ours: [] as RunCost[], flinks: [] as RunCost[] };
    for (let round = 0; round < rounds; round++) {
      taken.ours.push(await ours.run(q));
      if (flinks !== undefined) taken.flinks.push(await flinks.run(q));
      report(`${q.name} round ${round}: ${JSON.stringify([taken.ours.at(-1), taken.flinks.at(-1)])}`);
    }
    figures.push({ query: q.name, ...taken, rows: rows.get(q.name) ?? 'not compared' });
  }
  const peakMb = Math.max(...figures.flatMap((f) => f.ours.map((r) => r.peakMb ?? 0)));
  await ours.close();
  await flinks?.close();

  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const text = [
    `# Nexmark from Kafka: Millrace and Flink ${flinkVersion}`,
    '',
    `${events.toLocaleString('en')} events, JSON, lz4, one partition; parallelism 1; sink blackhole; ${cpus().length} cores (${cpus()[0]!.model}), Node ${process.version}.`,
    `${new Date().toISOString().slice(0, 10)}, commit ${commit}. ${rounds - 1} warm rounds.`,
    '',
    nexmarkReport(figures, events),
    `Peak resident memory of our process over all runs: ${Math.round(peakMb)} MB.`,
    '',
  ].join('\n');
  console.log(text);
  if (!process.argv.includes('--dry')) {
    const [, steps] = readFileSync(page, 'utf8').split(stepsLine);
    writeFileSync(page, steps === undefined ? text : `${text}\n${stepsLine}${steps}`);
  }
} finally {
  await flink?.close();
  await kafka.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}

/* Millrace's side of the Nexmark benchmark: a process that stays up and runs the query of each message it gets. Its argument
 * are the inputs as JSON. */

import '../command-flags.ts';
import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import type { NexmarkInputs, RunCost } from './engine.ts';
import { countCharStatement, nexmarkModule, sideStatement } from './needs.ts';
import { blackhole, files, queries } from './queries.ts';
import { tableStatements } from './tables.ts';

const inputs = JSON.parse(process.argv[2]!) as NexmarkInputs;
const executor = new Executor({
  world: realWorld(),
  connectors: new Map(connectors.map((c) => [c.name, c])),
  warn: () => {},
  loadModule: nexmarkModule,
});
// As much as Flink's heap: q23 keeps all that it read.
executor.session.settings.set('millrace.memory.budget', '2 gb');
const made = [...tableStatements(inputs), countCharStatement];
if (inputs.side !== undefined) made.push(sideStatement(inputs.side));
for (const sql of made) await executor.execute(parseStatement(sql));

const sinks = new Set<string>();
async function run(name: string, folder: string | undefined): Promise<RunCost> {
  const query = queries.find((q) => q.name === name)!;
  const sink = folder === undefined ? `sink_${name}` : `file_${name}`;
  if (!sinks.has(sink)) {
    const create = folder === undefined ? blackhole(query) : files(query, folder);
    await executor.execute(parseStatement(create));
    sinks.add(sink);
  }
  const execution = await executor.execute(parseStatement(`INSERT INTO ${sink} ${query.select}`));
  if (execution.kind !== 'job') throw new Error('an INSERT is a job');
  const started = performance.now();
  const before = process.cpuUsage();
  await execution.job.done;
  const { user, system } = process.cpuUsage(before);
  return {
    wall: (performance.now() - started) / 1000,
    cpu: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
}

process.on('message', (asked: { query: string; folder?: string }) => {
  void run(asked.query, asked.folder).then(
    (cost) => process.send!(cost),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send!('ready');

/* Millrace's side of the benchmark: one process that stays up, each query twice, a line of JSON a run.
 * Arguments: bootstrap servers, folder for files (or '-'), options of the side input as JSON (or '-'), names of queries. */

import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { countCharStatement, nexmarkModule, sideStatement } from './nexmark-needs.ts';
import { blackhole, files, queries } from './nexmark-queries.ts';
import { tableStatements } from './nexmark-tables.ts';

const [bootstrapServers, folder, side, ...names] = process.argv.slice(2);
const executor = new Executor({
  world: realWorld(),
  connectors: new Map(connectors.map((c) => [c.name, c])),
  warn: () => {},
  loadModule: nexmarkModule,
});
const made = [...tableStatements(bootstrapServers!), countCharStatement];
if (side !== '-') made.push(sideStatement(JSON.parse(side!) as Record<string, string>));
for (const sql of made) await executor.execute(parseStatement(sql));

async function run(insert: string): Promise<{ wall: number; cpu: number; rows: number }> {
  const execution = await executor.execute(parseStatement(insert));
  if (execution.kind !== 'job') throw new Error('an INSERT is a job');
  const started = performance.now();
  const before = process.cpuUsage();
  await execution.job.done;
  const { user, system } = process.cpuUsage(before);
  return {
    wall: (performance.now() - started) / 1000,
    cpu: (user + system) / 1e6,
    rows: execution.job.totals().rowsIn,
  };
}

for (const q of queries.filter((x) => names.includes(x.name))) {
  if (folder === '-') {
    await executor.execute(parseStatement(blackhole(q)));
    for (const turn of ['cold', 'warm'] as const) {
      const figures = await run(`INSERT INTO sink_${q.name} ${q.select}`);
      console.log(
        JSON.stringify({ query: q.name, turn, ...figures, peakMb: process.resourceUsage().maxRSS / 1024 }),
      );
    }
  } else {
    await executor.execute(parseStatement(files(q, `${folder}/${q.name}`)));
    console.log(
      JSON.stringify({
        query: q.name,
        turn: 'files',
        ...(await run(`INSERT INTO file_${q.name} ${q.select}`)),
      }),
    );
  }
}
process.exit(0);

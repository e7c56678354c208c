/* One query of the growth benchmark: what it took and holds after so many events, a line of JSON each. Arguments: query, then
 * numbers of events in ascending order. */

import '../command-flags.ts';
import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { blackhole, queries } from './queries.ts';
import { generatedStatements } from './tables.ts';

const [name, ...counts] = process.argv.slice(2);
const marks = counts.map(Number);
const events = marks.at(-1)!;
const executor = new Executor({
  world: realWorld(),
  connectors: new Map(connectors.map((c) => [c.name, c])),
  warn: () => {},
});
executor.session.settings.set('millrace.memory.budget', '20 gb');
const query = queries.find((q) => q.name === name)!;
for (const sql of [...generatedStatements(events), blackhole(query)])
  await executor.execute(parseStatement(sql));

const execution = await executor.execute(parseStatement(`INSERT INTO sink_${name} ${query.select}`), {
  inBackground: true,
});
if (execution.kind !== 'job') throw new Error('an INSERT is a job');
const { job } = execution;
const before = process.cpuUsage();
let at = 0;
/** What it held when it was last looked at: behind its end it holds nothing. */
let held = 0;
const look = (): void => {
  held = job.totals().heldBytes;
  // The source's batches are some thousand rows, a mark is millions.
  if (at === marks.length || job.totals().rowsIn < marks[at]!) return;
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ events: job.totals().rowsIn, cpu: (user + system) / 1e6, heldBytes: held }));
  at++;
};
const timer = setInterval(look, 20);
await job.done;
clearInterval(timer);
if (at < marks.length) {
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ events: job.totals().rowsIn, cpu: (user + system) / 1e6, heldBytes: held }));
}
process.exit(0);

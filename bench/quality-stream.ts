/* What ten row checks cost a query that only passes rows on: bids as JSON lines from the page cache into blackhole, without a suite and
 * with one, in turns. CPU time an event, the least of the rounds.
 *
 *   npm run bench -- quality-stream [--rows 2000000] [--rounds 6] */

import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { streamChecksFrom } from '#contracts';
import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '2000000' }, rounds: { type: 'string', default: '6' } },
});
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
const file = join(import.meta.dirname, '..', '.cache', `bench-bids-${rows}.jsonl`);
const channels = ['Google', 'Facebook', 'Baidu', 'Apple'];

const line = (type: string, kwargs: Record<string, unknown>) => ({ type: `expect_column_${type}`, kwargs });
const suite = {
  name: 'bids',
  expectations: [
    ...['auction', 'bidder', 'price', 'dateTime'].map((column) => line('values_to_not_be_null', { column })),
    ...['auction', 'bidder', 'price'].map((column) =>
      line('values_to_be_between', { column, min_value: 0, max_value: 1e12 }),
    ),
    line('values_to_be_in_set', { column: 'channel', value_set: channels }),
    line('value_lengths_to_be_between', { column: 'channel', min_value: 1, max_value: 20 }),
    line('value_lengths_to_be_between', { column: 'extra', min_value: 1, max_value: 200 }),
  ],
};

if (!existsSync(file)) {
  mkdirSync(join(import.meta.dirname, '..', '.cache'), { recursive: true });
  const bid = (i: number): string =>
    `{"auction":${1000 + ((i * 7919) % 100_000)},"bidder":${(i * 104_729) % 50_000},"price":${1 + ((i * 31) % 10_000_000)},"channel":"${channels[i % 4]}","url":"https://www.nexmark.com/item.htm?query=${i % 1000}","dateTime":"2024-01-01 00:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}.000","extra":"${'x'.repeat(60 + (i % 20))}"}\n`;
  writeFileSync(file, '');
  for (let from = 0; from < rows; from += 100_000)
    appendFileSync(
      file,
      Array.from({ length: Math.min(100_000, rows - from) }, (_, i) => bid(from + i)).join(''),
    );
}

async function cpuSeconds(checked: boolean): Promise<number> {
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map(connectors.map((c) => [c.name, c])),
    loadChecks: streamChecksFrom(async () => JSON.stringify(suite)),
  });
  const columns =
    'auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, `dateTime` TIMESTAMP(3), extra STRING';
  const option = checked ? `, 'millrace.suite' = 'bids.json'` : '';
  await executor.execute(
    parseStatement(
      `CREATE TABLE bid (${columns}) WITH ('connector' = 'filesystem', 'path' = '${file}', 'format' = 'json'${option})`,
    ),
  );
  await executor.execute(parseStatement(`CREATE TABLE sink (${columns}) WITH ('connector' = 'blackhole')`));
  const before = process.cpuUsage();
  const execution = await executor.execute(parseStatement('INSERT INTO sink SELECT * FROM bid'));
  if (execution.kind !== 'job') throw new TypeError('an INSERT is a job');
  await execution.job.done;
  const { user, system } = process.cpuUsage(before);
  const found = execution.job.checks();
  if (checked !== (found.length === 10) || found.some((c) => c.evaluated !== rows || c.unexpected > 0))
    throw new Error('the suite was not held against all rows');
  return (user + system) / 1e6;
}

const least = { without: Infinity, checked: Infinity };
for (let round = 0; round < rounds; round++) {
  const [without, checked] = [await cpuSeconds(false), await cpuSeconds(true)];
  // The first round compiles.
  if (round === 0) continue;
  least.without = Math.min(least.without, without);
  least.checked = Math.min(least.checked, checked);
}
const ns = (seconds: number): string => ((seconds / rows) * 1e9).toFixed(0);
console.log(
  `without ${ns(least.without)} ns an event, ten checks ${ns(least.checked)} ns: throughput ${(100 * (1 - least.without / least.checked)).toFixed(1)} % less`,
);

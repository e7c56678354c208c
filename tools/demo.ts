/* npm run demo: a million events of a web shop over Kafka through demo/shop.sql into a real PostgreSQL, with live figures;
 * then what stands in the tables, what was late or malformed, and what to try next. Kafka and PostgreSQL are embedded;
 * --kafka HOST:PORT takes that Kafka instead, and fills its topic `shop-events` unless it holds the events already. */

import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { connectors } from '#connectors';
import { renderError, toMillraceError } from '#base';
import { Executor, type Change, type EngineJob } from '#engine';
import type { Field } from '#data';
import { realWorld } from '#host';
import { parseScript, parseStatement } from '#sql';
import { resultWriter } from '../apps/cli/src/results/formats.ts';
import { usePostgres } from '../packages/connectors/src/jdbc/embedded/service.ts';
import { Broker } from '../apps/library/src/broker.ts';
import { StatusBoard } from '../apps/cli/src/status.ts';

const started = performance.now();
const read = (name: string): string => readFileSync(new URL(`../demo/${name}`, import.meta.url), 'utf8');
const text = read('shop.sql');
const at = process.argv.indexOf('--kafka');
const broker = at < 0 ? await Broker.start() : undefined;
const kafka = broker?.bootstrapServers ?? process.argv[at + 1]!;
process.env['SHOP_KAFKA'] = kafka;
const say = (line = ''): void => {
  console.log(line);
};
const bold = (t: string): string => (process.stdout.isTTY ? `\u001b[1m${t}\u001b[0m` : t);

function executor(): Executor {
  return new Executor({
    world: realWorld(),
    connectors: new Map(connectors.map((c) => [c.name, c])),
    warn: (m) => {
      console.error(`warning: ${m}`);
    },
  });
}

/** Brings the events to Kafka, unless an earlier run did. */
async function fillTopic(): Promise<void> {
  const engine = executor();
  const [shop, topic, insert] = parseScript(read('shop-events.sql')).map((s) => s.statement);
  await engine.execute(shop!);
  await engine.execute(topic!);
  if ((await eventsThere(engine)) >= 1_000_000)
    return say(`The events stand in the topic shop-events at ${kafka}.`);
  say(`Filling the topic shop-events at ${kafka} …`);
  const execution = await engine.execute(insert!);
  if (execution.kind === 'job') await execution.job.done;
}
async function eventsThere(engine: Executor): Promise<number> {
  if (broker !== undefined) return 0;
  const hint =
    "/*+ OPTIONS('scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset') */";
  try {
    const { changes } = await ask(engine, `SELECT COUNT(*) FROM topic ${hint}`);
    return Number(changes.at(-1)?.row[0] ?? 0);
  } catch {
    return 0; // the topic is not there yet
  }
}

async function runPipeline(engine: Executor): Promise<EngineJob> {
  const board = new StatusBoard(engine.world, process.stderr.isTTY === true);
  let job: EngineJob | undefined;
  for (const { statement } of parseScript(text)) {
    const execution = await engine.execute(statement, { name: 'shop' });
    if (execution.kind === 'job') job = execution.job;
  }
  board.add(job!);
  try {
    await job!.done;
  } finally {
    board.close();
  }
  return job!;
}

/** All changes of a query that ends, and what its columns are. */
async function ask(
  engine: Executor,
  sql: string,
): Promise<{ readonly changes: Change[]; readonly fields: readonly Field[] }> {
  const execution = await engine.execute(parseStatement(sql));
  const changes: Change[] = [];
  if (execution.kind !== 'query') return { changes, fields: [] };
  for (let part = await execution.changes.next(); part !== undefined; part = await execution.changes.next())
    changes.push(...part);
  await execution.job.done;
  return { changes, fields: execution.fields };
}
/** A query over what stands in PostgreSQL now. */
async function show(engine: Executor, title: string, sql: string): Promise<void> {
  const { changes, fields } = await ask(engine, sql);
  say(`\n${bold(title)}`);
  const table = resultWriter('table', { fields, kinds: false, zone: 'UTC' });
  say((table.take(changes) + table.end()).trimEnd());
}

try {
  say(
    bold(
      'A web shop: 1,000,000 click and order events on Kafka → cleaned orders and five-minute revenue per user → PostgreSQL',
    ),
  );
  say(
    'The pipeline is demo/shop.sql. Kafka and PostgreSQL run embedded; --kafka HOST:PORT takes one of yours.\n',
  );
  await fillTopic();
  const engine = executor();
  await clean(engine);
  const job = await runPipeline(engine);
  const totals = job.totals();
  const seconds = (performance.now() - started) / 1000;
  say(
    `${totals.rowsIn.toLocaleString('en')} events in, ${totals.rowsOut.toLocaleString('en')} rows written, ${seconds.toFixed(1)} s in all (${job.name}, ${job.state})`,
  );
  engine.session.settings.set('execution.runtime-mode', 'batch');
  await show(
    engine,
    'Read back from PostgreSQL: orders',
    'SELECT id, `user`, product, quantity, amount, at FROM orders ORDER BY at, id LIMIT 5',
  );
  await show(
    engine,
    'Read back from PostgreSQL: the best five minutes',
    'SELECT window_start, `user`, orders, amount FROM revenue ORDER BY amount DESC LIMIT 5',
  );
  await show(
    engine,
    'Both tables',
    "SELECT 'orders' AS t, COUNT(*) AS n FROM orders UNION ALL SELECT 'revenue', COUNT(*) FROM revenue",
  );
  say(
    `\n${totals.late.toLocaleString('en')} order events were late: their window had closed. They stand in orders, and are not in revenue; a larger delay in WATERMARK FOR keeps more.`,
  );
  say(
    `${(totals.counters['numRecordsInErrors'] ?? 0).toLocaleString('en')} lines were malformed: skipped and counted, because the table says 'json.ignore-parse-errors'. Without it the first one stops the job and shows its place and bytes.`,
  );
  say(`\n${bold('Next')}`);
  say(
    '  npx millrace explain demo/shop.sql          the plan: one scan for both sinks, kinds of change, keys',
  );
  say('  npx millrace sql -e "SELECT 1 AS hello"      or without -e: a shell');
  say('  npx millrace test tests/slt/windows          pipelines are tested with SQL in, changes out');
  process.exit(0);
} catch (thrown) {
  console.error(renderError(toMillraceError(thrown), { text, name: 'demo/shop.sql' }));
  process.exit(3);
}

/** A second run begins with empty tables. */
async function clean(engine: Executor): Promise<void> {
  const client = new Client(await usePostgres(engine.world));
  await client.connect();
  await client.query('DROP TABLE IF EXISTS orders, revenue_per_user');
  await client.end();
}

/* npm run demo: a million events of a web shop through demo/shop.sql into a real PostgreSQL, with live figures; then what
 * stands in the tables, what was late or malformed, and what to try next. With --kafka HOST:PORT the events go through
 * that Kafka's topic `shop-events` first. */

import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { connectors } from '#connectors';
import { renderError, toMillraceError } from '#base';
import { Executor, type Change, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { parseScript, parseStatement } from '#sql';
import { resultTable } from '../apps/cli/src/result-text.ts';
import { usePostgres } from '../packages/connectors/src/jdbc/embedded/service.ts';
import { StatusBoard } from '../apps/cli/src/status.ts';

const started = performance.now();
const text = readFileSync(new URL('../demo/shop.sql', import.meta.url), 'utf8');
const at = process.argv.indexOf('--kafka');
const kafka = at < 0 ? undefined : process.argv[at + 1];
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

/** The events table reads from the named Kafka instead; everything else stays as it is. */
function onKafka(sql: string): string {
  return sql.replace(
    /'connector' = 'demo-events'[^)]*'format'/,
    `'connector' = 'kafka', 'topic' = 'shop-events', 'properties.bootstrap.servers' = '${kafka}', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format'`,
  );
}
async function fillTopic(): Promise<void> {
  const generator = /'connector' = 'demo-events'[^)]*?(?=,\s*'format')/.exec(text)![0];
  const engine = executor();
  await engine.execute(parseStatement(`CREATE TABLE lines (line STRING) WITH (${generator})`));
  await engine.execute(
    parseStatement(
      `CREATE TABLE topic (line STRING) WITH ('connector' = 'kafka', 'topic' = 'shop-events', 'properties.bootstrap.servers' = '${kafka}', 'format' = 'raw')`,
    ),
  );
  say(`Filling the topic shop-events at ${kafka} …`);
  const execution = await engine.execute(parseStatement('INSERT INTO topic SELECT line FROM lines'));
  if (execution.kind === 'job') await execution.job.done;
}

async function runPipeline(engine: Executor): Promise<EngineJob> {
  const board = new StatusBoard(engine.world, process.stderr.isTTY === true);
  let job: EngineJob | undefined;
  for (const { statement } of parseScript(kafka === undefined ? text : onKafka(text))) {
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

/** A query over what stands in PostgreSQL now. */
async function show(engine: Executor, title: string, sql: string): Promise<void> {
  const execution = await engine.execute(parseStatement(sql));
  if (execution.kind !== 'query') return;
  const rows: Change[] = [];
  for (let part = await execution.changes.next(); part !== undefined; part = await execution.changes.next())
    rows.push(...part);
  say(`\n${bold(title)}`);
  say(resultTable(rows, execution.fields, false));
}

try {
  say(
    bold(
      'A web shop: 1,000,000 click and order events → cleaned orders and five-minute revenue per user → PostgreSQL',
    ),
  );
  say('The pipeline is demo/shop.sql, as it would stand on a Kafka of yours.\n');
  if (kafka !== undefined) await fillTopic();
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

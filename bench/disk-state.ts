/* npm run bench -- disk-state: a running count of more keys than fit into memory, beside the same in memory.
 *
 *   each key once (the load) ─▶ keys by chance, uniform or by Zipf (the updates) ─▶ GROUP BY ─▶ a sink that looks at nothing
 *
 * Options: --keys N, --rows N (updates), --budget SIZE. */

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { parseStatement, type Statement } from '#sql';
import { keysConnector, type Chance } from './disk-state/keys-connector.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    keys: { type: 'string', default: '20000000' },
    rows: { type: 'string', default: '4000000' },
    budget: { type: 'string', default: '256 mb' },
  },
});
const keys = Number(values.keys);
const rows = Number(values.rows);

interface Figures {
  readonly backend: string;
  readonly chance: Chance;
  /** Rows a second. */
  readonly load: number;
  readonly updates: number;
  /** Bytes that the job held at the end by its own count, and of the process. */
  readonly held: number;
  readonly process: number;
}

async function run(backend: string, chance: Chance): Promise<Figures> {
  let loadedAt = 0;
  const connector = keysConnector({
    keys,
    rows,
    chance,
    loaded: () => {
      loadedAt = performance.now();
    },
  });
  const executor = new Executor({ world: realWorld(), connectors: new Map([['keys', connector]]) });
  const { settings } = executor.session;
  settings.set('state.backend.type', backend);
  settings.set('millrace.memory.budget', backend === 'rocksdb' ? values.budget : '12 gb');
  for (const table of ['e (k STRING)', 's (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED)'])
    executor.createTable(
      parseStatement(`CREATE TABLE ${table} WITH ('connector' = 'keys')`) as Extract<
        Statement,
        { kind: 'create-table' }
      >,
    );
  const statement = parseStatement('INSERT INTO s SELECT k, COUNT(*) FROM e GROUP BY k');
  const execution = await executor.execute(statement, { inBackground: true });
  const { job } = execution as { readonly job: EngineJob };
  const from = performance.now();
  let [held, resident] = [0, 0];
  const look = setInterval(() => {
    held = Math.max(held, job.totals().heldBytes);
    resident = Math.max(resident, process.memoryUsage().rss);
  }, 200);
  await job.done;
  clearInterval(look);
  const end = performance.now();
  const figures: Figures = {
    backend,
    chance,
    load: (keys / (loadedAt - from)) * 1000,
    updates: (rows / (end - loadedAt)) * 1000,
    held,
    process: resident,
  };
  console.error(`[bench] ${JSON.stringify(figures)}`);
  return figures;
}

const all: Figures[] = [];
for (const chance of ['uniform', 'zipf'] satisfies Chance[])
  for (const backend of ['hashmap', 'rocksdb']) all.push(await run(backend, chance));

const count = (n: number): string => Math.round(n).toLocaleString('en');
const mb = (n: number): string => Math.round(n / 2 ** 20).toLocaleString('en');
writeFileSync(
  join(import.meta.dirname, 'disk-state.md'),
  [
    '# State larger than memory',
    '',
    `A running COUNT of ${count(keys)} keys of 36 bytes in one thread: each key once, then ${count(rows)} rows by chance. 'rocksdb' with a budget of ${values.budget}, 'hashmap' with as much as it takes. No checkpoints. The process holds the pages of LMDB's file that the system has mapped for it.`,
    `${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.versions.node}.`,
    '',
    '| keys by chance | state.backend.type | load, rows/s | updates, rows/s | state, MB | process, MB |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...all.map(
      (f) =>
        `| ${f.chance} | ${f.backend} | ${count(f.load)} | ${count(f.updates)} | ${mb(f.held)} | ${mb(f.process)} |`,
    ),
    '',
  ].join('\n'),
);

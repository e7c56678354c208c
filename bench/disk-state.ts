/* npm run bench -- disk-state: a running count of more keys than fit into memory, and one in windows, beside the same in memory.
 *
 *   each key once (the load) ─▶ keys by chance, uniform or by Zipf (the updates) ─▶ GROUP BY ─▶ a sink that looks at nothing
 *   the same, with times, all in one window of TUMBLE; or of HOP, in two ─▶ the window goes out at the end
 *
 * Options: --keys N, --rows N (updates), --budget SIZE; --windowed N (keys of a window), --windows TUMBLE,
 * --no-group. */

import './command-flags.ts';
import { readFileSync, writeFileSync } from 'node:fs';
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
    windowed: { type: 'string', default: '5000000' },
    group: { type: 'boolean', default: true },
    windows: { type: 'string', default: 'TUMBLE,HOP' },
  },
  allowNegative: true,
});
const keys = Number(values.keys);
const rows = Number(values.rows);

interface Case {
  readonly backend: string;
  readonly chance: Chance;
  /** In whose windows; undefined: in none. */
  readonly window?: 'TUMBLE' | 'HOP';
}
interface Figures extends Case {
  /** Rows a second: of the load, of the updates, and of all until the last window is out. */
  readonly load: number;
  readonly updates: number;
  readonly all: number;
  /** Seconds of all threads. */
  readonly cpu: number;
  /** Bytes that the job held at the end by its own count, and of the process. */
  readonly held: number;
  readonly process: number;
}

/** The statement, and the tables that it reads and writes. */
function statements(
  { window }: Case,
  all: number,
): { readonly tables: readonly string[]; readonly insert: string } {
  if (window === undefined)
    return {
      tables: ['e (k STRING)', 's (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED)'],
      insert: 'INSERT INTO s SELECT k, COUNT(*) FROM e GROUP BY k',
    };
  // A window holds all rows, which come a millisecond apart, and ends behind them; that of HOP in two slices.
  const half = Math.ceil(all / 2000) + 1;
  const times = [...(window === 'HOP' ? [half] : []), half * 2].map((n) => `INTERVAL '${n}' SECOND(9)`);
  return {
    tables: [
      'e (k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)',
      's (w TIMESTAMP(3), k STRING, n BIGINT)',
    ],
    insert: `INSERT INTO s SELECT window_start, k, COUNT(*) FROM TABLE(${window}(TABLE e, DESCRIPTOR(ts), ${times.join(', ')})) GROUP BY window_start, window_end, k`,
  };
}

async function run(what: Case): Promise<Figures> {
  const { backend, chance, window } = what;
  const count = window === undefined ? keys : Number(values.windowed);
  const updates = window === undefined ? rows : count / 5;
  let loadedAt = 0;
  const connector = keysConnector({
    keys: count,
    rows: updates,
    chance,
    timed: window !== undefined,
    loaded: () => {
      loadedAt = performance.now();
    },
  });
  const executor = new Executor({ world: realWorld(), connectors: new Map([['keys', connector]]) });
  const { settings } = executor.session;
  settings.set('state.backend.type', backend);
  settings.set('millrace.memory.budget', backend === 'rocksdb' ? values.budget : '12 gb');
  const { tables, insert } = statements(what, count + updates);
  for (const table of tables)
    executor.createTable(
      parseStatement(`CREATE TABLE ${table} WITH ('connector' = 'keys')`) as Extract<
        Statement,
        { kind: 'create-table' }
      >,
    );
  const cpu = process.cpuUsage();
  const from = performance.now();
  const execution = await executor.execute(parseStatement(insert), { inBackground: true });
  const { job } = execution as { readonly job: EngineJob };
  let [held, resident] = [0, 0];
  const look = setInterval(() => {
    held = Math.max(held, job.totals().heldBytes);
    resident = Math.max(resident, process.memoryUsage().rss);
  }, 200);
  await job.done;
  clearInterval(look);
  const end = performance.now();
  const used = process.cpuUsage(cpu);
  const figures: Figures = {
    ...what,
    load: (count / (loadedAt - from)) * 1000,
    updates: (updates / (end - loadedAt)) * 1000,
    all: ((count + updates) / (end - from)) * 1000,
    cpu: (used.user + used.system) / 1e6,
    held,
    process: resident,
  };
  console.error(`[bench] ${JSON.stringify(figures)}`);
  return figures;
}

const all: Figures[] = [];
for (const chance of ['uniform', 'zipf'] satisfies Chance[])
  for (const backend of ['hashmap', 'rocksdb']) if (values.group) all.push(await run({ backend, chance }));
const windowed: Figures[] = [];
for (const window of (['TUMBLE', 'HOP'] as const).filter((w) => values.windows.split(',').includes(w)))
  for (const backend of ['hashmap', 'rocksdb'])
    windowed.push(await run({ backend, chance: 'uniform', window }));

const count = (n: number): string => Math.round(n).toLocaleString('en');
const mb = (n: number): string => Math.round(n / 2 ** 20).toLocaleString('en');
const file = join(import.meta.dirname, 'disk-state.md');
const machine = `${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.versions.node}.`;
const grouped = [
  '# State larger than memory',
  '',
  `A running COUNT of ${count(keys)} keys of 36 bytes in one thread: each key once, then ${count(rows)} rows by chance. 'rocksdb' with a budget of ${values.budget}, 'hashmap' with as much as it takes. No checkpoints. The process holds the pages of LMDB's file that the system has mapped for it.`,
  machine,
  '',
  '| keys by chance | state.backend.type | load, rows/s | updates, rows/s | state, MB | process, MB |',
  '| --- | --- | ---: | ---: | ---: | ---: |',
  ...all.map(
    (f) =>
      `| ${f.chance} | ${f.backend} | ${count(f.load)} | ${count(f.updates)} | ${mb(f.held)} | ${mb(f.process)} |`,
  ),
  '',
].join('\n');
const windows = [
  '## Windows',
  '',
  `COUNT of keys of 36 bytes in one window of TUMBLE, or of HOP, of two slices: each key once, then a fifth as many rows by chance, then the windows go out. 'rocksdb' with a budget of ${values.budget} here. CPU: seconds of all threads, LMDB's among them.`,
  machine,
  '',
  '| window | keys | state.backend.type | CPU, s | rows/s | state, MB | process, MB |',
  '| --- | ---: | --- | ---: | ---: | ---: | ---: |',
  ...windowed.map(
    (f) =>
      `| ${f.window} | ${count(Number(values.windowed))} | ${f.backend} | ${f.cpu.toFixed(1)} | ${count(f.all)} | ${mb(f.held)} | ${mb(f.process)} |`,
  ),
  '',
].join('\n');
// What was not asked stays as it was.
const [before = '', windowsBefore = ''] = readFileSync(file, 'utf8').split('## Windows');
const first = values.group ? grouped : `${before.trim()}\n`;
const second = windowed.length > 0 ? windows : `## Windows${windowsBefore}`;
writeFileSync(file, `${first}\n${second}`);

/* How long a suite takes on 10 million rows of Parquet, in CPU seconds, and how much memory: ours, DuckDB by hand (the same
 * counts in one statement that somebody wrote for it), Great Expectations over pandas. Each in a process of its own.
 *
 *   npm run bench -- quality [--rows N] [--without-judge] */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openFile, validateTable } from '#quality';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    run: { type: 'string' },
    'without-judge': { type: 'boolean', default: false },
    'memory-limit': { type: 'string', default: '1GB' },
  },
});
const folder = join(import.meta.dirname, '..', '.cache', 'bench-quality');
const file = join(folder, `orders-${values.rows}.parquet`);
const judge = join(import.meta.dirname, '..', '.cache', 'gx-1.24.1', 'bin', 'python');

const lines: readonly (readonly [string, Record<string, unknown>])[] = [
  ['expect_table_row_count_to_be_between', { min_value: 1 }],
  ['expect_column_values_to_not_be_null', { column: 'id' }],
  ['expect_column_values_to_not_be_null', { column: 'email', mostly: 0.9 }],
  ['expect_column_values_to_be_unique', { column: 'id' }],
  ['expect_column_values_to_be_between', { column: 'total', min_value: 0, max_value: 999.5 }],
  ['expect_column_values_to_be_in_set', { column: 'status', value_set: ['new', 'paid', 'sent'] }],
  ['expect_column_value_lengths_to_be_between', { column: 'email', min_value: 5, max_value: 40 }],
  ['expect_column_values_to_match_regex', { column: 'email', regex: '^[^@]+@[^@]+\\.org$' }],
  ['expect_column_mean_to_be_between', { column: 'total', min_value: 400, max_value: 600 }],
  ['expect_column_max_to_be_between', { column: 'created', min_value: '2024-01-01T00:00:00' }],
  [
    'expect_column_distinct_values_to_be_in_set',
    { column: 'status', value_set: ['new', 'paid', 'sent', 'lost'] },
  ],
  [
    'expect_column_pair_values_a_to_be_greater_than_b',
    { column_A: 'updated', column_B: 'created', or_equal: true },
  ],
];
/** The same counts as one statement: what a person would write. */
const byHand = `SELECT count(*), count(id), count(email), count(*) FILTER (WHERE NOT total BETWEEN 0 AND 999.5),
  count(*) FILTER (WHERE status NOT IN ('new', 'paid', 'sent')), count(*) FILTER (WHERE NOT length(email) BETWEEN 5 AND 40),
  count(*) FILTER (WHERE NOT regexp_matches(email, '^[^@]+@[^@]+\\.org$')), avg(total), max(created),
  count(*) FILTER (WHERE updated < created) FROM '${file}';
  SELECT sum(n) FILTER (WHERE n > 1) FROM (SELECT id, count(*) AS n FROM '${file}' GROUP BY id);
  SELECT status, count(*) FROM '${file}' GROUP BY status;`;

const parts: Readonly<Record<string, () => Promise<unknown>>> = {
  ours: async () => {
    const table = await openFile(file, { memoryLimit: values['memory-limit'] });
    const suite = { name: 'bench', expectations: lines.map(([type, kwargs]) => ({ type, kwargs })) };
    const { statistics, meta } = await validateTable(table, suite, { nowMs: 0 });
    await table.close();
    return { ...statistics, queries: meta.queries };
  },
  'by hand': async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (
      await DuckDBInstance.create(':memory:', { memory_limit: values['memory-limit'] })
    ).connect();
    for (const sql of byHand.split(';').filter((s) => s.trim() !== '')) await connection.runAndReadAll(sql);
    connection.closeSync();
    return {};
  },
};

async function makeFile(): Promise<void> {
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:', { memory_limit: '2GB' })).connect();
  await connection.run(`SELECT setseed(0.5)`);
  await connection.run(`COPY (SELECT range AS id, (range * 7919) % 100000 AS customer,
    ['new', 'paid', 'sent', 'lost'][1 + CAST(hash(range) % 1000 AS INTEGER) // 333] AS status, (hash(range) % 100000) / 100.0::DOUBLE AS total,
    TIMESTAMP '2024-01-01' + INTERVAL (range % 1000000) SECOND AS created,
    TIMESTAMP '2024-01-01' + INTERVAL (range % 1000000 + hash(range) % 50 - 1) SECOND AS updated,
    CASE WHEN hash(range) % 20 = 0 THEN NULL ELSE 'user' || (range % 1000000) || '@example.org' END AS email
    FROM range(${values.rows})) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
}

interface Measured {
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
  readonly more: unknown;
}
function measure(name: string): Measured {
  const node = [
    '--conditions=millrace-source',
    '--disable-warning=ExperimentalWarning',
    import.meta.filename,
  ];
  const [command, args] =
    name === 'judge'
      ? [judge, [join(folder, 'judge.py')]]
      : [
          process.execPath,
          [...node, '--run', name, '--rows', values.rows, '--memory-limit', values['memory-limit']],
        ];
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured;
}
/** Great Expectations, read and validated in one process. */
const judgeProgram = `import os, sys, json, time, resource, logging, warnings, datetime
os.environ["GX_ANALYTICS_ENABLED"] = "false"; os.environ["TQDM_DISABLE"] = "1"; warnings.filterwarnings("ignore"); logging.disable(logging.CRITICAL)
started = time.time()
import great_expectations as gx, pandas as pd
from great_expectations.expectations.registry import get_expectation_impl
context = gx.get_context(mode="ephemeral")
batch = context.data_sources.add_pandas("b").add_dataframe_asset("t").add_batch_definition_whole_dataframe("w").get_batch({"dataframe": pd.read_parquet(${JSON.stringify(file)})})
suite = gx.ExpectationSuite(name="bench")
for type, kwargs in json.loads(${JSON.stringify(JSON.stringify(lines))}):
    if "min_value" in kwargs and isinstance(kwargs["min_value"], str): kwargs["min_value"] = datetime.datetime.fromisoformat(kwargs["min_value"])
    suite.add_expectation(get_expectation_impl(type)(**kwargs))
result = batch.validate(suite, result_format="SUMMARY")
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"seconds": time.time() - started, "cpu": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024, "more": {k: float(v) for k, v in result.statistics.items()}}))
`;

if (values.run !== undefined) {
  const started = performance.now();
  const more = await parts[values.run]!();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(
    JSON.stringify({
      seconds: (performance.now() - started) / 1000,
      cpu: (userCPUTime + systemCPUTime) / 1e6,
      megabytes: maxRSS / 1024,
      more,
    }),
  );
} else {
  await makeFile();
  writeFileSync(join(folder, 'judge.py'), judgeProgram);
  const names = [...Object.keys(parts), ...(values['without-judge'] || !existsSync(judge) ? [] : ['judge'])];
  for (const name of names) {
    const { seconds, cpu, megabytes, more } = measure(name);
    console.log(
      `${name.padEnd(8)} ${cpu.toFixed(1)} CPU s, ${seconds.toFixed(1)} s, ${Math.round(megabytes)} MB  ${JSON.stringify(more)}`,
    );
  }
}

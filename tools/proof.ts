/* npm run proof [-- sim] [--seeds N] [--first N] [--rounds N] [--kills N] [--pairs N] [--tables N]: tests with large counts, or that take long.
 *
 *   sim      source to sink on a simulated machine, a seed a run           1,000 by default, from `--first` on
 *   properties  tests whose cases are made up, from seeds by chance      5 rounds
 *   kills    the command killed, with Kafka, PostgreSQL and files             100 by default
 *   columns  the command killed while a table gets a column          30 times
 *   leaders  three brokers that go and come back, one by one              2 rounds
 *   savepoint  a savepoint of many keys, taken up in three ways    1,000,000 keys
 *   broken   a topic in which one record in a hundred is broken        1,000,000 records
 *   avro     pairs of Avro schemas, as Apache Avro says                    20,000 by default
 *   proto    random and damaged .proto files, as protoc says                2,000
 *   json     random pairs of JSON Schemas, as ajv says                      2,000
 *   parquet  random tables in Parquet files, as pyarrow says, and Flink's own on the same files   150
 *   flink    Flink's format avro-confluent against the registry; files that run here and there
 *   quality  results of checks beside Great Expectations, random tables       200 by default
 *   scan     the scanners of JSON and CSV beside the decoders            1,000,000 records
 *   broker   the embedded Kafka killed while clients write              300 times
 *   linear   its partitions under faults, in simulated time and over sockets    400 seeds
 *   talks    transactions made up from a seed, as Kafka answers them    200
 *   package  the types of the installed package under three compilers      3
 *
 * Prints what was run; fails when a test does. */

import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { propertySeedVariable, propertyTests } from './chosen-tests.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1000' },
    first: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    kills: { type: 'string', default: '100' },
    pairs: { type: 'string', default: '20000' },
    tables: { type: 'string', default: '200' },
  },
});
/** Simulated processes that are killed leave their memory to the real one: so many a process. */
const seedsAtOnce = 500;
const parts = {
  sim: { test: 'tests/sim', variable: 'MILLRACE_SEEDS', count: values.seeds },
  properties: { test: propertyTests().join(' '), variable: propertySeedVariable, count: values.rounds },
  kills: { test: 'tests/e2e/killed.test.ts', variable: 'MILLRACE_KILLS', count: values.kills },
  columns: { test: 'tests/e2e/columns-killed.test.ts', variable: 'MILLRACE_COLUMN_KILLS', count: '30' },
  leaders: { test: 'tests/e2e/leaders.test.ts', variable: 'MILLRACE_CLUSTER', count: '2' },
  savepoint: { test: 'tests/e2e/many-keys.test.ts', variable: 'MILLRACE_SAVEPOINT_KEYS', count: '1000000' },
  broken: {
    test: 'tests/e2e/broken-records.test.ts',
    variable: 'MILLRACE_BROKEN_RECORDS',
    count: '1000000',
  },
  avro: {
    test: 'packages/schemas/test/avro-judge.test.ts',
    variable: 'MILLRACE_AVRO_PAIRS',
    count: values.pairs,
  },
  proto: {
    test: 'packages/schemas/test/protoc-judge.test.ts',
    variable: 'MILLRACE_PROTO_FILES',
    count: '2000',
  },
  json: { test: 'packages/schemas/test/json-judge.test.ts', variable: 'MILLRACE_JSON_PAIRS', count: '2000' },
  'avro-rows': {
    test: 'packages/formats/test/avro-judge.test.ts',
    variable: 'MILLRACE_AVRO_SCHEMAS',
    count: '4000',
  },
  'proto-rows': {
    test: 'packages/formats/test/protobuf-judge.test.ts',
    variable: 'MILLRACE_PROTO_ROWS',
    count: '1200',
  },
  'flink-formats': {
    test: 'packages/connectors/test/schemas/flink.test.ts',
    variable: 'MILLRACE_FLINK',
    count: '1',
  },
  /** Every test of this name. */
  parquet: { test: 'parquet', variable: 'MILLRACE_PARQUET_TABLES', count: '150' },
  flink: {
    test: 'packages/registry/test/flink.test.ts tests/flink/pipelines.test.ts',
    variable: 'MILLRACE_FLINK',
    count: '1',
  },
  quality: { test: 'tests/quality', variable: 'MILLRACE_TABLES', count: values.tables },
  scan: {
    test: 'packages/formats/test/scan-proof.test.ts',
    variable: 'MILLRACE_SCAN_RECORDS',
    count: '1000000',
  },
  broker: {
    test: 'packages/broker/test/log/crash.test.ts packages/broker/test/log/killed-state.test.ts',
    variable: 'MILLRACE_BROKER_KILLS',
    count: '300',
  },
  linear: { test: 'packages/broker/test/linear', variable: 'MILLRACE_BROKER_SEEDS', count: '400' },
  talks: {
    test: 'packages/broker/test/transactions/against-kafka.test.ts',
    variable: 'MILLRACE_TXN_TALKS',
    count: '200',
  },
  package: { test: 'tests/package.test.ts', variable: 'MILLRACE_COMPILERS', count: '3' },
} as const;
const known = Object.keys(parts) as (keyof typeof parts)[];
const asked = known.filter((name) => positionals.length === 0 || positionals.includes(name));
if (positionals.some((p) => !(p in parts))) {
  console.error(
    `usage: npm run proof -- ${known.map((name) => `[${name}]`).join(' ')} [--seeds N] [--first N] [--rounds N] [--kills N] [--pairs N] [--tables N]`,
  );
  process.exit(2);
}
let failed = false;
for (const name of asked) {
  const { test, variable, count } = parts[name];
  const started = performance.now();
  let passed = true;
  if (name === 'properties')
    for (let round = 1; round <= Number(count); round++) {
      const seed = String(randomInt(2 ** 31));
      passed = run(test, { [variable]: seed }) && passed;
      console.log(`[proof] ${variable}=${seed}: ${passed ? 'passed' : 'FAILED'}`);
    }
  else if (name !== 'sim') passed = run(test, { [variable]: count });
  else
    for (let done = 0; done < Number(count); done += seedsAtOnce) {
      const first = Number(values.first) + done;
      const some = Math.min(seedsAtOnce, Number(count) - done);
      passed = run(test, { [variable]: String(some), MILLRACE_FIRST_SEED: String(first) }) && passed;
      console.log(`[proof] seeds ${first} to ${first + some - 1}: ${passed ? 'passed' : 'FAILED'}`);
    }
  failed ||= !passed;
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`[proof] ${count} ${name}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s`);
}
/** True when the tests pass: paths with spaces between. */
function run(tests: string, variables: Readonly<Record<string, string>>): boolean {
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...tests.split(' ')],
    {
      cwd: join(import.meta.dirname, '..'),
      stdio: 'inherit',
      env: { ...process.env, ...variables },
    },
  );
  return status === 0;
}
process.exit(failed ? 1 : 0);

/* npm run proof [-- sim] [--seeds N] [--kills N] [--pairs N] [--tables N]: tests with large counts, or that take long.
 *
 *   sim      source to sink on a simulated machine, a seed a run           1,000 by default
 *   kills    the command killed, with Kafka, PostgreSQL and files             100 by default
 *   leaders  three brokers that go and come back, one by one              2 rounds
 *   savepoint  a savepoint of many keys, taken up in three ways    1,000,000 keys
 *   broken   a topic in which one record in a hundred is broken        1,000,000 records
 *   avro     pairs of Avro schemas, as Apache Avro says                    20,000 by default
 *   proto    random and damaged .proto files, as protoc says                2,000
 *   json     random pairs of JSON Schemas, as ajv says                      2,000
 *   flink    Flink's format avro-confluent against the registry
 *   quality  results of checks beside Great Expectations, random tables       200 by default
 *
 * Prints what was run; fails when a test does. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1000' },
    kills: { type: 'string', default: '100' },
    pairs: { type: 'string', default: '20000' },
    tables: { type: 'string', default: '200' },
  },
});
const parts = {
  sim: { test: 'tests/sim', variable: 'MILLRACE_SEEDS', count: values.seeds },
  kills: { test: 'tests/e2e/killed.test.ts', variable: 'MILLRACE_KILLS', count: values.kills },
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
  flink: { test: 'packages/registry/test/flink.test.ts', variable: 'MILLRACE_REGISTRY_FLINK', count: '1' },
  quality: { test: 'tests/quality', variable: 'MILLRACE_TABLES', count: values.tables },
} as const;
const known = Object.keys(parts) as (keyof typeof parts)[];
const asked = known.filter((name) => positionals.length === 0 || positionals.includes(name));
if (positionals.some((p) => !(p in parts))) {
  console.error(
    `usage: npm run proof -- ${known.map((name) => `[${name}]`).join(' ')} [--seeds N] [--kills N] [--pairs N] [--tables N]`,
  );
  process.exit(2);
}
let failed = false;
for (const name of asked) {
  const { test, variable, count } = parts[name];
  const started = performance.now();
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', test], {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
    env: { ...process.env, [variable]: count },
  });
  failed ||= status !== 0;
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`[proof] ${count} ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
}
process.exit(failed ? 1 : 0);

/* npm run proof [-- sim] [--seeds N] [--kills N] [--tables N]: the tests that count, with large counts.
 *
 *   sim      source to sink on a simulated machine, a seed a run           1,000 by default
 *   kills    the command killed, with Kafka, PostgreSQL and files             100 by default
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
    tables: { type: 'string', default: '200' },
  },
});
const parts = {
  sim: { test: 'tests/sim', variable: 'MILLRACE_SEEDS', count: values.seeds },
  kills: { test: 'tests/e2e/killed.test.ts', variable: 'MILLRACE_KILLS', count: values.kills },
  quality: { test: 'tests/quality', variable: 'MILLRACE_TABLES', count: values.tables },
} as const;
const known = Object.keys(parts) as (keyof typeof parts)[];
const asked = known.filter((name) => positionals.length === 0 || positionals.includes(name));
if (positionals.some((p) => !(p in parts))) {
  console.error('usage: npm run proof -- [sim] [kills] [quality] [--seeds N] [--kills N] [--tables N]');
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

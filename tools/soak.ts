/* npm run soak -- broker [--kills N] [--frames N] [--seeds N] [--minutes M]: the tests of npm test that count, with large
 * counts: the broker killed while clients write, frames that no client sends, a partition under faults.
 *
 *   npm run soak -- broker                    1,000 kills, 100,000 frames, 2,000 seeds
 *   npm run soak -- broker --minutes 60       the same again with other seeds, until the time is up
 *
 * MILLRACE_SEED is the first seed, 1 by default. Prints how far it is, and at the end what was run; fails when a test does. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Part {
  readonly name: string;
  readonly test: string;
  /** Says how often. */
  readonly variable: string;
  readonly count: number;
}
interface Outcome {
  readonly part: Part;
  readonly seed: number;
  readonly passed: boolean;
  readonly seconds: number;
}

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '1000' },
    frames: { type: 'string', default: '100000' },
    seeds: { type: 'string', default: '2000' },
    minutes: { type: 'string', default: '0' },
  },
});
if (positionals.join() !== 'broker') {
  console.error('usage: npm run soak -- broker [--kills N] [--frames N] [--seeds N] [--minutes M]');
  process.exit(2);
}
const broker = 'packages/broker/test/';
const parts: readonly Part[] = [
  {
    name: 'kills',
    test: 'log/crash.test.ts',
    variable: 'MILLRACE_BROKER_KILLS',
    count: Number(values.kills),
  },
  { name: 'frames', test: 'fuzz', variable: 'MILLRACE_BROKER_FRAMES', count: Number(values.frames) },
  { name: 'seeds', test: 'linear', variable: 'MILLRACE_BROKER_SEEDS', count: Number(values.seeds) },
];

function run(part: Part, seed: number): Outcome {
  console.log(`[soak] ${part.count} ${part.name}, seed ${seed} …`);
  const started = performance.now();
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', `${broker}${part.test}`, '--disable-console-intercept'],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, [part.variable]: `${part.count}`, MILLRACE_SEED: `${seed}` },
    },
  );
  return { part, seed, passed: status === 0, seconds: (performance.now() - started) / 1000 };
}

const until = performance.now() + Number(values.minutes) * 60_000;
const outcomes: Outcome[] = [];
for (let seed = Number(process.env['MILLRACE_SEED'] ?? 1); ; seed += Number(values.seeds)) {
  for (const part of parts) if (part.count > 0) outcomes.push(run(part, seed));
  if (performance.now() >= until || outcomes.some((o) => !o.passed)) break;
}
for (const { part, seed, passed, seconds } of outcomes)
  console.log(
    `[soak] ${part.count} ${part.name}, seed ${seed}: ${passed ? 'passed' : 'FAILED'} in ${seconds.toFixed(0)} s`,
  );
process.exit(outcomes.every((o) => o.passed) ? 0 : 1);

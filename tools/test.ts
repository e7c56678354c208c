/* npm test: types, lint, tidy, then every test; with CI=true those over Kafka on a real one too. Ends with one line that says how
 * many passed.
 *
 *   types ─────────────────────────────┐
 *   lint, tidy, generated docs, bundle ┴▶ tests: first those that need nothing else, see test-order.ts
 *   what others made and tests need ───────────┴▶ the others */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}
/** Where the tests leave how many passed. */
const report = 'node_modules/.cache-vitest.json';
const node = process.execPath;
const source = ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning'];
/** The command as users have it, in a bundle: tests that start it spend no time on looking up its modules. */
const commandBundle = resolve('.cache/bundle');
const given = process.argv.slice(2);
const whole = given.length === 0;
/** Side by side; those of a row one after the other. */
const checks: readonly (readonly Step[])[] = [
  [
    {
      name: 'types',
      command: [node, 'node_modules/typescript/lib/tsc.js', '-p', 'tsconfig.json', '--noEmit'],
    },
  ],
  [
    { name: 'lint', command: ['node_modules/.bin/biome', 'lint', '--error-on-warnings', '.'] },
    { name: 'tidy', command: [node, ...source, 'tools/tidy.ts'] },
    { name: 'generated docs', command: [node, ...source, 'tools/docs.ts', '--check'] },
    { name: 'bundle', command: [node, ...source, 'tools/build.ts', commandBundle] },
  ],
];
const tests: Step = {
  name: 'tests',
  env: {
    MILLRACE_BUNDLE: commandBundle,
    ...(process.env['CI'] === 'true' && whole && { MILLRACE_KAFKA: 'both' }),
  },
  command: [
    node,
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=./tools/test-deadline.ts',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...given,
  ],
};

const running = new Set<ChildProcess>();
/** In a process group of its own, so that a run that hangs can be ended with all that it started. */
async function run({ command, env }: Pick<Step, 'command' | 'env'>): Promise<number | null> {
  const child = spawn(command[0]!, command.slice(1), {
    stdio: 'inherit',
    detached: true,
    env: { ...process.env, ...env },
  });
  running.add(child);
  const [status] = (await once(child, 'exit')) as [number | null];
  running.delete(child);
  return status;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const { pid } of running) if (pid !== undefined) process.kill(-pid, signal);
    void Promise.all([...running].map((child) => once(child, 'exit'))).then(() => process.exit(1));
  });
}
const brought = whole ? run({ command: [node, ...source, 'tools/other-programs.ts'] }) : undefined;

let passed = 0;
let failed = 0;
let skipped = 0;
async function take(step: Step): Promise<number | null> {
  const started = performance.now();
  console.error(`[test] ${step.name} …`);
  const status = await run(step);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.error(`[test] ${step.name}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  return status;
}
await Promise.all(
  checks.map(async (row) => {
    for (const step of row)
      if ((await take(step)) === 0) passed++;
      else failed++;
  }),
);
rmSync(report, { force: true });
const status = await take(tests);
const before = failed;
try {
  const result = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
  };
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  skipped += result.numPendingTests;
} catch {
  failed++;
}
if (status !== 0 && failed === before) failed++;
await brought;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);

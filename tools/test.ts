/* npm test: types, lint, tidy, then every test. Ends with one line that says how many passed. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}
const report = 'node_modules/.cache-vitest.json';
const node = process.execPath;
const source = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
const steps: readonly Step[] = [
  { name: 'types', command: [node, 'node_modules/typescript/lib/tsc.js', '-p', 'tsconfig.json', '--noEmit'] },
  { name: 'lint', command: ['node_modules/.bin/biome', 'lint', '--error-on-warnings', '.'] },
  { name: 'tidy', command: [node, ...source, 'tools/tidy.ts'] },
  { name: 'generated docs', command: [node, ...source, 'tools/docs.ts', '--check'] },
  {
    name: 'tests',
    command: [
      node,
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
  },
];

let passed = 0;
let failed = 0;
let skipped = 0;
for (const step of steps) {
  const started = performance.now();
  console.error(`[test] ${step.name} …`);
  const { status } = spawnSync(step.command[0]!, step.command.slice(1), { stdio: 'inherit' });
  console.error(
    `[test] ${step.name}: ${status === 0 ? 'ok' : 'FAILED'} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  );
  if (step.name !== 'tests') {
    if (status === 0) passed++;
    else failed++;
    continue;
  }
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
  if (status !== 0 && failed === 0) failed++;
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);

/* millrace test: test files in their modes, or their expectations rewritten. */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '#base';
import { modes, runTestFile, updateTestFile, type Mode, type TestOutcome } from '#testkit';
import { allConnectors } from '../connectors.ts';
import { err, out } from '../terminal.ts';

interface TestFlags {
  readonly update?: boolean;
  readonly style: string;
  readonly mode: string;
  readonly seed?: string;
  readonly json?: boolean;
}

export async function test(paths: readonly string[], flags: TestFlags): Promise<number> {
  if (flags.mode !== 'all' && !modes.includes(flags.mode as Mode))
    throw new UserError('CLI1001', { message: `--mode ${flags.mode}: expected ${modes.join(', ')} or all` });
  const files = paths.flatMap(findTests);
  if (files.length === 0) throw new UserError('CLI1003', { message: `no .slt file in ${paths.join(', ')}` });
  return flags.update ? await update(files, flags) : await check(files, flags);
}

function findTests(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UserError('CLI1003', { message: `there is no ${path}` });
  if (!stat.isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.slt'))
    .sort()
    .map((f) => join(path, f));
}

async function check(files: readonly string[], flags: TestFlags): Promise<number> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) {
    const outcomes = await runTestFile(readFileSync(file, 'utf8'), {
      mode: flags.mode as Mode | 'all',
      connectors: allConnectors(),
      ...(flags.seed ? { seed: Number(flags.seed) } : {}),
    });
    for (const outcome of outcomes) {
      counts[outcome.status === 'pass' ? 'passed' : outcome.status === 'fail' ? 'failed' : 'skipped']++;
      if (flags.json)
        out(JSON.stringify({ file, mode: outcome.mode, status: outcome.status, ...outcome.failure }));
      else if (outcome.status === 'fail') tell(file, outcome);
    }
  }
  if (flags.json) out(JSON.stringify(counts));
  else
    out(
      `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
    );
  return counts.failed > 0 ? 1 : 0;
}
function tell(file: string, { mode, failure }: TestOutcome): void {
  out(`${file}:${failure!.line} [${mode}] ${failure!.message}`);
  for (const line of failure!.expected) out(`  - ${line}`);
  for (const line of failure!.actual) out(`  + ${line}`);
}

async function update(files: readonly string[], flags: TestFlags): Promise<number> {
  let code = 0;
  for (const file of files) {
    const before = readFileSync(file, 'utf8');
    const { text, failure } = await updateTestFile(
      before,
      allConnectors(),
      flags.style === 'json' ? 'json' : 'table',
    );
    if (text !== before) {
      writeFileSync(file, text);
      out(`${file}: updated`);
    }
    if (failure !== undefined) {
      err(`${file}:${failure.line} ${failure.message}`);
      code = 2;
    }
  }
  return code;
}

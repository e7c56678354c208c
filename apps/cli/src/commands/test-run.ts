/* Finds and runs test files, and tells what failed. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '#base';
import { modulesFrom } from '#host';
import { runTestFile, type Mode, type ReadIncluded, type TestOutcome } from '#testkit';
import { checksFrom } from '../checks.ts';
import { allConnectors } from '../connectors.ts';
import { modelProviders } from '#connectors';
import { out } from '../terminal.ts';

export interface TestFlags {
  readonly update?: boolean;
  readonly style: string;
  readonly mode: string;
  readonly seed?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** Throws CLI1003 when there is none. */
export function findTests(paths: readonly string[]): string[] {
  const files = paths.flatMap(testsOf);
  if (files.length === 0) throw new UserError('CLI1003', { message: `no .slt file in ${paths.join(', ')}` });
  return files;
}
function testsOf(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UserError('CLI1003', { message: `there is no ${path}` });
  if (!stat.isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.slt'))
    .sort()
    .map((f) => join(path, f));
}

/** Reads what `file` includes, and notes it. */
export function reader(file: string, noted: Set<string>): ReadIncluded {
  return (path) => {
    const full = resolve(dirname(file), path);
    noted.add(full);
    try {
      return readFileSync(full, 'utf8');
    } catch (cause) {
      throw new UserError('CLI1003', { message: `there is no file ${path} beside ${file}`, cause });
    }
  };
}

/** Runs files; returns the exit code, and for each file what it includes. */
export async function checkTests(
  files: readonly string[],
  flags: TestFlags,
): Promise<{ readonly code: number; readonly included: ReadonlyMap<string, ReadonlySet<string>> }> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const included = new Map<string, Set<string>>();
  for (const file of files) {
    const noted = new Set<string>();
    included.set(file, noted);
    const outcomes = await runTestFile(readFileSync(file, 'utf8'), {
      mode: flags.mode as Mode | 'all',
      connectors: allConnectors(),
      modelProviders,
      include: reader(file, noted),
      loadModule: modulesFrom(dirname(file)),
      loadChecks: checksFrom(dirname(file)),
      ...(flags.seed ? { seed: Number(flags.seed) } : {}),
    });
    for (const outcome of outcomes) {
      counts[outcome.status === 'pass' ? 'passed' : outcome.status === 'fail' ? 'failed' : 'skipped']++;
      if (flags.json)
        out(JSON.stringify({ file, mode: outcome.mode, status: outcome.status, ...outcome.failure }));
    }
    if (!flags.json) tell(file, outcomes);
  }
  if (flags.json) out(JSON.stringify(counts));
  else
    out(
      `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
    );
  return { code: counts.failed > 0 ? 1 : 0, included };
}
/** Each failure once, with the modes that it came in. */
function tell(file: string, outcomes: readonly TestOutcome[]): void {
  const groups = new Map<string, { readonly first: TestOutcome; readonly modes: string[] }>();
  for (const outcome of outcomes) {
    const { failure } = outcome;
    if (failure === undefined) continue;
    // Other modes give the same rows in another order, and name their seed.
    const actual = [...failure.actual].sort();
    const key = JSON.stringify([failure.line, failure.message.replace(/ \(seed \d+\)$/, ''), actual]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: outcome, modes: [outcome.mode] });
    else group.modes.push(outcome.mode);
  }
  for (const { first, modes: failed } of groups.values()) {
    const { line, message, expected, actual } = first.failure!;
    out(`${file}:${line} [${failed.join(', ')}] ${message}`);
    for (const text of expected) out(`  - ${text}`);
    for (const text of actual) out(`  + ${text}`);
  }
}

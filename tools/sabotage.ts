/* npm run sabotage: breaks the code in many places, one at a time, and requires that a test fails each time.
 *
 *   scratch copy of HEAD ─▶ replace ─▶ run the named test ─▶ red: good · green: the tests have a hole ─▶ put back
 *
 * Fails when a test stays green, when one is red before anything is broken, or when a replacement no longer applies.
 * With --write the table goes to docs/sabotage.md. Arguments pick breaks by a part of their text; then only their rows are new. */

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allBreaks } from './sabotage/all.ts';
import type { Break } from './sabotage/break.ts';

const root = join(import.meta.dirname, '..');
const scratch = join(root, '.cache', 'sabotage');
const node = process.execPath;

interface Outcome {
  readonly what: Break;
  readonly result: 'seen' | 'NOT SEEN' | 'DOES NOT APPLY';
  readonly seconds: number;
}

function git(...args: string[]): void {
  const { status, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}
function makeScratch(): void {
  dropScratch();
  git('worktree', 'add', '--detach', '--force', scratch, 'HEAD');
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
}
function dropScratch(): void {
  rmSync(scratch, { recursive: true, force: true });
  git('worktree', 'prune');
}

const commandOf = ({ test }: Break): string[] =>
  'slt' in test
    ? ['apps/cli/bin/millrace.js', 'test', test.slt]
    : [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--bail=1',
        test.vitest,
        ...(test.named === undefined ? [] : ['-t', test.named]),
      ];
const nameOf = ({ test }: Break): string =>
  'slt' in test ? test.slt : test.named === undefined ? test.vitest : `${test.vitest}: ${test.named}`;
function passes(what: Break): boolean {
  const { status } = spawnSync(node, commandOf(what), {
    cwd: scratch,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, CI: '1' },
  });
  return status === 0;
}

function run(what: Break): Outcome {
  const started = performance.now();
  const path = join(scratch, what.file);
  const text = readFileSync(path, 'utf8');
  const seconds = (): number => (performance.now() - started) / 1000;
  if (text.split(what.find).length !== 2) return { what, result: 'DOES NOT APPLY', seconds: seconds() };
  writeFileSync(
    path,
    text.replace(what.find, () => what.replace),
  );
  try {
    return { what, result: passes(what) ? 'NOT SEEN' : 'seen', seconds: seconds() };
  } finally {
    writeFileSync(path, text);
  }
}

const pageFile = join(root, 'docs', 'sabotage.md');
/** Rows by mistake. */
function rowsOfPage(): Map<string, string> {
  const rows = readFileSync(pageFile, 'utf8').split('\n');
  return new Map(rows.flatMap((row) => (row.startsWith('| ') ? [[row.split(' | ')[0]!.slice(2), row]] : [])));
}
/** Mistakes that were not asked for have the rows that they had. */
function page(outcomes: readonly Outcome[]): string {
  const before = rowsOfPage();
  const now = new Map(outcomes.map((o) => [o.what, o.result]));
  const rows = allBreaks.flatMap((what) => {
    const result = now.get(what);
    const row =
      result === undefined
        ? before.get(what.mistake)
        : `| ${what.mistake} | \`${what.file}\` | \`${nameOf(what)}\` | ${result} |`;
    return row === undefined ? [] : [row];
  });
  return [
    '# Sabotage',
    '',
    'Each row is a mistake put into the code on purpose, and the cheapest test that must notice. `npm run sabotage` breaks them one at a',
    'time in a scratch copy and fails when a test stays green; `npm run sabotage -- --write` writes this page.',
    '',
    '| mistake | file | test | result |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

const asked = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const chosen = allBreaks.filter(
  (b) => asked.length === 0 || asked.some((a) => b.mistake.includes(a) || b.file.includes(a)),
);
const outcomes: Outcome[] = [];
let redBefore: string[] = [];
makeScratch();
try {
  const tests = new Map(chosen.map((b) => [nameOf(b), b]));
  redBefore = [...tests].filter(([, b]) => !passes(b)).map(([name]) => name);
  for (const name of redBefore) console.log(`red before anything is broken: ${name}`);
  for (const what of redBefore.length > 0 ? [] : chosen) {
    const outcome = run(what);
    outcomes.push(outcome);
    console.log(
      `${outcome.result.padEnd(14)} ${outcome.seconds.toFixed(1).padStart(5)} s  ${what.mistake}  (${nameOf(what)})`,
    );
  }
} finally {
  dropScratch();
}
const bad = redBefore.length + outcomes.filter((o) => o.result !== 'seen').length;
console.log(`${outcomes.length} mistakes, ${outcomes.filter((o) => o.result === 'seen').length} seen`);
if (process.argv.includes('--write') && bad === 0) writeFileSync(pageFile, page(outcomes));
process.exit(bad > 0 ? 1 : 0);

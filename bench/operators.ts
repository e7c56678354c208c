/* npm run bench -- operators: what an operator costs a row, in memory, before and now in one run.
 *
 *   for each group of cases: a process of the earlier checkout, one of this, in turns ─▶ the least of each ─▶ operators.md
 *
 * The earlier checkout is a git worktree under .cache; the same files of bench/operators run in both. What is fixed: 10,000
 * keys, uniform; batches of 4,096 rows; a mark every 100 rows where there is event time; a hundred rows a key and TUMBLE
 * window, twenty a key and HOP slice, about three a session. In the second table a million keys and at least twelve rows
 * a key (600,000 rows: twenty-four), windows and slices that hold them all; about three a session there too. What is
 * retracted was added a million rows before, or 2 or 5 a key. Figures are CPU time of the engine's thread.
 * Options: --before COMMIT, --rounds N, --cases 'a;b', --rows N. */

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { cases } from './operators/cases.ts';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const root = join(import.meta.dirname, '..');
const before = option('before') ?? 'f63c7b4';
const rounds = Number(option('rounds') ?? 2);
const rows = option('rows') ?? '600000';
const wanted = option('cases')?.split(';') ?? cases.map((c) => c.name);

/** What is to be reached, ns a row, source and sink included; for a million keys twice that. */
const targets: Readonly<Record<string, number>> = {
  COUNT: 100,
  'COUNT + SUM + MAX': 150,
  'COUNT(DISTINCT)': 200,
  'COUNT, key text': 150,
  'SUM of DECIMAL': 150,
  'COUNT + SUM, retractions': 150,
  TUMBLE: 80,
  'TUMBLE, four': 160,
  'HOP 2 s/10 s': 200,
  SESSION: 300,
  materializer: 400,
  'materializer, 2,000 rows a key': 400,
};

function earlier(): string {
  const folder = join(root, '.cache', `bench-${before}`);
  if (!existsSync(folder)) {
    mkdirSync(join(root, '.cache'), { recursive: true });
    execFileSync('git', ['worktree', 'add', '--detach', folder, before], { cwd: root, stdio: 'inherit' });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  }
  cpSync(join(root, 'bench', 'operators'), join(folder, 'bench', 'operators'), { recursive: true });
  return folder;
}

function run(folder: string, name: string): number {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      '--conditions=millrace-source',
      '--disable-warning=ExperimentalWarning',
      'bench/operators/run.ts',
      name,
      rows,
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${name} in ${folder}: ${stderr}`);
  return (JSON.parse(stdout) as { ns: number }).ns;
}

const old = earlier();
const figures = new Map<string, { before: number; now: number }>();
for (const name of wanted) {
  const figure = { before: Infinity, now: Infinity };
  for (let round = 0; round < rounds; round++) {
    figure.now = Math.min(figure.now, run(root, name));
    // What takes very long is measured once.
    if (round === 0 || figure.before < 5000) figure.before = Math.min(figure.before, run(old, name));
  }
  figures.set(name, figure);
  console.error(`[bench] ${name}: ${figure.before} → ${figure.now} ns a row`);
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const targetOf = (name: string): string => {
  const many = name.endsWith(', 1 M keys');
  const target = targets[name.replace(/, 1 M keys$/, '')];
  return target === undefined ? '' : String(many ? target * 2 : target);
};
writeFileSync(
  join(root, 'bench', 'operators.md'),
  [
    '# What an operator costs a row',
    '',
    `Nanoseconds of CPU time of the engine's thread a row, source and sink included (both in memory), before (${before}) and now, in one run; the least of ${rounds} rounds.`,
    `${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.versions.node}. What is fixed stands at the head of bench/operators.ts.`,
    '',
    line(['case', 'before', 'now', 'times', 'to reach']),
    line(['---', '---:', '---:', '---:', '---:']),
    ...[...figures].map(([name, f]) =>
      line([name, f.before, f.now, (f.before / f.now).toFixed(1), targetOf(name)]),
    ),
    '',
  ].join('\n'),
);

/* npm run fuzz -- expressions: expressions by chance, ours against a real Flink's.
 *
 *   seed ──▶ shapes with arguments ──▶ ours: refused │ values, and rows that fail
 *                                        │
 *            over columns, 24 rows each ─┤ many in one statement
 *            of literals, folded ────────┘
 *
 * A difference is put under its cause: the shape and how the answers differ. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allFunctions } from '#expr';
import type { FlinkSession } from '../flink.ts';
import type { Judge } from '../conformance/judge.ts';
import { askOver, oursOver, questionOf } from './columns.ts';
import { ask } from './flink.ts';
import { Generator, shapes, sqlOf } from './generate.ts';
import { ours } from './ours.ts';
import { Findings } from './findings.ts';
import { rowCount, sampleColumns, writeSamples } from './table.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Expressions over columns; of literals there are a quarter as many. */
  readonly count: number;
  /** Only shapes in which this regular expression occurs. */
  readonly only?: string;
  readonly report?: string;
  readonly mode?: 'columns' | 'literals';
}

/** Expressions in one statement. */
const atOnce = { columns: 120, literals: 100 } as const;
const sessions = 3;
const saveEvery = 10;

/** What is asked, and under which shape its differences go. */
export interface Asked {
  readonly shape: string;
  readonly sql: string;
}
export interface Corpus {
  readonly overColumns: readonly Asked[];
  readonly literals: readonly Asked[];
  /** Of what we refuse not all is asked for, since each costs a statement: one in so many, or one of each shape. */
  readonly refused: number | 'one of a shape';
}

export async function fuzzExpressions(judge: Judge, options: FuzzOptions): Promise<Findings> {
  return await compareAll(judge, corpus(options), options.report);
}

/** Expressions by chance, each once. */
function corpus(options: FuzzOptions): Corpus {
  const generator = new Generator(options.seed);
  const chosen = shapes.filter((s) => options.only === undefined || new RegExp(options.only!).test(s));
  if (chosen.length === 0) throw new Error(`no shape has "${options.only}"`);
  const seen = new Set<string>();
  const overColumns: Asked[] = [];
  const literals: Asked[] = [];
  const add = (to: Asked[], shape: string, sql: string): void => {
    if (!seen.has(sql)) to.push({ shape, sql });
    seen.add(sql);
  };
  for (let i = 0; i < options.count * 4 && overColumns.length < options.count; i++) {
    const shape = chosen[i % chosen.length]!;
    const g = generator.fill(shape);
    if (options.mode !== 'literals') add(overColumns, shape, generator.overColumns(g));
    if (options.mode === 'literals' || (options.mode !== 'columns' && i % 4 === 0)) {
      add(literals, shape, sqlOf(g));
      if (options.mode === 'literals' && literals.length >= options.count) break;
    }
  }
  return { overColumns, literals, refused: 12 };
}

/** Both answers to all of a corpus. */
export async function compareAll(judge: Judge, asked: Corpus, report: string | undefined): Promise<Findings> {
  const findings = new Findings();
  const work: (() => Promise<void>)[] = [];
  const pool: FlinkSession[] = await Promise.all(Array.from({ length: sessions }, () => judge.session()));
  const path = join(judge.folder, 'samples.json');
  writeSamples(path);
  const free = [...pool];
  const withSession = async (use: (s: FlinkSession) => Promise<void>): Promise<void> => {
    const session = free.pop()!;
    try {
      await use(session);
    } finally {
      free.push(session);
    }
  };
  const overColumns = asked.overColumns.map(({ shape, sql }) => ({ shape, answer: oursOver(sql) }));
  const literals = asked.literals.map(({ shape, sql }) => ({ shape, sql, answer: ours(sql) }));
  for (const { shape, answer } of overColumns) {
    if (answer.error === 'bug') findings.add(shape, 'we break', answer.sql, answer.message ?? '', '');
    if (answer.compiled !== undefined)
      findings.add(shape, 'generated code differs from the interpreter', answer.sql, answer.compiled, '');
  }
  for (const { shape, sql, answer } of literals)
    if (answer.error === 'bug') findings.add(shape, 'we break', sql, answer.message ?? '', '');

  // Those that give values, many at once.
  const valued = overColumns.filter((o) => o.answer.error === undefined);
  for (let at = 0; at < valued.length; at += atOnce.columns) {
    const part = valued.slice(at, at + atOnce.columns);
    work.push(() =>
      withSession(async (session) => {
        const theirs = await askOver(
          session,
          path,
          part.map((p) => questionOf(p.answer)),
        );
        for (const [i, { shape, answer }] of part.entries()) {
          findings.compared(answer.values.length);
          findings.columns(shape, answer, theirs[i]!);
        }
      }),
    );
  }
  const single = literals.filter((l) => l.answer.error === undefined);
  for (let at = 0; at < single.length; at += atOnce.literals) {
    const part = single.slice(at, at + atOnce.literals);
    work.push(() =>
      withSession(async (session) => {
        const theirs = await ask(
          session,
          part.map((p) => ({ sql: p.sql, bytes: p.answer.bytes })),
        );
        for (const [i, { shape, sql, answer }] of part.entries()) {
          findings.compared(1);
          findings.literal(shape, sql, answer, theirs[i]!);
        }
      }),
    );
  }
  // Those that we refuse or that fail, one by one, and not all of them.
  const refused = overColumns.filter((o) => o.answer.error === 'refused' || o.answer.error === 'bug');
  for (const { shape, answer } of someOf(refused, asked.refused)) {
    work.push(() =>
      withSession(async (session) => {
        const [theirs] = await askOver(session, path, [questionOf(answer)]);
        findings.compared(1);
        findings.columns(shape, answer, theirs!);
      }),
    );
  }
  const failing = literals.filter((o) => o.answer.error !== undefined);
  for (const { shape, sql, answer } of someOf(failing, asked.refused)) {
    work.push(() =>
      withSession(async (session) => {
        const [theirs] = await ask(session, [{ sql, bytes: answer.bytes }]);
        findings.compared(1);
        findings.literal(shape, sql, answer, theirs!);
      }),
    );
  }
  console.error(
    `${overColumns.length} over columns (${valued.length} give values), ${literals.length} of literals (${single.length}), ${shapes.length} shapes, ${[...allFunctions()].length} functions, ${sampleColumns.length} columns of ${rowCount} rows`,
  );
  const save = (): void => {
    if (report !== undefined) writeFileSync(report, findings.report());
  };
  await inParallel(work, sessions, findings, save);
  save();
  return findings;
}

function someOf<T extends { readonly shape: string }>(all: readonly T[], share: Corpus['refused']): T[] {
  if (share !== 'one of a shape') return all.filter((_, i) => i % share === 0);
  // The first: NULL comes last, and a constant NULL Flink casts into anything.
  return [...new Map(all.toReversed().map((one) => [one.shape, one])).values()].reverse();
}

async function inParallel(
  work: readonly (() => Promise<void>)[],
  workers: number,
  findings: Findings,
  save: () => void,
): Promise<void> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (next < work.length) {
        await work[next++]!();
        // Whoever stops it has what was found so far.
        if (next % saveEvery === 0) save();
        process.stderr.write(
          `\r${next} of ${work.length} statements, ${findings.total} values compared, ${findings.size} causes, ${((performance.now() - started) / 1000).toFixed(0)} s `,
        );
      }
    }),
  );
  process.stderr.write('\n');
}

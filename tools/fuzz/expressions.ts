/* npm run fuzz -- expressions: expressions by chance, ours against a real Flink's.
 *
 *   seed ──▶ shapes with arguments ─┬─▶ over columns, 24 rows each ─┬─▶ ours: refused │ values, and rows that fail
 *                                   └─▶ of literals, folded ────────┘      │
 *                                                 many in one statement ◀──┘
 *
 * A difference is put under its cause: the shape and how the answers differ. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { allFunctions } from '#expr';
import type { Judge } from '../conformance/judge.ts';
import { Batches, type Answered } from './batches.ts';
import { askOver, oursOver, questionOf, type ColumnAnswer } from './columns.ts';
import { corpus, type Asked, type Corpus, type CorpusOptions } from './corpus.ts';
import { ask } from './flink.ts';
import { shapes } from './generate.ts';
import { JudgeOfMany, type Line } from './line.ts';
import { ours, type Answer } from './ours.ts';
import { Findings } from './findings.ts';
import { rowCount, sampleColumns, writeSamples } from './table.ts';

export interface FuzzOptions extends CorpusOptions {
  readonly report?: string;
}

/** Expressions in one statement. */
const atOnce = { columns: 120, literals: 100 } as const;
const lines = 3;
const saveEvery = 10;

export async function fuzzExpressions(judge: Judge, options: FuzzOptions): Promise<Findings> {
  return await compareAll(judge, corpus(options), options.report);
}

/** Takes batches as long as there are some. */
interface Work {
  /** False when there is nothing left. */
  step(line: Line): Promise<boolean>;
  readonly taken: number;
}

/** Both answers to all of a corpus. */
export async function compareAll(judge: Judge, asked: Corpus, report: string | undefined): Promise<Findings> {
  const findings = new Findings();
  const many = new JudgeOfMany(judge);
  const path = join(judge.folder, 'samples.json');
  writeSamples(path);
  const parts = [overColumns(asked, path, findings), ofLiterals(asked, findings)];
  console.error(
    `${asked.overColumns.length} over columns, ${asked.literals.length} of literals, ${shapes.length} shapes, ${[...allFunctions()].length} functions, ${sampleColumns.length} columns of ${rowCount} rows`,
  );
  const save = (): void => {
    if (report !== undefined) writeFileSync(report, findings.report());
  };
  const all = asked.overColumns.length + asked.literals.length;
  const started = performance.now();
  let statements = 0;
  const said = (): string => {
    const taken = parts.reduce((n, part) => n + part.taken, 0);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    return `${taken} of ${all} expressions, ${findings.total} values compared, ${findings.size} causes, ${many.renewals} new Flinks, ${seconds} s`;
  };
  const work = async (line: Line): Promise<void> => {
    for (const part of parts)
      while (await part.step(line)) {
        // Whoever stops it has what was found so far.
        if (++statements % saveEvery === 0) save();
        process.stderr.write(`\r${said()} `);
      }
  };
  await Promise.all(Array.from({ length: lines }, () => work(many.line())));
  process.stderr.write('\n');
  save();
  return findings;
}

type Answering<A> = Answered & {
  readonly answer: A;
  /** A row on which we fail: Flink is asked for this one alone. */
  readonly row?: number;
};

function overColumns(asked: Corpus, path: string, findings: Findings): Work {
  const answer = ({ shape, sql }: Asked): Answering<ColumnAnswer>[] => {
    const one = oursOver(sql);
    if (one.error === 'bug') findings.add(shape, 'we break', sql, one.message ?? '', '');
    if (one.compiled !== undefined)
      findings.add(shape, 'generated code differs from the interpreter', sql, one.compiled, '');
    const gives = one.error === undefined && one.values.some((v) => v !== undefined);
    findings.took('columns', gives);
    const row = one.values.lastIndexOf(undefined);
    return [
      { shape, sql, answer: one, gives },
      ...(gives && row >= 0 ? [{ shape, sql, answer: one, gives: false, row }] : []),
    ];
  };
  const batches = new Batches(asked.overColumns, answer, atOnce.columns, asked.refused);
  return {
    get taken() {
      return batches.taken;
    },
    async step(line) {
      await breathe();
      const batch = batches.next();
      if (batch === undefined) return false;
      const theirs = await askOver(
        line,
        path,
        batch.map(({ answer: one, row }) => questionOf(one, row)),
      );
      for (const [i, { shape, answer: one, gives, row }] of batch.entries()) {
        if (gives) batches.learn(shape, theirs[i]!.error === 'failed');
        findings.compared(gives ? one.values.length : 1);
        if (row === undefined) findings.columns(shape, one, theirs[i]!);
        else findings.failedRow(shape, one, theirs[i]!, row);
      }
      return true;
    },
  };
}

function ofLiterals(asked: Corpus, findings: Findings): Work {
  const answer = ({ shape, sql }: Asked): Answering<Answer & { readonly bytes: boolean }>[] => {
    const one = ours(sql);
    if (one.error === 'bug') findings.add(shape, 'we break', sql, one.message ?? '', '');
    findings.took('literals', one.error === undefined);
    return [{ shape, sql, answer: one, gives: one.error === undefined }];
  };
  const batches = new Batches(asked.literals, answer, atOnce.literals, asked.refused);
  return {
    get taken() {
      return batches.taken;
    },
    async step(line) {
      await breathe();
      const batch = batches.next();
      if (batch === undefined) return false;
      const theirs = await ask(
        line,
        batch.map((one) => ({ sql: one.sql, bytes: one.answer.bytes })),
      );
      for (const [i, { shape, sql, answer: one, gives }] of batch.entries()) {
        if (gives) batches.learn(shape, theirs[i]!.error === 'failed');
        findings.compared(1);
        findings.literal(shape, sql, one, theirs[i]!);
      }
      return true;
    },
  };
}

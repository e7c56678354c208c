/* npm run fuzz -- queries: queries by chance over changelogs by chance, ours against a real Flink's.
 *
 *   seed ──▶ cases ──▶ ours ─┬─ answers ──▶ many in one job ─┬─▶ how they differ ──▶ causes
 *                            └─ refused ──▶ a few in one job ─┘
 *
 * Ours is held against itself too: over changes, and over the rows that are left of them. A case has a number: --case N
 * asks it again alone. */

import { writeFileSync } from 'node:fs';
import { casesText, fuzzedName, type FuzzedCase } from '../../../tests/conformance/fuzzed-cases.ts';
import type { Judge } from '../../conformance/judge.ts';
import { JudgeOfMany, type Line } from '../line.ts';
import type { Answer } from './answer.ts';
import { Causes } from './causes.ts';
import { difference, orderIsFixed } from './compare.ts';
import { QueryJudge } from './flink.ts';
import { caseOf, type QueryCase } from './generate.ts';
import { casesOf, type QueryFuzzOptions } from './options.ts';
import { ours } from './ours.ts';
import type { Printed } from './printed.ts';
import { unsettled } from './settled.ts';
import { settingsText } from './settings.ts';
import { shrunk } from './shrink.ts';

/** Cases in one job: those that run here, and those that do not, of which Flink may refuse most. */
const atOnce = { sound: 24, doubtful: 4 } as const;
const lines = 3;

interface Waiting {
  readonly asked: QueryCase;
  readonly answer: Answer;
}

/** Cases by what may be in one job: those under the same settings, and those alone that run here, or that do not. */
class WaitingCases {
  readonly #jobs = new Map<string, Waiting[]>();

  /** A job's worth of cases, where this one makes it. */
  add(one: Waiting): Waiting[] | undefined {
    const kind = one.answer.error === undefined ? 'sound' : 'doubtful';
    const key = `${kind} ${settingsText(one.asked.set)}`;
    const job = this.#jobs.get(key) ?? [];
    this.#jobs.set(key, job);
    job.push(one);
    return job.length >= atOnce[kind] ? job.splice(0) : undefined;
  }
  /** Those of a job that no other case will come to; none in the end. */
  rest(): Waiting[] {
    return [...this.#jobs.values()].find((job) => job.length > 0)?.splice(0) ?? [];
  }
}
const unnumbered = ({ number: _, ...asked }: QueryCase): FuzzedCase => asked;

export async function fuzzQueries(
  judge: Judge,
  printed: Printed,
  options: QueryFuzzOptions,
): Promise<Causes> {
  const theirs = await QueryJudge.start(new JudgeOfMany(judge), printed);
  try {
    return options.case === undefined
      ? await compareMany(theirs, options)
      : await compareOne(theirs, options, options.case);
  } finally {
    await theirs.close();
  }
}

async function compareOne(
  judge: QueryJudge,
  { seed, cases }: QueryFuzzOptions,
  number: number,
): Promise<Causes> {
  const causes = new Causes();
  const asked = caseOf(seed, number);
  const [mine, their] = [await ours(asked), await judge.askAlone(judge.line(), asked)];
  for (const table of asked.tables) {
    console.log(`${table.name} (${table.columns})`);
    for (const row of table.rows) console.log(`  ${JSON.stringify(row)}`);
  }
  console.log(`${fuzzedName(asked)};`);
  for (const [who, { error, message, columns, changes }] of [
    ['ours', mine],
    ['flink', their!],
  ] as const) {
    console.log(
      `\n${who}: ${error === undefined ? columns.map((c) => `${c.name} ${c.type}${c.nullable ? '' : ' NOT NULL'}`).join(', ') : `${error}: ${message}`}`,
    );
    for (const [kind, ...cells] of changes) console.log(`  ${kind} ${JSON.stringify(cells)}`);
  }
  compared(causes, asked, mine, their);
  for (const cause of cases === undefined ? [] : causes.all) {
    causes.replace(cause, await shrunk(judge, judge.line(), cause.shortest));
    writeFileSync(cases!, casesText([unnumbered(cause.shortest.asked)]));
  }
  return causes;
}

async function compareMany(judge: QueryJudge, options: QueryFuzzOptions): Promise<Causes> {
  const causes = new Causes();
  const started = performance.now();
  const left = casesOf(options);
  const waiting = new WaitingCases();
  const batch = async (): Promise<Waiting[]> => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      const asked = next.value;
      causes.counts.cases++;
      const answer = await ours(asked);
      const changed = await unsettled(asked, answer);
      if (changed !== undefined) causes.add({ asked, ...changed });
      const enough = waiting.add({ asked, answer });
      if (enough !== undefined) return enough;
    }
    return waiting.rest();
  };
  const work = async (line: Line): Promise<void> => {
    for (let some = await batch(); some.length > 0; some = await batch()) {
      const answers = await judge.ask(
        line,
        some.map((w) => w.asked),
      );
      for (const [i, { asked, answer }] of some.entries()) {
        const first = difference(asked, answer, answers[i]!);
        // A sink may get other changes than a client.
        const isDoubtful = first !== undefined && (first.way === 'rows' || first.way === 'changes');
        compared(causes, asked, answer, isDoubtful ? await judge.askAlone(line, asked) : answers[i]!);
      }
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      process.stderr.write(
        `\r${causes.counts.cases} queries, ${causes.all.length} causes, ${judge.renewals} new Flinks, ${seconds} s `,
      );
      if (options.report !== undefined) writeFileSync(options.report, `${causes.report()}\n`);
    }
  };
  await Promise.all(Array.from({ length: lines }, () => work(judge.line())));
  process.stderr.write('\n');
  if (options.cases !== undefined) await writeCases(judge, causes, options.cases);
  if (options.report !== undefined) writeFileSync(options.report, `${causes.report()}\n`);
  return causes;
}
async function writeCases(judge: QueryJudge, causes: Causes, file: string): Promise<void> {
  const line = judge.line();
  const cases: FuzzedCase[] = [];
  for (const [i, cause] of causes.all.entries()) {
    process.stderr.write(`\rshrinking ${i + 1} of ${causes.all.length} `);
    causes.replace(cause, await shrunk(judge, line, cause.shortest));
    cases.push(unnumbered(cause.shortest.asked));
    writeFileSync(file, casesText(cases));
  }
  process.stderr.write('\n');
}

function compared(causes: Causes, asked: QueryCase, mine: Answer, their: Answer): void {
  const { counts } = causes;
  if (mine.error !== undefined && their.error !== undefined) counts.bothRefuse++;
  if (mine.error === undefined && their.error === undefined) {
    counts.answered++;
    counts.changes += mine.changes.length;
    if (orderIsFixed(asked)) counts.rows++;
  }
  const found = difference(asked, mine, their);
  if (found !== undefined) causes.add({ asked, ...found });
}

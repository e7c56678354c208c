/* npm run fuzz -- queries: queries by chance over changelogs by chance, ours against a real Flink's.
 *
 *   seed ──▶ cases ──▶ ours ─┬─ answers ──▶ many in one job ─┬─▶ how they differ ──▶ causes
 *                            └─ refused ──▶ a few in one job ─┘
 *
 * A case has a number: --case N asks it again alone. */

import { writeFileSync } from 'node:fs';
import type { Judge } from '../../conformance/judge.ts';
import { JudgeOfMany, type Line } from '../line.ts';
import type { Answer } from './answer.ts';
import { Causes } from './causes.ts';
import { difference, orderIsFixed } from './compare.ts';
import { QueryJudge } from './flink.ts';
import { caseOf, type QueryCase } from './generate.ts';
import { ours } from './ours.ts';
import type { Printed } from './printed.ts';

export interface QueryFuzzOptions {
  readonly seed: number;
  readonly count: number;
  /** Stops after so long. */
  readonly minutes?: number;
  /** Only cases in whose text this regular expression is found. */
  readonly only?: string;
  /** This case alone, with both answers. */
  readonly case?: number;
  readonly report?: string;
}

/** Cases in one job: those that run here, and those that do not, of which Flink may refuse most. */
const atOnce = { sound: 14, doubtful: 4 } as const;
const lines = 3;

interface Waiting {
  readonly asked: QueryCase;
  readonly answer: Answer;
}

export async function fuzzQueries(
  judge: Judge,
  printed: Printed,
  options: QueryFuzzOptions,
): Promise<Causes> {
  const theirs = await QueryJudge.start(new JudgeOfMany(judge), printed);
  try {
    return options.case === undefined
      ? await compareMany(theirs, options)
      : await compareOne(theirs, options.seed, options.case);
  } finally {
    await theirs.close();
  }
}

async function compareOne(judge: QueryJudge, seed: number, number: number): Promise<Causes> {
  const causes = new Causes();
  const asked = caseOf(seed, number);
  const [mine, [their]] = [await ours(asked), await judge.ask(judge.line(), [asked])];
  for (const table of asked.tables) {
    console.log(`${table.name} (${table.columns})`);
    for (const row of table.rows) console.log(`  ${JSON.stringify(row)}`);
  }
  for (const text of [...asked.views, asked.sql]) console.log(`${text};`);
  for (const [who, { error, message, columns, changes }] of [
    ['ours', mine],
    ['flink', their!],
  ] as const) {
    console.log(
      `\n${who}: ${error === undefined ? columns.map((c) => `${c.name} ${c.type}${c.nullable ? '' : ' NOT NULL'}`).join(', ') : `${error}: ${message}`}`,
    );
    for (const [kind, ...cells] of changes) console.log(`  ${kind} ${JSON.stringify(cells)}`);
  }
  compared(causes, asked, mine, their!);
  return causes;
}

async function compareMany(judge: QueryJudge, options: QueryFuzzOptions): Promise<Causes> {
  const causes = new Causes();
  const started = performance.now();
  const until = options.minutes === undefined ? Infinity : started + options.minutes * 60_000;
  const only = options.only === undefined ? undefined : new RegExp(options.only);
  let next = 0;
  const take = (): QueryCase | undefined => {
    while (causes.counts.cases < options.count && performance.now() < until && next < options.count * 500) {
      const asked = caseOf(options.seed, next++);
      if (only !== undefined && ![asked.sql, ...asked.views].some((t) => only.test(t))) continue;
      causes.counts.cases++;
      return asked;
    }
    return undefined;
  };
  const doubtful: Waiting[] = [];
  const batch = async (): Promise<Waiting[]> => {
    const sound: Waiting[] = [];
    for (let asked = take(); asked !== undefined; asked = take()) {
      const answer = await ours(asked);
      (answer.error === undefined ? sound : doubtful).push({ asked, answer });
      if (doubtful.length >= atOnce.doubtful) return doubtful.splice(0);
      if (sound.length >= atOnce.sound) return sound;
    }
    return sound.length > 0 ? sound : doubtful.splice(0);
  };
  const work = async (line: Line): Promise<void> => {
    for (let waiting = await batch(); waiting.length > 0; waiting = await batch()) {
      const answers = await judge.ask(
        line,
        waiting.map((w) => w.asked),
      );
      for (const [i, { asked, answer }] of waiting.entries()) compared(causes, asked, answer, answers[i]!);
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      process.stderr.write(
        `\r${causes.counts.cases} queries, ${causes.all.length} causes, ${judge.renewals} new Flinks, ${seconds} s `,
      );
      if (options.report !== undefined) writeFileSync(options.report, `${causes.report()}\n`);
    }
  };
  await Promise.all(Array.from({ length: lines }, () => work(judge.line())));
  process.stderr.write('\n');
  return causes;
}

function compared(causes: Causes, asked: QueryCase, mine: Answer, their: Answer): void {
  const { counts } = causes;
  if (mine.error !== undefined && their.error !== undefined) counts.bothRefuse++;
  if (mine.error === undefined && their.error === undefined) {
    counts.bothAnswer++;
    counts.changes += mine.changes.length;
    if (orderIsFixed(asked)) counts.rows++;
  }
  const found = difference(asked, mine, their);
  if (found !== undefined) causes.add({ asked, ...found });
}

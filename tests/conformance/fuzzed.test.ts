/* Flink's answers to cases that the fuzzer of queries found, against ours. What is listed as a difference must differ
 * still. */

import { expect, test } from 'vitest';
import { difference, type Difference } from '../../tools/fuzz/queries/compare.ts';
import { ours, textsOf } from '../../tools/fuzz/queries/ours.ts';
import type { Answer } from '../../tools/fuzz/queries/answer.ts';
import type { Change } from '../../tools/fuzz/queries/printed.ts';
import { recorded, type QueryAnswer } from './answers.ts';
import { fuzzedCases, fuzzedName, type FuzzedCase } from './fuzzed-cases.ts';
import { listedDifference } from './known-query-differences.ts';

const answers = recorded('fuzzed');

/** How we differ from what Flink answered; names only where both give rows. */
async function compared(asked: FuzzedCase, answer: QueryAnswer): Promise<Difference | undefined> {
  const mine = await ours(asked);
  if (answer.error !== undefined) {
    if (mine.error !== undefined) return undefined;
    return { way: 'they refuse', ours: 'answers', theirs: answer.error };
  }
  const theirs: Answer =
    mine.error === undefined
      ? {
          columns: mine.columns.map((c, i) => ({ ...c, name: answer.columns![i]! })),
          changes: await theirChanges(asked, answer.changes as unknown as readonly Change[]),
        }
      : { columns: [], changes: [] };
  return difference({ ...asked, number: 0 }, mine, theirs);
}
/** What a sink holds is written down as we show it. */
const theirChanges = async (asked: FuzzedCase, changes: readonly Change[]): Promise<readonly Change[]> =>
  asked.into === undefined ? await textsOf(asked, changes) : changes;

test('every case has an answer', () => {
  expect(answers.map((a) => a.sql)).toEqual(fuzzedCases.map(fuzzedName));
});
test.each(fuzzedCases.map((asked, i) => ({ name: fuzzedName(asked), asked, answer: answers[i]! })))(
  '$name',
  async ({ asked, answer }) => {
    const found = await compared(asked, answer);
    if (asked.differs === true)
      expect(found !== undefined && listedDifference(asked, found) !== undefined).toBe(true);
    else expect(found).toBeUndefined();
  },
);

/* Flink's changes of joins whose rows come one at a time, against ours: what is late there is late here. The net result
 * must be the same. */

import { expect, test } from 'vitest';
import { recorded } from './answers.ts';
import { steppedJoinQueries } from './bounded-join-cases.ts';
import { queryDifferences } from './differences.ts';
import { net, parseCell } from './replay.ts';
import { stepwise } from './stepwise.ts';

const answers = recorded('stepped');
test('every query has an answer', () => {
  expect(answers.map((a) => a.sql)).toEqual(steppedJoinQueries);
});
test.each(answers.filter((a) => !queryDifferences.has(a.sql)))('$sql', async (answer) => {
  if (answer.error !== undefined) {
    await expect(stepwise(answer.sql)).rejects.toThrow();
    return;
  }
  const ours = await stepwise(answer.sql);
  const theirs = answer.changes!.map(([kind, ...cells]) => ({
    kind: kind!,
    row: cells.map((c, i) => parseCell(c, ours.fields[i]!.type)),
  }));
  expect(net(ours.changes)).toEqual(net(theirs));
});

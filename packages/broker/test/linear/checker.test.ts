/* The checker sees what it is there to see: a history that is right, and the same with one thing wrong. */

import { expect, test } from 'vitest';
import { violations } from './checker.ts';
import type { Fetched, History, Produced } from './history.ts';

const sent = (client: string, number: number, offset: number, begin: number, end: number): Produced => ({
  client,
  idempotent: client.startsWith('i'),
  number,
  values: [`${client}/${number}`],
  begin,
  end,
  outcome: offset < 0 ? 'unknown' : 'ok',
  offset,
});
const seen = (
  from: number,
  values: readonly string[],
  highWatermark: number,
  begin: number,
  end: number,
): Fetched => ({
  client: 'r',
  from,
  begin,
  end,
  records: values.map((value, i) => ({ offset: from + i, value })),
  highWatermark,
});

/** p/0 at 0, i/0 at 1, p/1 (nobody knows, but it is there) at 2, i/1 at 3; p/2 was refused. */
function right(): { produced: Produced[]; fetched: Fetched[]; log: { offset: number; value: string }[] } {
  return {
    produced: [
      sent('p', 0, 0, 1, 4),
      sent('i', 0, 1, 2, 6),
      sent('p', 1, -1, 7, Infinity),
      sent('i', 1, 3, 10, 13),
      { ...sent('p', 2, -1, 14, 15), outcome: 'refused' },
    ],
    fetched: [seen(0, ['p/0'], 1, 3, 5), seen(1, ['i/0', 'p/1'], 3, 8, 9), seen(3, ['i/1'], 4, 16, 17)],
    log: ['p/0', 'i/0', 'p/1', 'i/1'].map((value, offset) => ({ offset, value })),
  };
}
type Draft = ReturnType<typeof right>;

test('a history that is that of a log', () => {
  expect(violations(right())).toEqual([]);
  expect(violations({ produced: [], fetched: [], log: [] })).toEqual([]);
});

const planted: readonly (readonly [what: string, told: RegExp, plant: (h: Draft) => void])[] = [
  ['an acknowledged record is gone', /i\/1 was acknowledged at 3 and is missing/, (h) => h.log.pop()],
  [
    'an acknowledged record is elsewhere',
    /p\/0 was acknowledged at 0 and is at 1/,
    (h) => {
      [h.log[0]!.value, h.log[1]!.value] = ['i/0', 'p/0'];
    },
  ],
  ['a record stands twice', /i\/0 stands at 1 and 4/, (h) => h.log.push({ offset: 4, value: 'i/0' })],
  ['a refused record is there', /p\/2 was refused/, (h) => h.log.push({ offset: 4, value: 'p/2' })],
  ['an offset is left out', /record 3 of the log has offset 4/, (h) => (h.log[3]!.offset = 4)],
  [
    'what was sent later stands earlier',
    /p\/0 stands at 0, but 1 was acknowledged before it was sent/,
    (h) => (h.produced[0] = sent('p', 0, 0, 7, 8)),
  ],
  [
    'what nobody acknowledged stands before what was acknowledged when it was sent',
    /p\/1 stands at 2, but 3 was acknowledged/,
    (h) => (h.produced[2] = sent('p', 1, -1, 14, Infinity)),
  ],
  [
    'batches of an idempotent producer changed places',
    /batch 1 of i stands before an earlier one/,
    (h) => {
      h.produced[1] = sent('i', 1, 1, 2, 12);
      h.produced[3] = sent('i', 0, 3, 2, 13);
      h.log[1]!.value = 'i/1';
      h.log[3]!.value = 'i/0';
      h.fetched = [];
    },
  ],
  ['a read leaves one out', /r read 3 where 2 is next/, (h) => (h.fetched[1] = gap())],
  [
    'a read gives another record',
    /r read x at 3, where i\/1 is/,
    (h) => (h.fetched[2] = seen(3, ['x'], 4, 16, 17)),
  ],
  [
    'a read goes beyond the end',
    /r read beyond the end 3/,
    (h) => (h.fetched[2] = seen(3, ['i/1'], 3, 11, 12)),
  ],
  [
    'the end is behind the log',
    /r saw the end at 5 of 4/,
    (h) => (h.fetched[2] = seen(3, ['i/1'], 5, 16, 17)),
  ],
  ['the end goes back', /r saw the end at 2, after 3/, (h) => h.fetched.push(seen(1, ['i/0'], 2, 10, 11))],
  [
    'a reader does not see what was acknowledged',
    /r saw the end at 3; 3 was acknowledged/,
    (h) => (h.fetched[2] = seen(2, ['p/1'], 3, 16, 17)),
  ],
  [
    'a reader sees what was not sent yet',
    /r saw the end at 4 before i\/1 was sent/,
    (h) => (h.fetched[1] = seen(1, ['i/0', 'p/1', 'i/1'], 4, 8, 9)),
  ],
];
const gap = (): Fetched => ({
  ...seen(1, ['i/0'], 4, 11, 14),
  records: [
    { offset: 1, value: 'i/0' },
    { offset: 3, value: 'i/1' },
  ],
});

test.each(planted)('%s', (_, told, plant) => {
  const history = right();
  plant(history);
  const found = violations(history as History);
  expect(found.join('\n')).toMatch(told);
});

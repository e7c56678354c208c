/* Asynchronous operators: rows in flight are part of the snapshot, answers may come in any order, and nothing passes a
 * mark. The lookup answers when the test says so. */

import { expect, test } from 'vitest';
import { limits, UserError } from '#base';
import { types, type Row } from '#data';
import type { Lookup, UnreadRow } from '../src/contracts/index.ts';
import { batchOf, bench, moved, pushAll, said, TestOutput, type Bench } from './harness.ts';

const { INT, STRING } = types;
const left = [INT, INT];
const joined = [INT, INT, INT, STRING];

/** Answers by hand. */
class SlowLookup implements Lookup {
  readonly asked: {
    readonly key: number;
    readonly answer: (rows: readonly Row[]) => void;
    readonly unread: ((row: UnreadRow) => void) | undefined;
    readonly fail: (error: unknown) => void;
  }[] = [];
  async open(): Promise<void> {}
  findAsync(key: Row, unread?: (row: UnreadRow) => void): Promise<readonly Row[]> {
    return new Promise((answer, fail) => {
      this.asked.push({ key: key[0] as number, answer, unread, fail });
    });
  }
  /** Answers the questions for `key`, then lets the operator hear it. */
  async answer(key: number, ...names: readonly string[]): Promise<void> {
    for (const q of this.asked) if (q.key === key) q.answer(names.map((name) => [key, name]));
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  /** As `answer`, with a row in front that cannot be read. */
  async answerWithUnread(key: number, ...names: readonly string[]): Promise<void> {
    const error = new UserError('JDBC1007', { message: 'cannot be read' });
    for (const q of this.asked) if (q.key === key) q.unread!({ error, place: 'slow', row: `bad ${key}` });
    await this.answer(key, ...names);
  }
  async close(): Promise<void> {}
}

function make(lookup: Lookup, changes: { ordered?: boolean; capacity?: number; left?: boolean } = {}): Bench {
  return bench(
    'lookup-join',
    {
      connector: 'slow',
      table: undefined,
      lookedUp: [
        { name: 'id', type: INT },
        { name: 'name', type: STRING },
      ],
      keys: [{ right: 0, left: 1 }],
      left: true,
      condition: undefined,
      async: true,
      ordered: true,
      capacity: 100,
      ...changes,
    },
    left,
    joined,
    lookup,
  );
}
/** Takes out what is ready. */
function collect({ operator, outputTypes }: Bench): string[] {
  const out = new TestOutput();
  while (operator.busy) operator.resume(out);
  return said(out, outputTypes);
}

test('ordered: rows go out in the order in which they came, whatever the order of answers', async () => {
  const lookup = new SlowLookup();
  const made = make(lookup);
  pushAll(made.operator, batchOf(left, ['+ 1 10', '+ 2 20', '@ 5', '-U 3 30']), new TestOutput());
  expect(made.operator.pending).toBe(3);
  await lookup.answer(20, 'b');
  expect(made.wakes).toBe(1);
  expect(collect(made)).toEqual([]);
  await lookup.answer(10, 'a', 'aa');
  expect(collect(made)).toEqual(['+ 1 10 10 a', '+ 1 10 10 aa', '+ 2 20 20 b', '@ 5']);
  await lookup.answer(30);
  expect(collect(made)).toEqual(['-U 3 30 NULL NULL']);
  expect(made.operator.pending).toBe(0);
});

test('unordered: rows go out as they are answered, but none passes a mark', async () => {
  const lookup = new SlowLookup();
  const made = make(lookup, { ordered: false, left: false });
  pushAll(made.operator, batchOf(left, ['+ 1 10', '+ 2 20', '@ 5', '+ 3 30']), new TestOutput());
  await lookup.answer(30, 'c');
  expect(collect(made)).toEqual([]);
  await lookup.answer(20, 'b');
  expect(collect(made)).toEqual(['+ 2 20 20 b']);
  await lookup.answer(10, 'a');
  expect(collect(made)).toEqual(['+ 1 10 10 a', '@ 5', '+ 3 30 30 c']);
});

test('an answer of very many rows goes out in batches of bounded size, and counts as held until then', async () => {
  const lookup = new SlowLookup();
  const made = make(lookup);
  const found = 3 * limits.batchRowsMax + 5;
  pushAll(made.operator, batchOf(left, ['+ 1 10', '@ 5']), new TestOutput());
  const before = made.operator.stateBytes;
  await lookup.answer(10, ...Array.from({ length: found }, (_, i) => `name ${i}`));
  expect(made.operator.stateBytes).toBeGreaterThan(before + found * 16);
  const out = new TestOutput();
  while (made.operator.busy) made.operator.resume(out);
  expect(out.emitted.map((b) => b.rows)).toEqual([4096, 4096, 4096, 5]);
  expect(said(out, joined).at(-1)).toBe('@ 5');
  // The list of free slots stays.
  expect(made.operator.stateBytes).toBeLessThan(before + 200);
});

test('NULL equals nothing: it is not asked', () => {
  const lookup = new SlowLookup();
  const made = make(lookup);
  const out = new TestOutput();
  pushAll(made.operator, batchOf(left, ['+ 1 NULL']), out);
  expect(said(out, joined)).toEqual(['+ 1 NULL NULL NULL']);
  expect(lookup.asked).toEqual([]);
});

test('at most `capacity` rows are in flight: push returns short without being busy', async () => {
  const lookup = new SlowLookup();
  const made = make(lookup, { capacity: 2 });
  const batch = batchOf(left, ['+ 1 10', '+ 2 20', '+ 3 30']);
  const out = new TestOutput();
  expect(made.operator.push(0, batch, 0, out)).toBe(2);
  expect(made.operator.busy).toBe(false);
  await lookup.answer(10, 'a');
  expect(collect(made)).toEqual(['+ 1 10 10 a']);
  expect(made.operator.push(0, batch, 2, out)).toBe(3);
  expect(lookup.asked.map((q) => q.key)).toEqual([10, 20, 30]);
});

test.each([true, false])(
  'rows in flight are in the snapshot, and asked again after the restore (ordered: %s)',
  async (ordered) => {
    const before = new SlowLookup();
    const first = make(before, { ordered });
    pushAll(first.operator, batchOf(left, ['+ 1 10', '@ 5', '+ 2 20', '- 3 30', '@ 8']), new TestOutput());
    const after = new SlowLookup();
    const second = make(after, { ordered });
    moved(first.operator, second.operator);
    expect(after.asked).toEqual([]);
    expect(collect(second)).toEqual([]);
    expect(after.asked.map((q) => q.key)).toEqual([10, 20, 30]);
    await after.answer(30, 'c');
    await after.answer(20, 'b');
    await after.answer(10, 'a');
    const out = collect(second);
    expect(out).toEqual(['+ 1 10 10 a', '@ 5', '+ 2 20 20 b', '- 3 30 30 c', '@ 8']);
  },
);

test('an answer that fails, fails the operator', async () => {
  const lookup = new SlowLookup();
  const made = make(lookup);
  pushAll(made.operator, batchOf(left, ['+ 1 10']), new TestOutput());
  lookup.asked[0]!.fail(new Error('the table is gone'));
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect(made.operator.busy).toBe(true);
  expect(() => collect(made)).toThrow('the table is gone');
});

test('rows that cannot be read are told of when the row goes out that found them, and not before', async () => {
  const lookup = new SlowLookup();
  const made = make(lookup);
  pushAll(made.operator, batchOf(left, ['+ 1 10', '+ 2 20', '+ 3 20']), new TestOutput());
  await lookup.answerWithUnread(20, 'b');
  expect(collect(made)).toEqual([]);
  expect(made.unread).toEqual([]);
  // A crash now asks again, and tells again: nothing was told yet.
  const after = new SlowLookup();
  const second = make(after);
  moved(made.operator, second.operator);
  collect(second);
  await after.answerWithUnread(20, 'b');
  await after.answerWithUnread(10);
  expect(collect(second)).toEqual(['+ 1 10 NULL NULL', '+ 2 20 20 b', '+ 3 20 20 b']);
  expect(second.unread).toEqual(['bad 10', 'bad 20', 'bad 20']);
  expect(second.counters.get('numRowsLookedUp')).toBe(5);
});

test('a full output holds answers back until it is resumed', async () => {
  const lookup = new SlowLookup();
  const made = make(lookup, { capacity: 10_000 });
  pushAll(
    made.operator,
    batchOf(
      left,
      Array.from({ length: 6000 }, (_, i) => `+ ${i} 10`),
    ),
    new TestOutput(),
  );
  await lookup.answer(10, 'a', 'b');
  const out = new TestOutput(1);
  expect(made.operator.resume(out)).toBe('more');

  while (made.operator.busy) {
    out.drain();
    made.operator.resume(out);
  }
  const rows = out.emitted.reduce((n, b) => n + b.rows, 0);
  expect(rows).toBe(12_000);
});

/** Knows some keys without being asked: those below 50, by their last digit so many rows. */
class KnowingLookup extends SlowLookup {
  known([key]: Row, unread?: (row: UnreadRow) => void): readonly Row[] | undefined {
    const id = key as number;
    const error = new UserError('JDBC1007', { message: 'cannot be read' });
    if (id === 49) unread!({ error, place: 'known', row: `bad ${id}` });
    return id < 50 ? Array.from({ length: id % 10 }, (_, i) => [id, `n${i}`]) : undefined;
  }
}

test('what is known goes out at once, in its place among rows that are asked for', async () => {
  const lookup = new KnowingLookup();
  const made = make(lookup);
  const out = new TestOutput();
  const rows = ['+ 1 2', '@ 5', '-U 2 NULL', '- 3 10', '+ 4 50', '+ 5 1', '@ 7', '+ 6 51', '+ 7 1'];
  pushAll(made.operator, batchOf(left, rows), out);
  expect(said(out, joined)).toEqual([
    '+ 1 2 2 n0',
    '+ 1 2 2 n1',
    '@ 5',
    '-U 2 NULL NULL NULL',
    '- 3 10 NULL NULL',
  ]);
  expect(lookup.asked.map((q) => q.key)).toEqual([50, 51]);
  await lookup.answer(51, 'y');
  expect(collect(made)).toEqual([]);
  await lookup.answer(50, 'x');
  expect(collect(made)).toEqual(['+ 4 50 50 x', '+ 5 1 1 n0', '@ 7', '+ 6 51 51 y', '+ 7 1 1 n0']);
});

test('known rows that cannot be read are told of once, with the row that goes out', () => {
  const made = make(new KnowingLookup(), { left: false });
  const out = new TestOutput();
  // 9 answers of 9 rows do not fit behind 4,095 rows: the last row is taken at another call.
  const keys = [...Array.from({ length: 4095 }, () => 1), 49, 49];
  const batch = batchOf(
    left,
    keys.map((key, i) => `+ ${i} ${key}`),
  );
  for (let row = 0; row < batch.rows; ) {
    row = made.operator.push(0, batch, row, out);
    while (made.operator.busy) made.operator.resume(out);
  }
  expect(said(out, joined)).toHaveLength(4095 + 18);
  expect(made.unread).toEqual(['bad 49', 'bad 49']);
  expect(made.counters.get('numRowsLookedUp')).toBe(4095 + 20);
});

test.each([true, false])('known rows of a LEFT JOIN (%s) fill batches of bounded size', (isLeft) => {
  const made = make(new KnowingLookup(), { left: isLeft });
  const keys = Array.from({ length: 3000 }, (_, i) => (i * 7) % 50);
  const out = new TestOutput();
  const batch = batchOf(left, [...keys.map((key, i) => `+ ${i} ${key}`), '@ 9']);
  for (let row = 0; row < batch.rows; ) {
    row = made.operator.push(0, batch, row, out);
    while (made.operator.busy) made.operator.resume(out);
  }
  const expected = keys.flatMap((key, i) =>
    key % 10 === 0
      ? isLeft
        ? [`+ ${i} ${key} NULL NULL`]
        : []
      : Array.from({ length: key % 10 }, (_, k) => `+ ${i} ${key} ${key} n${k}`),
  );
  expect(said(out, joined)).toEqual([...expected, '@ 9']);
  expect(Math.max(...out.emitted.map((b) => b.rows))).toBeLessThanOrEqual(limits.batchRowsMax);
});

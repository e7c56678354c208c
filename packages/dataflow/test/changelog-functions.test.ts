/* TO_CHANGELOG and FROM_CHANGELOG over changes by chance: there and back a changelog is what it was, marks and all, and each
 * row on the way says what it is. */

import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { types, type LogicalType } from '#data';
import type { FromChangelogSpec, ToChangelogSpec } from '#job';
import { batchOf, bench, pushAll, said, TestOutput } from './harness.ts';

const { INT, STRING } = types;
const row: LogicalType[] = [STRING, INT];
const signs = ['+', '-U', '+U', '-'] as const;
const names = ['INSERT', 'UPDATE_BEFORE', 'UPDATE_AFTER', 'DELETE'];

const line = fc.oneof(
  fc.tuple(fc.constantFrom(...signs), fc.constantFrom('a', 'bb', 'NULL'), fc.integer({ min: 0, max: 9 })),
  fc.integer({ min: 0, max: 99 }).map((at) => ['@', at] as const),
);
/** Marks only grow. */
const lines = fc.array(line, { maxLength: 40 }).map((all) => {
  let mark = 0;
  return all.map((l) => (l[0] === '@' ? `@ ${(mark += l[1] as number)}` : l.join(' ')));
});

function through(
  kind: 'to-changelog' | 'from-changelog',
  spec: ToChangelogSpec | FromChangelogSpec,
  input: readonly LogicalType[],
  output: readonly LogicalType[],
  given: readonly string[],
): string[] {
  const { operator } = bench(kind, spec, input, output);
  const out = new TestOutput();
  pushAll(operator, batchOf(input, given), out);
  return said(out, output);
}
const to = (codes: ToChangelogSpec['codes'], given: readonly string[]): string[] =>
  through('to-changelog', { codes, onTime: undefined }, row, [STRING, ...row], given);
const codes = names.map((name, kind) => [name, kind] as const);
const from = (op: number, input: readonly LogicalType[], given: readonly string[]): string[] =>
  through(
    'from-changelog',
    { op, type: STRING, codes },
    input,
    input.filter((_, i) => i !== op),
    given,
  );

function plain(given: readonly string[]): string[] {
  const { operator } = bench('union', { updateBefore: 'keep' }, row, row);
  const out = new TestOutput();
  pushAll(operator, batchOf(row, given), out);
  return said(out, row);
}

describe('changes as rows', () => {
  test('each says its change, and marks stay where they are', () => {
    fc.assert(
      fc.property(lines, (given) => {
        const expected = plain(given).map((l) => {
          const [sign, ...cells] = l.split(' ');
          return sign === '@' ? l : ['+', names[signs.indexOf(sign as '+')], ...cells].join(' ');
        });
        expect(to(names, given)).toEqual(expected);
      }),
    );
  });
  test('those without a code are left out', () => {
    fc.assert(
      fc.property(lines, fc.subarray([0, 1, 2, 3]), (given, kept) => {
        const some = names.map((n, i) => (kept.includes(i) ? n : undefined));
        const rows = (all: readonly string[]): string[] => all.filter((l) => !l.startsWith('@'));
        const expected = rows(to(names, given)).filter((l) => some.includes(l.split(' ')[1]));
        expect(rows(to(some, given))).toEqual(expected);
      }),
    );
  });
  test('there and back a changelog is what it was', () => {
    fc.assert(
      fc.property(lines, (given) => {
        expect(from(0, [STRING, ...row], to(names, given))).toEqual(plain(given));
      }),
    );
  });
  test('the op column may stand anywhere', () => {
    expect(from(1, [INT, STRING, STRING], ['+ 1 DELETE x', '+ 2 INSERT y'])).toEqual(['- 1 x', '+ 2 y']);
  });
  test('a code that nobody knows stops the job, and so does none', () => {
    expect(() => from(0, [STRING, ...row], ['+ insert a 1'])).toThrow("invalid op code 'insert'");
    expect(() => from(0, [STRING, ...row], ['+ NULL a 1'])).toThrow('NULL op code');
  });
});

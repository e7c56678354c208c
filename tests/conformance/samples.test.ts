/* Flink's answers to one expression of each call shape, over columns with 24 values of each type, against ours: the
 * interpreter's and generated code's. */

import { describe, expect, test } from 'vitest';
import { oursOver } from '../../tools/fuzz/columns.ts';
import { withValues } from '../../tools/fuzz/findings.ts';
import { recorded } from './answers.ts';
import { knownDifferences } from './known-differences.ts';

const answers = recorded('samples');

describe('samples', () => {
  test('there are enough of them', () => {
    const values = answers.reduce((n, a) => n + Object.keys(a.values).length, 0);
    expect(values).toBeGreaterThan(3000);
  });
  test.each(answers)('$sql', ({ sql, shape, type, values }) => {
    const ours = oursOver(sql);
    expect(ours.compiled, 'generated code').toBeUndefined();
    const known = (how: string, mine: string, theirs: string, shown = sql): boolean =>
      knownDifferences.some((k) => k.matches?.({ shape, how, sql: shown, ours: mine, theirs }) === true);
    const text = (v: string | null | undefined): string =>
      v === undefined ? '(fails)' : v === null ? 'NULL' : JSON.stringify(v);
    for (const [row, theirs] of Object.entries(values)) {
      const mine = ours.values[Number(row)];
      if (mine === theirs) continue;
      const how = mine === null ? 'NULL of ours' : theirs === null ? 'NULL of theirs' : 'value';
      if (!known(how, text(mine), text(theirs), withValues(sql, Number(row))))
        expect({ row, value: mine }).toEqual({ row, value: theirs });
    }
    if (ours.type !== type && !known(typeHow(ours.type, type), ours.type ?? '', type))
      expect(ours.type).toBe(type);
  });
});

const bare = (type: string | undefined): string => (type ?? '').replaceAll(' NOT NULL', '');
const typeHow = (ours: string | undefined, theirs: string): string =>
  bare(ours) === bare(theirs) ? 'nullability' : 'type';

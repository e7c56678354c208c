/* Whether samples are of one distribution: the test against SciPy 1.17, and columns of files that changed and that did not. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { checksNamed, openFile, profileTable, suiteOfChecks, validateTable, type Profile } from '#quality';
import { chiSquareTail, homogeneity } from '../src/statistics/chi-square.ts';

test.each([
  [0.1, 1, 0.7518296340458492],
  [3.84, 1, 0.05004352124870519],
  [10, 3, 0.01856613546304325],
  [2, 5, 0.8491450360846096],
  [30, 9, 0.00043872177097947936],
  [9, 9, 0.43727418891386693],
  [100, 20, 1.2596084591660847e-12],
  [300, 19, 2.0005232442947767e-52],
  [0.5, 40, 1],
  [0.001, 2, 0.9995001249791693],
])('what lies above %d with %d degrees of freedom', (value, degrees, expected) => {
  const found = chiSquareTail(value, degrees);
  expect(Math.abs(found / expected - 1)).toBeLessThan(1e-10);
});
test.each([
  [[10, 20, 30], [12, 18, 40], 0.9520554633336575, 2, 0.6212462538144468],
  [[100, 100, 5], [9, 3, 4], 21.58987582683345, 2, 2.0503029271059968e-5],
  [[1000, 2000, 10, 4], [990, 2100, 30, 0], 14.661896617814325, 3, 0.002129609441264483],
  [[5, 0, 0], [3, 2, 1], 3.4375, 2, 0.17929012055011861],
  [[5, 0, 7, 0], [3, 0, 2, 0], 0.47615740740740753, 1, 0.4901680280687787],
])('samples %j and %j', (first, second, chiSquared, degrees, pValue) => {
  const found = homogeneity(first, second);
  expect(found.degrees).toBe(degrees);
  expect(found.chiSquared).toBeCloseTo(chiSquared, 10);
  expect(Math.abs(found.pValue / pValue - 1)).toBeLessThan(1e-9);
});

describe('the check "drift"', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-drift-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const rng = new Rng(7);
  /** Columns: skewed, a set, text of many values. */
  const file = (rows: number, scale: number, share: number): string => {
    const path = join(folder, `${rows}-${scale}-${share}.csv`);
    const line = (i: number): string =>
      `${Math.exp(rng.double() * 8) * scale},${rng.double() < share ? 'a' : 'b'},n${i}`;
    writeFileSync(path, `skewed,kind,name\n${Array.from({ length: rows }, (_, i) => line(i)).join('\n')}\n`);
    return path;
  };
  const profileOf = async (path: string): Promise<Profile> => {
    const table = await openFile(path);
    try {
      return await profileTable(table);
    } finally {
      await table.close();
    }
  };
  const drifted = async (baseline: Profile, path: string): Promise<string[]> => {
    const table = await openFile(path);
    try {
      const { suite } = suiteOfChecks(checksNamed('drift'), {
        columns: table.columns,
        schema: undefined,
        key: [],
        baseline,
        references: new Map(),
        timestampColumn: undefined,
        maxAgeMs: 0,
        minCompleteness: 1,
        nowMs: 0,
      });
      const { results } = await validateTable(table, suite, { nowMs: 0 });
      expect(results.map((r) => r.exception_info.exception_message)).toEqual(results.map(() => null));
      return results.filter((r) => !r.success).map((r) => String(r.expectation_config.kwargs['column']));
    } finally {
      await table.close();
    }
  };

  test('bins hold about as many values each, however skewed the column is', async () => {
    const profile = await profileOf(file(2000, 1, 0.5));
    const { counts, bins } = profile.columns[0]!.histogram!;
    expect([counts.length, bins.length]).toEqual([10, 11]);
    for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(40);
  });
  test('small samples of one distribution are no drift, though they differ much', async () => {
    const baseline = await profileOf(file(40, 1, 0.5));
    for (let i = 0; i < 8; i++) expect(await drifted(baseline, file(30 + i, 1, 0.5))).toEqual([]);
  });
  test('a large change is, of a few hundred rows; a sure one that is small is not', async () => {
    const baseline = await profileOf(file(2000, 1, 0.5));
    expect(await drifted(baseline, file(300, 3, 0.5))).toEqual(['skewed']);
    expect(await drifted(baseline, file(300, 1, 0.8))).toEqual(['kind']);
    // Beyond the greatest of then.
    expect(await drifted(baseline, file(400, 1e6, 0.5))).toEqual(['skewed']);
    expect(await drifted(baseline, file(20_000, 1, 0.57))).toEqual([]);
  });
  test('a set with values that were not there', async () => {
    const baseline = await profileOf(file(2000, 1, 0.5));
    const path = join(folder, 'more.csv');
    writeFileSync(
      path,
      `kind\n${Array.from({ length: 300 }, (_, i) => ['a', 'b', 'c'][i % 3]).join('\n')}\n`,
    );
    expect(await drifted(baseline, path)).toEqual(['kind']);
  });
});

/* The fuzzer of queries without Flink: what it makes is the same for a seed, whatever it makes runs here or is refused by
 * name, and gives the same when its rows come one at a time, and over what is left of changes; what it leaves out of a case leaves a case. */

import { describe, expect, test } from 'vitest';
import { parseStatement } from '#sql';
import { TestBoard } from '#testkit';
import { cutByRow } from '../../packages/testkit/src/board.ts';
import { net } from '../../tools/fuzz/queries/compare.ts';
import { caseOf, type QueryCase } from '../../tools/fuzz/queries/generate.ts';
import { ours } from '../../tools/fuzz/queries/ours.ts';
import { Printed } from '../../tools/fuzz/queries/printed.ts';
import { unsettled } from '../../tools/fuzz/queries/settled.ts';
import { smallerQueries } from '../../tools/fuzz/queries/smaller-queries.ts';
import { narrowed, smallerTables } from '../../tools/fuzz/queries/smaller-tables.ts';

const seed = 20;
const cases = Array.from({ length: 80 }, (_, number) => caseOf(seed, number));

test('what is left of a query over changes is what it gives over the rows that are left, and of three instances', async () => {
  for (const asked of cases)
    expect(await unsettled(asked, await ours(asked)), `case ${asked.number}: ${asked.sql}`).toBeUndefined();
}, 60_000);

test('a number is one case, asked alone or in a row', () => {
  for (const number of [79, 3, 57]) expect(caseOf(seed, number)).toEqual(cases[number]);
  expect(caseOf(seed + 1, 3)).not.toEqual(cases[3]);
});

test('each case is answered, or refused by name, and batches make no difference', async () => {
  const refused: string[] = [];
  for (const asked of cases) {
    const together = await ours(asked);
    if (together.error !== undefined) {
      expect(`${together.error} ${together.message}`, asked.sql).toMatch(/^(refused|failed) [A-Z]{3,4}\d{4}/);
      refused.push(asked.sql);
      continue;
    }
    // Rows of two sources come in another order then.
    if (asked.tables.length > 1) continue;
    const byRow = new TestBoard();
    byRow.cut = cutByRow;
    const alone = await ours(asked, byRow);
    expect(net(alone.changes), asked.sql).toEqual(net(together.changes));
  }
  expect(refused.length).toBeLessThan(cases.length / 10);
}, 60_000);

describe('a smaller case', () => {
  test('is a query still, mostly, and no longer than it was', () => {
    const forms = smallerQueries(
      "SELECT a, COUNT(*) AS n FROM (SELECT a, b FROM t WHERE b > 1 AND a = 'x') AS q GROUP BY a HAVING COUNT(*) > 1",
    );
    for (const form of [
      "SELECT `a`, `b` FROM `t` WHERE `b` > 1 AND `a` = 'x'",
      "SELECT `a`, COUNT(*) AS `n` FROM (SELECT `a`, `b` FROM `t` WHERE `b` > 1 AND `a` = 'x') AS `q` GROUP BY `a`",
      'SELECT `a`, COUNT(*) AS `n` FROM (SELECT `a`, `b` FROM `t` WHERE `b` > 1) AS `q` GROUP BY `a` HAVING COUNT(*) > 1',
    ])
      expect(forms).toContain(form);
    const parses = (form: string): boolean => {
      try {
        return parseStatement(form).kind === 'select-statement';
      } catch {
        return false;
      }
    };
    expect(forms.filter(parses).length).toBeGreaterThan(forms.length / 2);
  });
  test('takes back no row that did not come', () => {
    const changing = cases.flatMap((c) => c.tables).filter((t) => t.gives === 'changes' && t.rows.length > 8);
    expect(changing.length).toBeGreaterThan(3);
    for (const table of changing.slice(0, 8))
      for (const { rows } of smallerTables(table)) {
        expect(rows.length).toBeLessThan(table.rows.length);
        const live: string[] = [];
        for (const [kind, ...cells] of rows) {
          const row = JSON.stringify(cells);
          if (kind === '+I' || kind === '+U') live.push(row);
          else expect(live.splice(live.indexOf(row), 1)).toEqual([row]);
        }
      }
  });
  test('has the columns that it names', () => {
    const table = narrowed(
      {
        name: 't',
        columns:
          'id INT NOT NULL, p DECIMAL(10, 2), xs ARRAY<INT>, ts TIMESTAMP(3), proc AS PROCTIME(), WATERMARK FOR ts AS ts',
        fields: ['id', 'p', 'xs', 'ts'],
        gives: 'changes',
        rows: [['+I', 1, 2.5, [1], '2024-01-01 00:00:00']],
      },
      'SELECT xs FROM t',
    );
    expect(table.columns).toBe('xs ARRAY<INT>, ts TIMESTAMP(3), WATERMARK FOR ts AS ts');
    expect(table.rows).toEqual([['+I', [1], '2024-01-01 00:00:00']]);
  });
});

test('what print sinks write is read by name, however it is cut', async () => {
  const printed = new Printed();
  printed.take('WARN something\nq7-1> +I[["1",null]]\nq7-2> -U[["a,]b"]');
  printed.take(']\nq7-1> -D[["1",null]]\n');
  await printed.settled();
  expect(printed.of('q7-1')).toEqual([
    ['+I', '1', null],
    ['-D', '1', null],
  ]);
  expect(printed.of('q7-2')).toEqual([['-U', 'a,]b']]);
  expect(printed.of('q7-1')).toEqual([]);
});

/** Views that a case does not read are not in it, nor tables. */
const reads = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
test('a case has what it reads', () => {
  const used = ({ views, sql }: QueryCase): string => [...views, sql].join(' ');
  for (const asked of cases) {
    for (const table of asked.tables) expect(reads(used(asked), table.name)).toBe(true);
    for (const [i, view] of asked.views.entries())
      expect(reads([...asked.views.slice(i + 1), asked.sql].join(' '), view.split(' ')[2]!)).toBe(true);
  }
});

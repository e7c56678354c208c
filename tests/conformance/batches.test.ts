/* What Flink answered in batch mode, beside ours. Groups come in no order. */

import { describe, expect, test } from 'vitest';
import { toMillraceError } from '#base';
import { TestBoard } from '#testkit';
import { recorded } from './answers.ts';
import { batchDifferences } from './batch-differences.ts';
import { batchQueries, batchSetting } from './batch-cases.ts';
import { tables } from './cases.ts';
import { changesOf, engineWith, net, parseCell } from './replay.ts';

describe('batches', () => {
  const answers = recorded('batches');
  test('every case has an answer', () => {
    expect(answers.map((a) => a.sql)).toEqual(batchQueries);
  });
  test.each(answers)('$sql', async (answer) => {
    const engine = await engineWith(new TestBoard(), tables, [batchSetting]);
    const ours = await changesOf(engine, answer.sql).catch((error: unknown) => ({ error }));
    const refused = 'error' in ours;
    if (refused) expect(toMillraceError(ours.error).class).not.toBe('bug');
    const differs = batchDifferences.has(answer.sql);
    if (differs && refused !== (answer.error !== undefined)) return;
    if (answer.error !== undefined) {
      expect(refused).toBe(true);
      return;
    }
    if (refused) throw ours.error;
    expect(ours.fields.map((f) => f.name)).toEqual(answer.columns);
    const theirs = answer.changes!.map(([kind, ...cells]) => ({
      kind: kind!,
      row: cells.map((c, i) => parseCell(c, ours.fields[i]!.type)),
    }));
    if (differs) expect(net(ours.changes)).not.toEqual(net(theirs));
    else expect(net(ours.changes)).toEqual(net(theirs));
  });
  test('every listed difference is one of a query', () => {
    expect([...batchDifferences.keys()].filter((sql) => !batchQueries.includes(sql))).toEqual([]);
  });
});

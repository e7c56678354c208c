/* Flink's changes of windows that go out before they close, and of late rows, beside ours. */

import { describe, expect, test } from 'vitest';
import { TestBoard } from '#testkit';
import { recorded } from './answers.ts';
import { tables } from './cases.ts';
import { changelogTables } from './changelog-cases.ts';
import { emitDifferences } from './differences.ts';
import { emitCases, emitName } from './emit-cases.ts';
import { changesOf, engineWith, net, inOrder, parseCell, run } from './replay.ts';

describe('emits', () => {
  const answers = recorded('emits');
  test('every case has an answer', () => {
    expect(answers.map((a) => a.sql)).toEqual(emitCases.map(emitName));
  });
  test.each(emitCases.map((c, i) => ({ ...c, name: emitName(c), answer: answers[i]! })))(
    '$name',
    async ({ name, set, query, answer }) => {
      const engine = await engineWith(new TestBoard(), [...tables, ...changelogTables]);
      for (const [k, v] of Object.entries(set)) await run(engine, `SET '${k}' = '${v}'`);
      if (answer.error !== undefined) {
        await expect(changesOf(engine, query)).rejects.toThrow();
        return;
      }
      const ours = await changesOf(engine, query);
      const theirs = answer.changes!.map(([kind, ...cells]) => ({
        kind: kind!,
        row: cells.map((c, i) => parseCell(c, ours.fields[i]!.type)),
      }));
      expect(ours.fields.map((f) => f.name)).toEqual(answer.columns);
      // Windows that one watermark closes come in no order.
      const exact = set['table.exec.emit.early-fire.delay'] === '0 s' && !query.includes('HAVING');
      if (emitDifferences.has(name)) expect(inOrder(ours.changes)).not.toEqual(inOrder(theirs));
      else if (exact) expect(inOrder(ours.changes)).toEqual(inOrder(theirs));
      expect(net(ours.changes)).toEqual(net(theirs));
    },
  );
});

/* What Flink refuses over changing rows under TRY_RESOLVE, and which lookup joins keep what they gave, beside ours. */

import { describe, expect, test } from 'vitest';
import { printStatement, parseStatement } from '#sql';
import { TestBoard } from '#testkit';
import { recorded } from './answers.ts';
import { tables } from './cases.ts';
import { changelogTables } from './changelog-cases.ts';
import { determinismDifferences } from './differences.ts';
import { determinismCases, determinismName, sinkColumns, type DeterminismCase } from './determinism-cases.ts';
import { lookupTables } from './lookup-cases.ts';
import { engineWith, run } from './replay.ts';

/** 'refused', or how many lookup joins keep what they gave. */
async function ours({ into, query }: DeterminismCase): Promise<string> {
  const engine = await engineWith(new TestBoard(), [...tables, ...changelogTables, ...lookupTables]);
  for (const [name, columns] of Object.entries(sinkColumns))
    await run(engine, `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'test')`);
  await run(engine, "SET 'table.exec.sink.require-on-conflict' = 'true'");
  await run(engine, "SET 'table.optimizer.non-deterministic-update.strategy' = 'TRY_RESOLVE'");
  const statement = parseStatement(into === undefined ? query : `INSERT INTO ${into} ${query}`);
  try {
    const made = await engine.execute(parseStatement(`EXPLAIN PLAN FOR ${printStatement(statement)}`));
    return into === undefined ? 'planned' : keeps(JSON.stringify(made));
  } catch (error) {
    expect(['PLAN2012', 'PLAN2013']).toContain((error as { code?: string }).code);
    return 'refused';
  }
}
/** EXPLAIN shows a plan more than once. */
const keeps = (plan: string): string =>
  `keeps ${new Set(plan.match(/LookupJoin\([^\\]*upsertMaterialize=\[true\]/g)).size}`;

describe('determinism', () => {
  const answers = recorded('determinism');
  test('every case has an answer', () => {
    expect(answers.map((a) => a.sql)).toEqual(determinismCases.map(determinismName));
  });
  test.each(determinismCases.map((c, i) => ({ ...c, name: determinismName(c), answer: answers[i]?.answer })))(
    '$name',
    async ({ name, answer, ...asked }) => {
      if (determinismDifferences.has(name)) expect(await ours(asked)).not.toBe(answer);
      else expect(await ours(asked)).toBe(answer);
    },
  );
});

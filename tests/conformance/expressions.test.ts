/* Flink's values and types of expressions against ours. */

import { describe, expect, test } from 'vitest';
import { allFunctions } from '#expr';
import { recorded, type ExpressionAnswer } from './answers.ts';
import { chance, expressionDifferences } from './differences.ts';
import { expressions } from './expressions.ts';
import { changesOf, executor } from './replay.ts';

async function ours(sql: string): Promise<ExpressionAnswer> {
  try {
    const query = `SELECT CAST(${sql} AS STRING) AS v, TYPEOF(${sql}) AS t`;
    const { changes } = await changesOf(executor(), query);
    const [value, type] = changes[0]!.row as [string | null, string];
    return { sql, value, type };
  } catch (error) {
    return { sql, error: (error as Error).message };
  }
}

const answers = recorded('expressions');

describe('expressions', () => {
  test('every expression and every example of a function has an answer', () => {
    const answered = new Set(answers.map((a) => a.sql));
    const examples = [...allFunctions()].flatMap((f) => f.examples.map((e) => e.sql));
    // What is missing here is asked for by `npm run conformance -- --record expressions`.
    expect([...expressions, ...examples].filter((sql) => !answered.has(sql))).toEqual([]);
  });
  test.each(answers.filter((a) => !expressionDifferences.has(a.sql)))('$sql', async (answer) => {
    // How a refusal is worded may differ; that there is one may not.
    if (answer.error !== undefined) expect(await ours(answer.sql)).toHaveProperty('error');
    else if (chance.has(answer.sql)) expect((await ours(answer.sql)).type).toBe(answer.type);
    else expect(await ours(answer.sql)).toEqual(answer);
  });
  test.each([...expressionDifferences.keys()])('still differs: %s', async (sql) => {
    expect(await ours(sql)).not.toEqual(answers.find((a) => a.sql === sql));
  });
});

/* Asks Flink for the value and the type of every expression. */

import { allFunctions } from '#expr';
import type { ExpressionAnswer } from '../../tests/conformance/answers.ts';
import { expressions } from '../../tests/conformance/expressions.ts';
import { FlinkError, type FlinkSession } from '../flink.ts';
import { counted, type Judge } from './judge.ts';

const atOnce = 40;

export async function recordExpressions(judge: Judge): Promise<ExpressionAnswer[]> {
  const session = await judge.session();
  const examples = [...allFunctions()].flatMap((f) => f.examples.map((e) => e.sql));
  const all = [...new Set([...expressions, ...examples])];
  // Beside a VARIANT that is constant Flink takes one constant of a query for another.
  const alone = all.filter((sql) => sql.includes('PARSE_JSON'));
  const others = all.filter((sql) => !sql.includes('PARSE_JSON'));
  const parts = Array.from({ length: Math.ceil(others.length / atOnce) }, (_, i) =>
    others.slice(i * atOnce, (i + 1) * atOnce),
  );
  parts.push(...alone.map((sql) => [sql]));
  return (await counted(`expressions, ${atOnce} at once,`, parts, (part) => ask(session, part))).flat();
}
/** Many at once; where one of them fails, each half alone. */
async function ask(session: FlinkSession, part: readonly string[]): Promise<ExpressionAnswer[]> {
  try {
    const typed = await session.execute(
      `SELECT ${part.map((e, i) => `CAST(${e} AS STRING) AS v${i}, TYPEOF(${e}) AS t${i}`).join(', ')}`,
    );
    const cells = typed.rows[0]!.fields as readonly (string | null)[];
    return part.map((sql, i) => ({ sql, value: cells[2 * i]!, type: cells[2 * i + 1]! }));
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    if (part.length === 1) return [{ sql: part[0]!, error: error.reason }];
    const half = Math.ceil(part.length / 2);
    return [...(await ask(session, part.slice(0, half))), ...(await ask(session, part.slice(half)))];
  }
}

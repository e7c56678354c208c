/* What Flink answered to scripts of definitions, against ours: what fails fails, what shows something shows the same. */

import { describe, expect, test } from 'vitest';
import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { recorded, type StatementAnswer } from './answers.ts';
import { ddlCases } from './ddl-cases.ts';
import { ddlDifferences } from './ddl-differences.ts';

const answers = new Map(recorded('ddl').map((a) => [a.sql, a.answers]));

async function ours(engine: Executor, sql: string): Promise<StatementAnswer> {
  try {
    const execution = await engine.execute(parseStatement(sql));
    switch (execution.kind) {
      case 'ok':
        return { sql };
      case 'table':
        return { sql, columns: execution.fields.map((f) => f.name), rows: execution.rows };
      default:
        await execution.job.done;
        return { sql, job: true };
    }
  } catch (thrown) {
    return { sql, error: String((thrown as Error).message) };
  }
}
/** Of an error only that there is one. */
const shape = ({ error, ...rest }: StatementAnswer): unknown =>
  error === undefined ? rest : { sql: rest.sql, error: true };

describe('ddl', () => {
  test('every script has its answers', () => {
    expect([...answers.keys()]).toEqual(ddlCases.map((c) => c.name));
  });
  test.each(ddlCases)('$name', async ({ name, statements }) => {
    const engine = new Executor({
      world: realWorld(),
      connectors: new Map(connectors.map((c) => [c.name, c])),
      warn: () => {},
    });
    const differences: string[] = [];
    for (const [i, sql] of statements.entries()) {
      const theirs = answers.get(name)![i]!;
      const mine = await ours(engine, sql);
      const listed = ddlDifferences.get(name)?.get(sql);
      try {
        expect(shape(mine)).toEqual(shape(theirs));
      } catch (thrown) {
        if (listed !== undefined) {
          differences.push(sql);
          continue;
        }
        throw new Error(`${sql}\nours: ${JSON.stringify(mine)}\nFlink: ${JSON.stringify(theirs)}`, {
          cause: thrown,
        });
      }
    }
    expect(new Set(differences)).toEqual(new Set(ddlDifferences.get(name)?.keys() ?? []));
  });
});

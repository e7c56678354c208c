/* NULL in a NOT NULL column: the job fails at the row, behind those before it, and shows where the statement writes it. */

import { expect, test } from 'vitest';
import { Executor } from '#engine';
import { connectors } from '#connectors';
import { realWorld } from '#host';
import { parseStatement } from '#sql';

async function run(
  insert: string,
  setting?: string,
): Promise<{ lines: string[]; error: Record<string, unknown> | undefined }> {
  const lines: string[] = [];
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map(connectors.map((c) => [c.name, c])),
    warn: () => {},
    print: (line) => {
      lines.push(line);
      return undefined;
    },
  });
  for (const sql of [
    `CREATE TABLE o (id INT, v INT NOT NULL) WITH ('connector' = 'print')`,
    ...(setting === undefined ? [] : [`SET 'table.exec.sink.not-null-enforcer' = '${setting}'`]),
  ])
    await executor.execute(parseStatement(sql));
  const execution = await executor.execute(parseStatement(insert));
  if (execution.kind !== 'job') throw new TypeError('an INSERT is a job');
  try {
    await execution.job.done;
    return { lines, error: undefined };
  } catch (error) {
    return { lines, error: error as Record<string, unknown> };
  }
}
const values = '(VALUES (1, 10), (2, 20), (3, CAST(NULL AS INT)), (4, 40)) AS t(id, v)';

test('rows before it are written, and the error shows column, place and row', async () => {
  const { lines, error } = await run(`INSERT INTO o SELECT id, v FROM ${values}`);
  expect(lines).toEqual(['+I[1, 10]', '+I[2, 20]']);
  expect(error).toMatchObject({ code: 'DATA1002', at: { line: 1, column: 26 } });
  expect(error!['message']).toContain(`Column 'v' is NOT NULL`);
  expect(error!['hint']).toContain('the row was (3, NULL)');
});
test('without a place of its own the column is that of the statement', async () => {
  const { error } = await run(`INSERT INTO o SELECT * FROM ${values}`);
  expect(error).toMatchObject({ code: 'DATA1002', at: { line: 1, column: 13 } });
});
test('dropped where asked', async () => {
  const { lines, error } = await run(`INSERT INTO o SELECT id, v FROM ${values}`, 'DROP');
  expect(error).toBeUndefined();
  expect(lines).toEqual(['+I[1, 10]', '+I[2, 20]', '+I[4, 40]']);
});

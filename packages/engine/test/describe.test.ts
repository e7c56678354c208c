/* What DESCRIBE and SHOW tell, as Flink's SQL client has it. */

import { expect, test } from 'vitest';
import { Executor } from '#engine';
import { parseScript } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';

/** What the last statement shows: its columns, and its rows. */
async function shown(sql: string): Promise<{ columns: string[]; rows: readonly (readonly unknown[])[] }> {
  const executor = new Executor({
    world: new SimWorld(1),
    connectors: new Map([['test', testConnector(new TestBoard())]]),
  });
  const statements = parseScript(sql);
  for (const { statement } of statements.slice(0, -1)) await executor.execute(statement);
  const execution = await executor.execute(statements.at(-1)!.statement);
  if (execution.kind !== 'table') throw new TypeError(`a ${execution.kind} shows nothing`);
  return { columns: execution.fields.map((f) => f.name), rows: execution.rows };
}

const table = (comment: string): string =>
  `CREATE TABLE t (id INT ${comment}, ms BIGINT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'test');`;

test('DESCRIBE shows keys, watermarks and what a column is computed from', async () => {
  expect(await shown(`${table('')} DESCRIBE t;`)).toEqual({
    columns: ['name', 'type', 'null', 'key', 'extras', 'watermark'],
    rows: [
      ['id', 'INT', false, 'PRI(id)', null, null],
      ['ms', 'BIGINT', true, null, null, null],
      [
        'ts',
        'TIMESTAMP_LTZ(3) *ROWTIME*',
        true,
        null,
        'AS TO_TIMESTAMP_LTZ(`ms`, 3)',
        "`ts` - INTERVAL '5' SECOND",
      ],
    ],
  });
});
test('DESCRIBE has a column of comments where a column has one', async () => {
  const { columns, rows } = await shown(`${table("COMMENT 'who'")} DESCRIBE t;`);
  expect(columns.at(-1)).toBe('comment');
  expect(rows.map((row) => row.at(-1))).toEqual(['who', null, null]);
});
test('SHOW FUNCTIONS names scalar functions, aggregates and windows', async () => {
  const names = (await shown('SHOW FUNCTIONS;')).rows.flat();
  for (const name of ['upper', 'substr', 'count', 'listagg', 'tumble', 'hop_rowtime', 'session_end'])
    expect(names).toContain(name);
  expect(names).not.toContain('cumulate_start');
  expect(names.filter((name) => String(name).startsWith('$'))).toEqual([]);
});

import { expect, test } from 'vitest';
import { runSql } from './run-sql.ts';

test('datagen, a filter, print', async () => {
  const { printed } = await runSql(`
    CREATE TABLE numbers (n BIGINT, t STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '1000000',
      'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '6', 'fields.t.length' = '2', 'millrace.seed' = '1');
    CREATE TABLE out (n BIGINT, len INT) WITH ('connector' = 'print', 'print-identifier' = 'even');
    INSERT INTO out SELECT n, CHAR_LENGTH(t) FROM numbers WHERE MOD(n, 2) = 0;
  `);
  expect(printed).toEqual(['even> +I[2, 2]', 'even> +I[4, 2]', 'even> +I[6, 2]']);
});

test('datagen into blackhole', async () => {
  const { warnings } = await runSql(`
    CREATE TABLE rows1 (n BIGINT, r ROW<x INT>) WITH ('connector' = 'datagen', 'rows-per-second' = '1000000', 'number-of-rows' = '5000');
    CREATE TABLE gone (n BIGINT, r ROW<x INT>) WITH ('connector' = 'blackhole');
    INSERT INTO gone SELECT * FROM rows1;
  `);
  expect(warnings).toEqual([]);
});

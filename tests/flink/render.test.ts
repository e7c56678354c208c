/* What Flink gets says what the file says: every statement of every test file survives rendering and parsing. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderFile, resolveOptions, secretFree } from '#flink';
import { parseEachStatement, parseScript, parseStatement, printStatement } from '#sql';
import { withoutPlaces } from '../../packages/sql/test/trees/parts.ts';
import { parseTestFile } from '../../packages/testkit/src/slt/parse.ts';

const folder = join(import.meta.dirname, '../slt');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.slt'));

test('every statement of the test files means the same after rendering', () => {
  let statements = 0;
  for (const file of files)
    for (const item of parseTestFile(readFileSync(join(folder, file), 'utf8'))) {
      if (item.kind !== 'statement') continue;
      for (const parsed of parseEachStatement(item.text)) {
        // Some test files are about what does not parse.
        if ('error' in parsed) continue;
        statements++;
        const [{ sql } = { sql: '' }] = renderFile([parsed]);
        expect(withoutPlaces(parseStatement(sql)), `${file}:${item.line}: ${sql}`).toEqual(
          withoutPlaces(parsed.statement),
        );
      }
    }
  expect(statements).toBeGreaterThan(500);
});

test('names are quoted, whatever Flink reserves', () => {
  const [one] = renderFile(parseScript('SELECT value, t.order_id AS id FROM db.t'));
  expect(one).toEqual({ line: 1, sql: 'SELECT `value`, `t`.`order_id` AS `id` FROM `db`.`t`' });
});

test('secrets are resolved in options alone, and taken out of what is shown', () => {
  const secrets = new Set<string>();
  const statement = parseStatement(
    "CREATE TABLE t (a INT) COMMENT '${env:P}' WITH ('connector' = 'jdbc', 'password' = '${env:P}', 'url' = 'x://h?p=${env:P}')",
  );
  const resolve = (value: string): string => value.replaceAll('${env:P}', "it's");
  const sql = printStatement(resolveOptions(statement, resolve, secrets));
  expect(sql).toContain("COMMENT '${env:P}'");
  expect(sql).toContain("'password' = 'it''s'");
  expect(sql).toContain("'url' = 'x://h?p=it''s'");
  expect(secretFree("cannot open x://h?p=it's with it's", secrets)).toBe('cannot open ****** with ******');
  expect(printStatement(statement)).toContain("'password' = '${env:P}'");
});

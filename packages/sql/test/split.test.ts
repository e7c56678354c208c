import { expect, test } from 'vitest';
import { splitStatement } from '#sql';

/** The statement that splitting cuts off, or undefined when there is none yet. */
function first(text: string, from = 0): string | undefined {
  const found = splitStatement(text, from);
  return found === undefined ? undefined : text.slice(from, found.end);
}

test.each([
  ['a;b', 'a;'],
  [';', ';'],
  ["select ';' -- ;\n; x", "select ';' -- ;\n;"],
  ['select `;` /* ; */; x', 'select `;` /* ; */;'],
  ['select case a when 1 then 2 end; x', 'select case a when 1 then 2 end;'],
  ['select begin, t.end from t; x', 'select begin, t.end from t;'],
  ['select @ from t; x', 'select @ from t;'],
  ['begin; x', 'begin;'],
])('%s', (text, statement) => {
  expect(first(text)).toBe(statement);
});

test.each([
  'EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE x WHEN 1 THEN 2 END FROM t; INSERT INTO b SELECT 1; END;',
  'BEGIN STATEMENT SET; INSERT INTO a SELECT t.end FROM t; END;',
  'EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT 1; END;',
  'EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE x WHEN 1 THEN 2; END;',
])('a statement set ends behind its END: %s', (text) => {
  expect(first(`${text} SELECT 1;`)).toBe(text);
});

test.each([
  '',
  'select 1',
  "select 'a;",
  'select `a;',
  'select 1 /* ;',
  'EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1;',
])('incomplete: %s', (text) => {
  expect(first(text)).toBeUndefined();
});

test('splitting starts anywhere', () => {
  expect(first('a;b;c', 2)).toBe('b;');
});

import { describe, expect, test } from 'vitest';
import { limits, type UserError } from '#base';
import {
  keywords,
  parseExpression,
  parseQuery,
  parseScript,
  parseStatement,
  printExpression,
  printStatement,
} from '#sql';

/** How Flink 2.2's own parser groups these; every pair of parentheses is written out on the right. */
test.each([
  ['a OR b AND c', 'a OR (b AND c)'],
  ['NOT a = b', 'NOT (a = b)'],
  ['a = NOT b', 'a = (NOT b)'],
  ['NOT NOT a', 'NOT (NOT a)'],
  ['- - a', '-(-a)'],
  ['-a * b', '(-a) * b'],
  ['a || b * c + d', '((a || b) * c) + d'],
  ['a - b - c', '(a - b) - c'],
  ['a = b IS NULL', '(a = b) IS NULL'],
  ['a IS NULL = b', '(a IS NULL) = b'],
  ['a IS NULL IS TRUE', '(a IS NULL) IS TRUE'],
  ['a = b = c', '(a = b) = c'],
  ['x = a IN (1, 2) AND y', '(x = (a IN (1, 2))) AND y'],
  ['a IN (1) = b', '(a IN (1)) = b'],
  ['a < b = ANY (SELECT 1)', 'a < (b = ANY (SELECT 1))'],
  ['a BETWEEN b AND c AND d', '(a BETWEEN b AND c) AND d'],
  ['a BETWEEN b AND c BETWEEN d AND e', '(a BETWEEN b AND c) BETWEEN d AND e'],
  ['a BETWEEN b + 1 AND c || d OR e', '(a BETWEEN (b + 1) AND (c || d)) OR e'],
  ['a LIKE b LIKE c', 'a LIKE (b LIKE c)'],
  ['a IS DISTINCT FROM b + c', 'a IS DISTINCT FROM (b + c)'],
  ['a = b IS DISTINCT FROM c', '(a = b) IS DISTINCT FROM c'],
  ['a IS NOT DISTINCT FROM b = c', '(a IS NOT DISTINCT FROM b) = c'],
  ['a LIKE b IS DISTINCT FROM c', '(a LIKE b) IS DISTINCT FROM c'],
  ['a OVERLAPS b = c', '(a OVERLAPS b) = c'],
])('%s groups as %s', (text, grouped) => {
  expect(printExpression(parseExpression(text))).toBe(printExpression(parseExpression(grouped)));
});

test('parentheses are printed where they are needed and nowhere else', () => {
  const same = [
    '(`a` + `b`) * `c`',
    '`a` - (`b` - `c`)',
    'NOT (`a` OR `b`)',
    '(`a`).`b`',
    '-(-`a`)',
    '`a` * `b` + `c`',
  ];
  for (const text of same) expect(printExpression(parseExpression(text))).toBe(text);
});

describe('words that Flink reserves name columns', () => {
  const column = (text: string): object => ({ kind: 'column', path: [{ text }] });

  test.each([
    'value',
    'timestamp',
    'user',
    'date',
    'hour',
    'count',
    'rank',
    'at',
    'offset',
    'interval',
    'left',
    'row',
  ])('%s', (word) => {
    expect(parseExpression(word)).toMatchObject(column(word));
    expect(parseExpression(`t.${word}`)).toMatchObject({
      kind: 'column',
      path: [{ text: 't' }, { text: word }],
    });
    expect(
      parseQuery(`SELECT a AS ${word}, SUM(${word}) FROM ${word} WHERE ${word} > 1 GROUP BY ${word}`).kind,
    ).toBe('query');
  });

  test('but what Flink takes as a function or a literal stays one', () => {
    expect(parseExpression('current_date')).toMatchObject({
      kind: 'call',
      bare: true,
      name: [{ text: 'CURRENT_DATE' }],
    });
    expect(parseExpression("date '2024-01-01'")).toMatchObject({ kind: 'datetime', type: 'DATE' });
    expect(parseExpression('left(a, 2)')).toMatchObject({ kind: 'call', name: [{ text: 'LEFT' }] });
    expect(parseExpression('unknown')).toMatchObject({ kind: 'cast', operand: { kind: 'null' } });
    expect(parseExpression('`current_date`')).toMatchObject(column('current_date'));
  });
});

test('a space between a dot and a clause word ends the path', () => {
  expect(() => parseQuery('SELECT t. FROM t')).toThrow('found "FROM"');
});

test('a query in parentheses is seen behind any number of them', () => {
  expect(parseExpression('((SELECT 1) UNION (SELECT 2))')).toMatchObject({ kind: 'subquery' });
  expect(parseExpression('x IN ((SELECT 1) UNION (SELECT 2))')).toMatchObject({
    kind: 'in',
    list: { kind: 'query' },
  });
  expect(parseExpression('((SELECT 1) + 2)')).toMatchObject({ kind: 'binary', left: { kind: 'subquery' } });
  expect(parseQuery('SELECT * FROM (((SELECT 1) UNION (SELECT 2)) AS a JOIN b ON TRUE)')).toMatchObject({
    body: { from: { kind: 'join', left: { kind: 'derived-table' } } },
  });
});

test('a comma is the loosest join', () => {
  expect(parseQuery('SELECT * FROM a, b JOIN c ON TRUE')).toMatchObject({
    body: { from: { type: 'CROSS', left: { kind: 'named-table' }, right: { type: 'INNER' } } },
  });
});

test('a statement knows its text and its place', () => {
  const text = ';; SELECT 1 ;\n -- two\n  SET;';
  expect(parseScript(text).map(({ text: part, span }) => [part, span.line, span.column])).toEqual([
    ['SELECT 1', 1, 4],
    ['SET', 3, 3],
  ]);
});

test('every node spans its text', () => {
  const text = "SELECT a + f(b, 'c') AS x FROM t WHERE a IN (1, 2)";
  const spans: string[] = [];
  JSON.stringify(parseQuery(text), (_, value) => {
    if (value?.kind !== undefined && value.span !== undefined)
      spans.push(text.slice(value.span.start, value.span.end));
    return value;
  });
  expect(spans).toEqual([
    text,
    text,
    "a + f(b, 'c')",
    'a',
    "f(b, 'c')",
    'b',
    "'c'",
    't',
    'a IN (1, 2)',
    'a',
    '1',
    '2',
  ]);
});

test('a function may be called what JavaScript calls its own', () => {
  for (const text of ['toString(`a`)', 'constructor(`a`)', '`__proto__`.`valueOf`(`a`)']) {
    expect(printExpression(parseExpression(text))).toBe(text);
  }
});

test('a function whose name Flink reserves is quoted, one that it calls by a keyword is not', () => {
  expect(printExpression(parseExpression('day(a) + year(a) + my_f(a)'))).toBe(
    '`day`(`a`) + YEAR(`a`) + my_f(`a`)',
  );
});

test('one statement is one', () => {
  expect(parseStatement('SELECT 1;').kind).toBe('select-statement');
  expect(() => parseStatement('SELECT 1; SELECT 2')).toThrow('only one');
  expect(() => parseStatement(' -- nothing')).toThrow('no statement');
});

test('what Flink has and we do not is kept as text, to be refused by name', () => {
  const text = "ADD JAR 'x.jar'";
  const statement = parseStatement(text);
  expect(statement).toMatchObject({ kind: 'unsupported', name: 'ADD JAR', text });
  expect(printStatement(statement)).toBe(text);
  expect(parseStatement('CREATE CONNECTION m WITH (a = b)')).toMatchObject({
    kind: 'unsupported',
    name: 'CREATE CONNECTION',
  });
});

describe('depth is bounded, whatever nests', () => {
  const deep = 100_000;
  test.each([
    ['parentheses', '('.repeat(deep)],
    ['closed parentheses', `${'('.repeat(deep)}1${')'.repeat(deep)}`],
    ['subqueries', '(SELECT '.repeat(deep)],
    ['tables', `SELECT * FROM ${'('.repeat(deep)}`],
    ['calls', 'f('.repeat(deep)],
    ['signs', '- '.repeat(deep)],
    ['negations', 'NOT '.repeat(deep)],
    ['cases', 'CASE WHEN '.repeat(deep)],
    ['arrays', 'ARRAY['.repeat(deep)],
    ['types', `CAST(a AS ${'ARRAY<'.repeat(deep)}`],
    ['types from behind', `CAST(a AS INT${' ARRAY'.repeat(deep)})`],
    ['elements', `a${'[1]'.repeat(deep)}`],
    ['a chain of operators', `1${' + 1'.repeat(deep)}`],
    ['a chain of conditions', `a${' OR a'.repeat(deep)}`],
    ['a chain of predicates', `a${' IS NULL'.repeat(deep)}`],
    ['a chain of unions', `(SELECT 1${' UNION SELECT 1'.repeat(deep)})`],
    ['a chain of joins', `(SELECT * FROM a${' CROSS JOIN a'.repeat(deep)})`],
    ['patterns', `(SELECT * FROM t MATCH_RECOGNIZE (PATTERN (${'('.repeat(deep)}`],
  ])('%s', (_, text) => {
    const query = text.startsWith('SELECT');
    expect(() => (query ? parseQuery(text) : parseExpression(text))).toThrow(
      expect.objectContaining({ code: 'SQL0003', class: 'user' }) as UserError,
    );
  });

  test('and generous', () => {
    const half = Math.floor(limits.sqlDepthMax / 2);
    expect(() => parseExpression(`${'('.repeat(half)}1${')'.repeat(half)}`)).not.toThrow();
    const chain = parseExpression(`a${' OR a'.repeat(limits.sqlHeightMax - 10)}`);
    expect(printExpression(chain).length).toBeGreaterThan(limits.sqlHeightMax);
  });
});

test('the keywords are in order and once each', () => {
  expect([...keywords]).toEqual([...new Set(keywords)].sort());
  expect(keywords).toContain('WATERMARK');
});

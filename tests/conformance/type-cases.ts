/* VARIANT, BITMAP and structured types: made, taken apart, compared, grouped, joined, kept and aggregated, over a source that
 * inserts and one that takes rows back. Shown as text, for Flink's gateway has no JSON for them. */

import type { ConformanceTable } from './tables.ts';

const documents: readonly (string | null)[] = [
  '{"a":1,"b":{"c":[10,2.50]}}',
  '{"b":{"c":[]},"a":1}',
  '1',
  '1.0',
  '1',
  null,
  'null',
  '[1e3,"é\\n",{"a":null}]',
  '{"a":1,"b":{"c":[10,2.50]}}',
  '"1"',
  'true',
  '{"a":{"b":1},"a":2,"d":0.10}',
  '{',
];

export const typeTables: readonly ConformanceTable[] = [
  {
    name: 'docs',
    columns: 'id INT, k STRING, doc STRING, n INT',
    fields: ['id', 'k', 'doc', 'n'],
    rows: documents.map((doc, i) => [i + 1, 'xyz'[i % 3], doc, i === 4 ? null : [1, 3, -1, 70000][i % 4]]),
  },
  {
    name: 'edits',
    columns: 'id INT, k STRING, doc STRING, n INT',
    fields: ['id', 'k', 'doc', 'n'],
    gives: 'changes',
    rows: [
      ['+I', 1, 'x', '{"a":1}', 1],
      ['+I', 2, 'x', '{"a":2}', 2],
      ['+I', 3, 'y', '[1]', 2],
      ['-U', 1, 'x', '{"a":1}', 1],
      ['+U', 1, 'x', '[1]', 3],
      ['-D', 3, 'y', '[1]', 2],
      ['+I', 4, 'x', null, null],
      ['-D', 2, 'x', '{"a":2}', 2],
      ['-D', 1, 'x', '[1]', 3],
      ['+I', 5, 'y', '{"a":2}', -5],
    ],
  },
];

const v = '(SELECT id, k, n, TRY_PARSE_JSON(doc, TRUE) AS v FROM docs)';
const objects =
  "(SELECT * FROM (SELECT id, k, TRY_PARSE_JSON(doc, TRUE) AS v FROM docs WHERE doc LIKE '{\"%'))";
const changing = '(SELECT id, k, n, TRY_PARSE_JSON(doc) AS v FROM edits)';

const variants: readonly string[] = [
  `SELECT id, JSON_STRING(v) AS j, TYPEOF(v) AS t, v IS NULL AS n FROM ${v}`,
  `SELECT id, JSON_STRING(v['a']) AS a, JSON_STRING(v['b']['c']) AS c, JSON_STRING(v['b']['c'][1]) AS f, JSON_STRING(v['nope']) AS n FROM ${objects}`,
  `SELECT id, JSON_STRING(v[1]) AS a FROM ${v} WHERE id = 8`,
  `SELECT id, JSON_STRING(v['a']) AS a FROM ${v}`,
  `SELECT id, JSON_STRING(v[1]) AS a FROM ${v}`,
  `SELECT id, JSON_STRING(v[k]) AS a FROM ${objects}`,
  `SELECT id, JSON_VALUE(v, '$.a') AS a, JSON_VALUE(v, '$.d' RETURNING DOUBLE) AS d, JSON_QUERY(v, '$.b') AS b FROM ${v}`,
  `SELECT id, JSON_OBJECT('v' VALUE v ABSENT ON NULL) AS o, JSON_ARRAY(v, id NULL ON NULL) AS a FROM ${v}`,
  `SELECT id, JSON_EXISTS(v, '$.a') AS e FROM ${v}`,
  `SELECT id, PARSE_JSON(doc) IS NULL AS n FROM docs WHERE id < 12`,
  'SELECT id, JSON_STRING(PARSE_JSON(doc)) AS j FROM docs WHERE id = 12',
  'SELECT id, JSON_STRING(PARSE_JSON(doc)) AS j FROM docs WHERE id = 13',
  'SELECT id, JSON_STRING(TRY_PARSE_JSON(doc, id > 5)) AS j FROM docs',
  `SELECT id, CAST(ROW(v, id) AS STRING) AS r, CAST(ARRAY[v] AS STRING) AS a, CAST(MAP['k', v] AS STRING) AS m, JSON_STRING(ROW(v)) AS j FROM ${v}`,
  `SELECT CAST(v AS STRING) AS s FROM ${v}`,
  `SELECT CAST(v AS INT) AS s FROM ${v}`,
  `SELECT TRY_CAST(v AS STRING) AS s FROM ${v}`,
  'SELECT CAST(doc AS VARIANT) AS s FROM docs',
  `SELECT JSON_STRING(v) AS j, COUNT(*) AS n FROM ${v} GROUP BY v`,
  `SELECT JSON_STRING(a) AS j, COUNT(*) AS n FROM (SELECT v['a'] AS a FROM ${objects}) GROUP BY a`,
  `SELECT COUNT(*) AS n FROM (SELECT DISTINCT v FROM ${v})`,
  `SELECT COUNT(DISTINCT v) AS d, COUNT(v) AS n FROM ${v}`,
  `SELECT k, JSON_STRING(FIRST_VALUE(v)) AS f, JSON_STRING(LAST_VALUE(v)) AS l FROM ${v} GROUP BY k`,
  `SELECT k, JSON_ARRAYAGG(v) AS a FROM ${v} GROUP BY k`,
  `SELECT JSON_OBJECTAGG(KEY CAST(id AS STRING) VALUE v) AS o FROM ${v}`,
  `SELECT k, CAST(ARRAY_AGG(v) AS STRING) AS a FROM ${v} GROUP BY k`,
  `SELECT MAX(v) AS m FROM ${v}`,
  `SELECT id FROM ${v} ORDER BY v LIMIT 2`,
  `SELECT a.id AS l, b.id AS r FROM ${v} AS a JOIN ${v} AS b ON a.v = b.v AND a.id < b.id`,
  `SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY v ORDER BY id) AS rn FROM ${v}) WHERE rn = 1`,
  `SELECT id FROM ${v} WHERE v = PARSE_JSON('1')`,
  `SELECT id FROM ${v} WHERE v <> PARSE_JSON('1')`,
  `SELECT id FROM ${v} WHERE v < PARSE_JSON('1')`,
  `SELECT id FROM ${v} WHERE v = '1'`,
  `SELECT id FROM ${v} WHERE v IN (PARSE_JSON('1'), PARSE_JSON('true'))`,
  `SELECT id, v['a'] = v['b'] AS e FROM ${objects}`,
  `SELECT id, JSON_STRING(COALESCE(v, PARSE_JSON('0'))) AS c FROM ${v}`,
  `SELECT id, JSON_STRING(CASE WHEN id > 3 THEN v ELSE PARSE_JSON('0') END) AS c FROM ${v}`,
  `SELECT GREATEST(v, v) AS g FROM ${v}`,
  `SELECT ARRAY_MAX(ARRAY[v, v]) AS g FROM ${v}`,
  `SELECT id, ARRAY_CONTAINS(ARRAY[v], PARSE_JSON('1')) AS c, ARRAY_POSITION(ARRAY[v], v) AS p FROM ${v}`,
  `SELECT UPPER(v) AS u FROM ${v}`,
  `SELECT HASH_CODE(v) AS u FROM ${v}`,
  `SELECT JSON_STRING(v) AS j, COUNT(*) AS n FROM ${changing} GROUP BY v`,
  `SELECT k, COUNT(DISTINCT v) AS d, JSON_STRING(LAST_VALUE(v)) AS l FROM ${changing} GROUP BY k`,
  `SELECT a.id AS l, b.id AS r FROM ${changing} AS a JOIN ${changing} AS b ON a.v = b.v`,
];

const b =
  '(SELECT id, k, n, BITMAP_BUILD(CASE WHEN n IS NULL THEN CAST(NULL AS ARRAY<INT>) ELSE ARRAY[n, 7] END) AS b FROM docs)';
const changed =
  '(SELECT id, k, n, BITMAP_BUILD(CASE WHEN n IS NULL THEN CAST(NULL AS ARRAY<INT>) ELSE ARRAY[n, 7] END) AS b FROM edits)';
const names = ['OR', 'AND', 'XOR'];
const merged = names
  .map(
    (name) =>
      `BITMAP_TO_STRING(BITMAP_${name}_AGG(b)) AS ${name.toLowerCase()}_s, BITMAP_${name}_CARDINALITY_AGG(b) AS ${name.toLowerCase()}_n`,
  )
  .join(', ');
const built = 'BITMAP_TO_STRING(BITMAP_BUILD_AGG(n)) AS s, BITMAP_BUILD_CARDINALITY_AGG(n) AS c';

const bitmaps: readonly string[] = [
  `SELECT id, BITMAP_TO_STRING(b) AS s, CAST(b AS VARCHAR(3)) AS v, BITMAP_TO_ARRAY(b) AS a, BITMAP_CARDINALITY(b) AS c, TYPEOF(b) AS t FROM ${b}`,
  `SELECT id, CAST(b AS STRING) AS s, CAST(b AS CHAR(8)) AS c, CAST(ROW(b, id) AS STRING) AS r, BITMAP_TO_STRING(COALESCE(b, BITMAP_BUILD(ARRAY[0]))) AS o FROM ${b}`,
  ...['AND', 'OR', 'XOR', 'ANDNOT'].map(
    (name) => `SELECT id, BITMAP_TO_STRING(BITMAP_${name}(b, BITMAP_BUILD(ARRAY[1, 7, id]))) AS s FROM ${b}`,
  ),
  `SELECT id, BITMAP_FROM_BYTES(BITMAP_TO_BYTES(b)) = b AS e FROM ${b}`,
  ...['BYTES', 'VARBINARY(5)', 'BINARY(5)', 'INT', 'ARRAY<INT>', 'BITMAP'].map(
    (type) => `SELECT CAST(b AS ${type}) AS s FROM ${b}`,
  ),
  `SELECT TRY_CAST(b AS BYTES) AS s, CAST(ROW(b) AS ROW<x BYTES>) AS r FROM ${b}`,
  `SELECT CAST(BITMAP_TO_STRING(b) AS BITMAP) AS s FROM ${b}`,
  `SELECT BITMAP_TO_STRING(CAST(CAST(b AS BYTES) AS BITMAP)) AS s FROM ${b}`,
  `SELECT BITMAP_TO_STRING(b) AS s, COUNT(*) AS n FROM ${b} GROUP BY b`,
  `SELECT COUNT(DISTINCT b) AS d FROM ${b}`,
  `SELECT a.id AS l, c.id AS r FROM ${b} AS a JOIN ${b} AS c ON a.b = c.b AND a.id < c.id`,
  `SELECT MAX(b) AS m FROM ${b}`,
  `SELECT id FROM ${b} ORDER BY b LIMIT 1`,
  `SELECT id FROM ${b} WHERE b = BITMAP_BUILD(ARRAY[7, 1])`,
  `SELECT id FROM ${b} WHERE b < BITMAP_BUILD(ARRAY[7, 1])`,
  `SELECT id FROM ${b} WHERE b = '{1,7}'`,
  `SELECT JSON_STRING(b) AS j FROM ${b}`,
  `SELECT JSON_OBJECT('k' VALUE b) AS j FROM ${b}`,
  `SELECT k, ${built} FROM docs GROUP BY k`,
  `SELECT ${built} FROM docs WHERE id < 0`,
  `SELECT ${built} FROM docs WHERE id = 5`,
  `SELECT k, ${merged} FROM ${b} GROUP BY k`,
  `SELECT TYPEOF(BITMAP_OR_AGG(b)) AS o, TYPEOF(BITMAP_BUILD_AGG(n)) AS s, TYPEOF(BITMAP_XOR_CARDINALITY_AGG(b)) AS c FROM ${b} WHERE id = 1`,
  'SELECT BITMAP_TO_STRING(BITMAP_BUILD_AGG(DISTINCT n) FILTER (WHERE n > 0)) AS s FROM docs',
  'SELECT BITMAP_BUILD_AGG(CAST(n AS BIGINT)) AS s FROM docs',
  'SELECT BITMAP_BUILD_AGG(k) AS s FROM docs',
  'SELECT BITMAP_TO_STRING(BITMAP_BUILD_AGG(CAST(n AS SMALLINT))) AS s FROM docs',
  `SELECT BITMAP_OR_AGG(n) AS s FROM docs`,
  `SELECT k, ${built} FROM edits GROUP BY k`,
  `SELECT ${built} FROM edits`,
  `SELECT k, ${merged} FROM ${changed} GROUP BY k`,
  `SELECT BITMAP_TO_STRING(b) AS s, COUNT(*) AS n FROM ${changed} GROUP BY b`,
  ...['docs', 'edits'].flatMap((table) => [
    `SELECT id, BITMAP_TO_STRING(BITMAP_BUILD_AGG(n) OVER (ORDER BY id)) AS s FROM ${table}`,
    `SELECT id, BITMAP_BUILD_CARDINALITY_AGG(n) OVER (PARTITION BY k ORDER BY id) AS s FROM ${table}`,
    `SELECT id, BITMAP_TO_STRING(BITMAP_XOR_AGG(BITMAP_BUILD(ARRAY[n, 7])) OVER (ORDER BY n)) AS s FROM ${table}`,
  ]),
  'SELECT k, TYPEOF(BITMAP_BUILD_AGG(i)) AS t, TYPEOF(BITMAP_BUILD_CARDINALITY_AGG(i)) AS c, TYPEOF(BITMAP_AND_AGG(BITMAP_BUILD(ARRAY[i]))) AS a FROM (SELECT k, COALESCE(n, 0) AS i FROM docs WHERE id < 4) GROUP BY k',
];

const o = "(SELECT id, OBJECT_OF('com.example.User', 'name', k, 'age', n) AS o FROM docs)";

const structureds: readonly string[] = [
  `SELECT id, CAST(o AS STRING) AS s, TYPEOF(o) AS t, JSON_STRING(o) AS j, o.\`name\` AS n, o.age + 1 AS a, o IS NULL AS z FROM ${o}`,
  `SELECT id, CAST(OBJECT_UPDATE(o, 'age', id) AS STRING) AS s, TYPEOF(OBJECT_UPDATE(o, 'age', 'x', 'name', 1)) AS t, OBJECT_UPDATE(o).age AS a FROM ${o}`,
  `SELECT OBJECT_UPDATE(o, 'nope', id).age AS s FROM ${o}`,
  `SELECT OBJECT_UPDATE(o, 'age', id, 'age', 2).age AS s FROM ${o}`,
  `SELECT OBJECT_UPDATE(o, 'age').age AS s FROM ${o}`,
  "SELECT OBJECT_UPDATE(ROW(id), 'EXPR$0', 1) AS s FROM docs",
  "SELECT OBJECT_OF(k, 'a', 1).a AS s FROM docs",
  "SELECT OBJECT_OF('c', k, 1).a AS s FROM docs",
  "SELECT OBJECT_OF('c', 'a', 1, 'a', 2).a AS s FROM docs",
  "SELECT OBJECT_OF('c', 'a').a AS s FROM docs",
  ...['a..b', '1a', 'class', 'a-b', ' a', 'a.int.b', '', 'a b'].map(
    (name) => `SELECT OBJECT_OF('${name}', 'a', 1).a AS s FROM docs`,
  ),
  ...['a.b.C1', 'com.example.User$Inner', '_x.$y', 'ünï'].map(
    (name) =>
      `SELECT TYPEOF(OBJECT_OF('${name}', 'a', id, 'b\`c', INTERVAL '1' DAY)) AS s FROM docs WHERE id = 1`,
  ),
  "SELECT TYPEOF(OBJECT_OF('c')) AS t FROM docs WHERE id = 1",
  "SELECT TYPEOF(OBJECT_OF('c', 'a', NULL)) AS t FROM docs WHERE id = 1",
  "SELECT OBJECT_OF('x', 'a', OBJECT_OF('y', 'b', id)).a.b AS v, CAST(OBJECT_OF('x', 'a', OBJECT_OF('y', 'b', n), 'c', ARRAY[n]) AS STRING) AS s FROM docs",
  `SELECT CAST(o AS STRING) AS s, n FROM (SELECT o, COUNT(*) AS n FROM ${o} GROUP BY o)`,
  `SELECT id, o = o AS e FROM ${o}`,
  `SELECT id, o < o AS e FROM ${o}`,
  `SELECT MAX(o) AS e FROM ${o}`,
  `SELECT FIRST_VALUE(o).age AS f FROM ${o}`,
  `SELECT id, CAST(o AS ROW<x STRING, y BIGINT>) AS r FROM ${o}`,
  `SELECT id, CAST(o AS STRUCTURED<'other', x STRING, y BIGINT>).y AS y FROM ${o}`,
  "SELECT id, CAST(ROW(k, n) AS STRUCTURED<'c', x STRING, y BIGINT NOT NULL>).x AS x FROM docs",
  "SELECT CAST(NULL AS STRUCTURED<'c', a INT>).a AS a, TYPEOF(CAST(NULL AS STRUCTURED<'c', a INT NOT NULL, b ARRAY<STRING>>)) AS t",
  "SELECT TYPEOF(CAST(NULL AS STRUCTURED<'no class', a INT>)) AS t",
  `SELECT TYPEOF(COALESCE(o, OBJECT_OF('z', 'name', 'x', 'age', 1))) AS t FROM ${o}`,
  `SELECT TYPEOF(ARRAY[o, o]) AS t, ARRAY[o, o][1].age AS a FROM ${o}`,
];

export const typeQueries: readonly string[] = [...variants, ...bitmaps, ...structureds];

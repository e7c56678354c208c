/* Words and signs of other databases where Flink SQL takes something else: what to write instead. */

import type { Token } from '../tokens.ts';

export interface Found {
  readonly expected: readonly string[];
  readonly token: Token;
  readonly previous: Token | undefined;
}

/** Words that begin a statement, and hardly ever stand anywhere else. */
const starts = new Set(
  'SELECT INSERT CREATE DROP ALTER SET RESET SHOW DESCRIBE USE EXPLAIN EXECUTE WITH BEGIN UPDATE DELETE'.split(
    ' ',
  ),
);

/** Where a statement might have ended and another begins. */
export function missingSemicolon({ expected, token, previous }: Found): string | undefined {
  if (!expected.includes(';')) return undefined;
  if (starts.has(token.symbol) && token.kind === 'word') return semicolon(token);
  // FROM t INSERT INTO …: the word was taken for the table's alias.
  const taken = previous?.kind === 'word' && starts.has(previous.symbol);
  return taken && startsNext[previous.symbol]?.includes(token.symbol) === true
    ? semicolon(previous)
    : undefined;
}
const semicolon = (token: Token): string => `Is a semicolon missing before "${token.text}"?`;
const startsNext: Readonly<Record<string, readonly string[]>> = {
  INSERT: ['INTO', 'OVERWRITE'],
  SHOW: ['TABLES', 'JOBS', 'VIEWS', 'DATABASES', 'CREATE'],
  EXPLAIN: ['SELECT', 'PLAN', 'INSERT'],
};

/** By the token that cannot stand there. */
const here: Readonly<Record<string, string>> = {
  '~': 'Use REGEXP(value, pattern), or LIKE.',
  '&': 'Conditions are joined by AND.',
  '&&': 'Conditions are joined by AND.',
  '[': 'A name stands in backticks: `name`.',
  REGEXP: 'Use REGEXP(value, pattern).',
  MOD: 'Write MOD(a, b), or a % b.',
  DIV: 'Write a / b: of whole numbers it is whole.',
  COPY: "Read a file with SELECT * FROM 'data.csv', or declare a table WITH ('connector' = 'filesystem', …).",
  MAX: 'Write STRING.',
  SEPARATOR: "Write LISTAGG(text, ',').",
  SIMILAR: 'Use SIMILAR TO, or REGEXP(value, pattern).',
  USING:
    "Where a table lies is said in WITH: WITH ('connector' = 'filesystem', 'path' = '…', 'format' = 'csv').",
  PARTITION: 'Write PARTITIONED BY (column) between the columns and WITH.',
  AUTO_INCREMENT: 'Flink SQL makes no keys: write a key that the data has, or UUID().',
  IDENTITY: 'Flink SQL makes no keys: write a key that the data has, or UUID().',
  DEFAULT: 'Flink SQL has no DEFAULT: write COALESCE(value, default) in the query.',
  UNIQUE: 'Only PRIMARY KEY (…) NOT ENFORCED can be declared.',
  REFERENCES: 'Flink SQL has no foreign keys.',
  STREAM: "Every table is a stream: CREATE TABLE … WITH ('connector' = 'kafka', …).",
  MATERIALIZED: 'Write CREATE TABLE for where rows go, and INSERT INTO it SELECT ….',
  INDEX: 'Flink SQL has no indexes.',
  SCHEMA: 'Write CREATE DATABASE.',
  CHANGES: 'A query always emits its changes: leave EMIT CHANGES out.',
  RETURNING: 'INSERT returns nothing: leave RETURNING out.',
  ANALYZE: 'Write EXPLAIN, or EXPLAIN CHANGELOG_MODE.',
  CASCADE: 'Leave it out.',
  CONSTRAINTS: 'Leave it out.',
};

export function otherDialect({ expected, token, previous }: Found): string | undefined {
  const before = previous?.symbol;
  if (token.kind === 'number' && before === 'TOP')
    return `Write LIMIT ${token.text} at the end of the query.`;
  if (token.symbol === 'ON' && before === 'DISTINCT')
    return 'Write ROW_NUMBER() OVER (PARTITION BY … ORDER BY …) in a sub-query, and WHERE row_num = 1 around it.';
  if (before === '(' && expected.includes('VALUES') && token.kind === 'word')
    return 'EXCEPT stands between queries; name the columns that are wanted.';
  if (token.symbol === '>' && before === '-') return "Read JSON text with JSON_VALUE(text, '$.a').";
  if (before === 'DESCRIBE' && token.symbol === 'TABLE') return 'Write DESCRIBE name.';
  if (token.symbol === 'AS' && expected.includes(')') && !expected.includes('METADATA'))
    return 'Write TRY_CAST(value AS TYPE), or CAST.';
  // SELECT a MOD 3: the word was taken for the column's name.
  if (previous?.kind === 'word' && (before === 'MOD' || before === 'DIV') && expected.includes('FROM'))
    return here[before];
  if (previous?.kind === 'word' && before === 'REGEXP' && token.kind === 'string') return here[before];
  if (token.symbol === 'VIEW' && before === 'LATERAL') return 'Write CROSS JOIN UNNEST(array) AS u (item).';
  if (token.symbol === 'FOR')
    return 'Rows are not locked: leave FOR UPDATE out. Versions are joined by FOR SYSTEM_TIME AS OF.';
  if (token.symbol === 'ON' && expected.includes('UNION'))
    return 'A sink with PRIMARY KEY (…) NOT ENFORCED takes rows as upserts by itself: leave ON CONFLICT out, or write ON CONFLICT DO DEDUPLICATE behind the query.';
  if (token.symbol === 'SYSTEM' && before === 'OF') return 'Write FOR SYSTEM_TIME AS OF, in a join.';
  if (token.symbol === '(' && before === 'TUMBLING')
    return "Write TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) in FROM.";
  if (before === 'INSERT' && expected.includes('INTO')) return `Write INSERT INTO ${token.text}.`;
  if (before === 'DATABASE' && expected.length === 1) return `Write USE ${token.text}.`;
  if (before === 'BEGIN' && token.symbol === ';')
    return 'There are no transactions: leave BEGIN and COMMIT out.';
  if (token.symbol === 'COMMIT' || token.symbol === 'ROLLBACK')
    return 'There are no transactions: leave BEGIN and COMMIT out.';
  const typeArguments = expected.includes('METADATA') && (token.symbol === '(' || token.symbol === '<');
  if (typeArguments && previous !== undefined) return typeHint(previous.text);
  return token.kind === 'string' || token.kind === 'quoted' ? undefined : here[token.symbol];
}

function typeHint(name: string): string | undefined {
  switch (name.toUpperCase()) {
    case 'NVARCHAR':
    case 'VARCHAR2':
    case 'NCHAR':
      return 'Write STRING, or VARCHAR(n).';
    case 'STRUCT':
      return 'Write ROW<name TYPE, …>.';
    case 'LIST':
      return 'Write ARRAY<TYPE>.';
    case 'NUMBER':
      return 'Write DECIMAL(precision, scale).';
    case 'DATETIME':
      return 'Write TIMESTAMP(3).';
    case 'ENUM':
      return 'Write STRING.';
    case 'INT':
    case 'BIGINT':
    case 'SMALLINT':
    case 'TINYINT':
      return 'Whole numbers take no length.';
    default:
      return undefined;
  }
}

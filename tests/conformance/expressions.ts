/* Expressions that a real Flink evaluated, beside the examples of the function table. */

const casts: readonly string[] = ['BOOLEAN', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL(10, 2)', 'DECIMAL(38, 18)', 'STRING', 'CHAR(3)', 'VARCHAR(4)', 'DATE', 'TIME', 'TIMESTAMP(0)', 'TIMESTAMP(3)', 'TIMESTAMP_LTZ(3)', 'BYTES'];
const values: readonly string[] = ["'1'", "' 12 '", "'abc'", "'1.567'", "'true'", "'2024-02-29'", "'2024-02-29 12:34:56.789'", "'12:34:56'", '1', '300', '-129', '3000000000', '1.567', '-0.5', '1e10', 'TRUE', "DATE '2024-02-29'", "TIME '12:34:56'", "TIMESTAMP '2024-02-29 12:34:56.789'", "X'4142'"];

const handwritten: readonly string[] = [
  '1 + 1', '2147483647 + 1', '9223372036854775807 + 1', '7 / 2', '-7 / 2', '7 % 3', '-7 % 3', 'MOD(-7, 3)', '7.0 / 2', '1.10 * 2.205', '1.5 - 0.25', '10 / 4.0', '1e0 / 3', '0e0 / 0', '1e0 / 0', 'CAST(1 AS BIGINT) * 3', 'CAST(1 AS FLOAT) / 3',
  '1 = 1.0', "'a' < 'b'", "'a' = 'a '", 'NULL = 1', 'NULL IS NULL', '1 IS DISTINCT FROM NULL', '1 BETWEEN 0 AND 2', '1 NOT BETWEEN 2 AND 3', '2 IN (1, 2, NULL)', '3 IN (1, 2, NULL)', '3 NOT IN (1, NULL)', 'TRUE AND NULL', 'FALSE AND NULL', 'TRUE OR NULL', 'NOT CAST(NULL AS BOOLEAN)',
  "'abc' LIKE 'a%'", "'abc' LIKE 'a_c'", "'a%c' LIKE 'a#%c' ESCAPE '#'", "'abc' SIMILAR TO '(a|b)+c'", "'abc' SIMILAR TO 'a.*'",
  "CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", 'CASE WHEN FALSE THEN 1 END', 'CASE WHEN TRUE THEN 1 ELSE 2.5 END', 'COALESCE(NULL, 2, 3)', 'NULLIF(1, 1)', "IF(TRUE, 'x', 'yy')", 'GREATEST(1, 3, 2)', 'LEAST(1, NULL, 2)',
  "TIMESTAMP '2024-01-31 10:00:00' + INTERVAL '1' MONTH", "TIMESTAMP '2024-03-31 10:00:00' - INTERVAL '1' MONTH", "DATE '2024-02-28' + INTERVAL '2' DAY", "TIMESTAMPDIFF(DAY, TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-03-01 12:00:00')", "TIMESTAMPADD(HOUR, 5, TIMESTAMP '2024-01-01 22:00:00')",
  "EXTRACT(YEAR FROM DATE '2024-02-29')", "EXTRACT(DOW FROM DATE '2024-02-29')", "EXTRACT(WEEK FROM DATE '2024-12-30')", "EXTRACT(QUARTER FROM DATE '2024-02-29')", "EXTRACT(DOY FROM DATE '2024-02-29')", "FLOOR(TIMESTAMP '2024-02-29 12:34:56' TO HOUR)", "CEIL(TIMESTAMP '2024-02-29 12:34:56' TO DAY)", "FLOOR(DATE '2024-02-29' TO MONTH)",
  "DATE_FORMAT(TIMESTAMP '2024-02-29 12:34:56', 'yyyy/MM/dd HH:mm')", "DATE_FORMAT('2024-02-29 12:34:56', 'dd.MM.yy')", "TO_TIMESTAMP('2024-02-29 12:34:56')", "TO_TIMESTAMP('29.02.2024', 'dd.MM.yyyy')", "TO_DATE('2024-02-29')", "TO_TIMESTAMP_LTZ(1709210096, 0)", "TO_TIMESTAMP_LTZ(1709210096789, 3)", "FROM_UNIXTIME(1709210096)", "UNIX_TIMESTAMP('2024-02-29 12:34:56')", "CONVERT_TZ('2024-02-29 12:34:56', 'UTC', 'Asia/Tokyo')",
  "ROW(1, 'a', NULL)", 'ARRAY[1, 2, 3]', "MAP['a', 1, 'b', 2]", 'ARRAY[1, 2, 3][2]', "MAP['a', 1]['b']", 'CARDINALITY(ARRAY[1, 2])', 'ARRAY[ARRAY[1], ARRAY[2, 3]]', "ARRAY['a', NULL]",
  "TYPEOF(1 + 1.5)", 'TYPEOF(ARRAY[1])', "TYPEOF('abc')", "TYPEOF(CAST(1 AS DECIMAL(5, 2)) * CAST(2 AS DECIMAL(5, 3)))", "TYPEOF(CAST(1 AS DECIMAL(38, 10)) / CAST(3 AS DECIMAL(38, 10)))", "TYPEOF(CASE WHEN TRUE THEN 1 ELSE CAST(2 AS BIGINT) END)", "TYPEOF(COALESCE(CAST(NULL AS INT), 1))", "TYPEOF('a' || 'bc')", "TYPEOF(TIMESTAMP '2024-01-01 00:00:00' - TIMESTAMP '2023-01-01 00:00:00')",
  'ROUND(2.5, 0)', 'ROUND(-2.5, 0)', 'ROUND(125.315, 2)', 'ROUND(125, -1)', 'TRUNCATE(42.345, 2)', 'TRUNCATE(-42.345)', 'FLOOR(-1.5)', 'CEIL(-1.5)', 'SIGN(-3.5)', 'ABS(-2147483648)', 'POWER(2, 0.5)', 'EXP(1)', 'LOG2(8)', 'LOG(2, 8)', 'BIN(5)', "HEX('abc')", 'HEX(255)', 'PI()', 'E()', 'DEGREES(3.14)', 'ATAN2(1, 2)', 'SQRT(2)', 'SQRT(-1)', 'LN(0)',
];

/** Every value into every type, and the rest. */
export const expressions: readonly string[] = [
  ...handwritten,
  ...values.flatMap((v) => casts.map((t) => `TRY_CAST(${v} AS ${t})`)),
];

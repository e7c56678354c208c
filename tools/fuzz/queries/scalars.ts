/* Expressions over the columns of a relation: values of a type, conditions, aggregates. All of them give the same in every
 * run and fail on no row. */

import type { Chance } from './chance.ts';
import { keys, plain, type Column, type ColumnType } from './relation.ts';

export interface Scalar {
  readonly sql: string;
  readonly type: ColumnType;
}

const literals: { readonly [T in ColumnType]: (chance: Chance) => string } = {
  INT: (c) => String(c.below(6)),
  BIGINT: (c) => `CAST(${c.below(6)} AS BIGINT)`,
  STRING: (c) => c.pick(["'a'", "'b'", "'c'", "''", "'Ab'"]),
  DOUBLE: (c) => c.pick(['CAST(1.5 AS DOUBLE)', 'CAST(0.25 AS DOUBLE)']),
  'DECIMAL(10, 2)': (c) => `CAST(${c.below(5)}.25 AS DECIMAL(10, 2))`,
  BOOLEAN: (c) => c.pick(['TRUE', 'FALSE']),
  'TIMESTAMP(3)': (c) => `TIMESTAMP '2024-01-01 00:00:${String(c.between(10, 40))}.000'`,
  'ARRAY<INT>': (c) => `ARRAY[${c.below(5)}, ${c.below(5)}]`,
};
export const literal = (chance: Chance, type: ColumnType): string => literals[type](chance);

const numbers: readonly ColumnType[] = ['INT', 'BIGINT', 'DOUBLE', 'DECIMAL(10, 2)'];
export const isNumber = (type: ColumnType): boolean => numbers.includes(type);

/** An expression of the type of a column: that column, mostly. */
function around(chance: Chance, column: Column, columns: readonly Column[]): Scalar {
  const { type } = column;
  const sql = column.name;
  if (column.time !== undefined || !chance.percent(30)) return { sql, type };
  const other = chance.pick(columns.filter((c) => c.type === type));
  const also = chance.percent(50) ? other.name : literal(chance, type);
  switch (chance.below(6)) {
    case 0:
      return { sql: `COALESCE(${sql}, ${also})`, type };
    case 1:
      return { sql: `NULLIF(${sql}, ${literal(chance, type === 'ARRAY<INT>' ? 'ARRAY<INT>' : type)})`, type };
    case 2:
      return { sql: `CASE WHEN ${condition(chance, columns, 0)} THEN ${sql} ELSE ${also} END`, type };
    default:
      return computed(chance, sql, type, also);
  }
}
function computed(chance: Chance, sql: string, type: ColumnType, also: string): Scalar {
  switch (type) {
    case 'INT':
    case 'BIGINT':
      return { sql: chance.pick([`${sql} + ${also}`, `${sql} * 2`, `MOD(${sql}, 3)`, `ABS(${sql})`]), type };
    case 'DOUBLE':
      return { sql: chance.pick([`${sql} * 2`, `ABS(${sql})`, `${sql} + ${also}`]), type };
    case 'STRING':
      return { sql: chance.pick([`UPPER(${sql})`, `${sql} || ${also}`, `CONCAT(${sql}, ${also})`]), type };
    case 'BOOLEAN':
      return { sql: chance.pick([`NOT ${sql}`, `${sql} AND ${also}`, `${sql} IS TRUE`]), type };
    default:
      return { sql, type };
  }
}
/** A value of some column that can be compared. */
export function scalar(chance: Chance, columns: readonly Column[]): Scalar {
  const all = keys(columns);
  return all.length === 0
    ? { sql: literal(chance, 'INT'), type: 'INT' }
    : around(chance, chance.pick(all), all);
}

const comparisons = ['=', '<>', '<', '<=', '>', '>='];
function atom(chance: Chance, columns: readonly Column[]): string {
  if (keys(columns).length === 0) return 'TRUE';
  const column = chance.pick(keys(columns));
  const sql = column.name;
  const { type } = column;
  const others = columns.filter((c) => c.type === type && c !== column && c.time === undefined);
  if (type === 'BOOLEAN' && chance.percent(60))
    return chance.pick([sql, `NOT ${sql}`, `${sql} IS NOT TRUE`, `${sql} IS FALSE`, `${sql} IS UNKNOWN`]);
  const value = others.length > 0 && chance.percent(35) ? chance.pick(others).name : literal(chance, type);
  switch (chance.below(9)) {
    case 0:
      return `${sql} IS ${chance.pick(['', 'NOT '])}NULL`;
    case 1:
      return `${sql} ${chance.pick(['', 'NOT '])}IN (${literal(chance, type)}, ${literal(chance, type)})`;
    case 2:
      return `${sql} BETWEEN ${value} AND ${literal(chance, type)}`;
    case 3:
      return `${sql} IS ${chance.pick(['', 'NOT '])}DISTINCT FROM ${value}`;
    case 4:
      return type === 'STRING' ? `${sql} LIKE ${chance.pick(["'a%'", "'%b'", "'_'"])}` : `${sql} > ${value}`;
    default:
      return `${sql} ${chance.pick(comparisons)} ${value}`;
  }
}
/** A condition over columns that can be compared, some of it under AND, OR and NOT. */
export function condition(chance: Chance, columns: readonly Column[], depth = 1): string {
  if (depth === 0 || chance.percent(60)) return atom(chance, columns);
  const parts = [0, 1].map(() => condition(chance, columns, depth - 1));
  return chance.percent(15) ? `NOT (${parts[0]})` : `(${parts.join(chance.pick([' AND ', ' OR ']))})`;
}

export interface AggregateFit {
  /** Whether rows come in a fixed order: then what depends on it may be asked. */
  readonly ordered: boolean;
  /** In OVER, where there is no FILTER and no DISTINCT. */
  readonly over?: boolean;
}
type Maker = (sql: string, type: ColumnType) => Scalar;
const same =
  (name: string): Maker =>
  (sql, type) => ({ sql: `${name}(${sql})`, type });
const giving =
  (name: string, type: ColumnType): Maker =>
  (sql) => ({ sql: `${name}(${sql})`, type });
const ofAny: readonly Maker[] = [giving('COUNT', 'BIGINT'), same('MIN'), same('MAX')];
const ofNumbers: readonly Maker[] = [
  (sql, type) => ({ sql: `SUM(${sql})`, type }),
  (sql, type) => ({ sql: `CAST(AVG(${sql}) AS ${type})`, type }),
  same('SUM'),
  same('STDDEV_POP'),
  same('VAR_SAMP'),
  (sql) => ({ sql: `PERCENTILE(${sql}, 0.5)`, type: 'DOUBLE' }),
];
/** A bitmap of two members a value, so that some are in all of them. */
const mergedBitmaps =
  (name: string): Maker =>
  (sql) => ({
    sql: `BITMAP_TO_STRING(BITMAP_${name}_AGG(${sql.replace(/^(DISTINCT )?(.*)$/, '$1BITMAP_BUILD(ARRAY[$2, 1])')}))`,
    type: 'STRING',
  });
const ofInts: readonly Maker[] = [
  giving('BITMAP_BUILD_CARDINALITY_AGG', 'BIGINT'),
  (sql) => ({ sql: `BITMAP_TO_STRING(BITMAP_BUILD_AGG(${sql}))`, type: 'STRING' }),
  mergedBitmaps('OR'),
  mergedBitmaps('AND'),
  mergedBitmaps('XOR'),
];
const ofOrder: readonly Maker[] = [
  (sql) => ({ sql: `CARDINALITY(ARRAY_AGG(${sql}))`, type: 'INT' }),
  same('FIRST_VALUE'),
  same('LAST_VALUE'),
  (sql) => ({ sql: `LISTAGG(${sql.replace(/^(DISTINCT )?(.*)$/, '$1CAST($2 AS STRING)')})`, type: 'STRING' }),
];
/** It has neither DISTINCT nor FILTER nor OVER. */
const jsonArray: Maker = (sql) => ({
  sql: `JSON_ARRAYAGG(${sql.replace('DISTINCT ', '')})`,
  type: 'STRING',
});

/** An aggregate call over the columns. */
export function aggregate(chance: Chance, columns: readonly Column[], fit: AggregateFit): Scalar {
  const filter =
    fit.over !== true && chance.percent(15) ? ` FILTER (WHERE ${condition(chance, columns)})` : '';
  if (chance.percent(25)) return { sql: `COUNT(*)${filter}`, type: 'BIGINT' };
  const { sql, type } = scalar(chance, columns);
  const isTime = type === 'TIMESTAMP(3)';
  const makers = [
    ...ofAny,
    ...(isNumber(type) ? ofNumbers : []),
    ...(type === 'INT' ? ofInts : []),
    ...(fit.ordered ? ofOrder : []),
    ...(fit.ordered && fit.over !== true ? [jsonArray] : []),
  ].filter((_, i) => type !== 'BOOLEAN' || i === 0);
  const distinct = fit.over !== true && chance.percent(20);
  const made = chance.pick(isTime ? ofAny : makers)(distinct ? `DISTINCT ${sql}` : sql, type);
  return { sql: behindCall(made.sql, made.sql.startsWith('JSON_') ? '' : filter), type: made.type };
}
/** FILTER or OVER behind the call, which may stand in another one. */
export function behindCall(sql: string, clause: string): string {
  const inner =
    /^(CAST\()(AVG\(.*\))( AS [^()]+(?:\(\d+, \d+\))?\))$/.exec(sql) ??
    /^(CARDINALITY\()(ARRAY_AGG\(.*\))(\))$/.exec(sql) ??
    /^(BITMAP_TO_STRING\()(BITMAP_[A-Z]+_AGG\(.*\))(\))$/.exec(sql);
  return inner === null ? sql + clause : `${inner[1]!}${inner[2]!}${clause}${inner[3]!}`;
}
/** Items of a SELECT over the columns: each with a name of its own. */
export function items(chance: Chance, columns: readonly Column[], count: number): Scalar[] {
  return chance.some(plain(columns), count).map((c) => around(chance, c, plain(columns)));
}

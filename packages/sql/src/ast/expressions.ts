/* The expressions of Flink SQL as a closed union on `kind`. Pure data: no catalog, no types resolved.
 * Every node carries the span of text it came from; printing and comparing ignore spans. */

import type { Span } from '#base';
import type { DataType, Identifier } from './names.ts';
import type { Query } from './queries.ts';

export type Expression =
  | NumberLiteral
  | StringLiteral
  | BinaryLiteral
  | BooleanLiteral
  | NullLiteral
  | DateTimeLiteral
  | IntervalLiteral
  | ColumnRef
  | StarExpression
  | UnaryExpression
  | BinaryExpression
  | IsExpression
  | BetweenExpression
  | InExpression
  | LikeExpression
  | QuantifiedComparison
  | ExistsExpression
  | SubqueryExpression
  | CaseExpression
  | CastExpression
  | FunctionCall
  | RowExpression
  | ArrayExpression
  | MapExpression
  | ElementAccess
  | FieldAccess
  | DescriptorExpression
  | NamedArgument
  | TableArgument
  | ModelArgument;

interface Node {
  readonly span: Span;
}

/** `text` as written, without a sign: 1, 1.50, .5, 1E3. The binder decides INT, BIGINT, DECIMAL or DOUBLE. */
export interface NumberLiteral extends Node {
  readonly kind: 'number';
  readonly text: string;
}
/** The characters meant, quotes and escapes (doubled quotes, U&'\0041', E'..' is not Flink's) already resolved. */
export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
}
/** X'0A1B': hex digits in upper case. */
export interface BinaryLiteral extends Node {
  readonly kind: 'bytes';
  readonly hex: string;
}
export interface BooleanLiteral extends Node {
  readonly kind: 'boolean';
  readonly value: boolean;
}
export interface NullLiteral extends Node {
  readonly kind: 'null';
}
/** DATE '2024-01-01', TIME '12:00:00', TIMESTAMP '2024-01-01 12:00:00.123'; `text` is what stands in quotes. */
export interface DateTimeLiteral extends Node {
  readonly kind: 'datetime';
  readonly type: 'DATE' | 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ';
  readonly text: string;
}
export type IntervalUnit = 'YEAR' | 'QUARTER' | 'MONTH' | 'WEEK' | 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND';
/** INTERVAL '5' SECOND, INTERVAL -'1:30' HOUR TO MINUTE, INTERVAL '10' DAY(3). */
export interface IntervalLiteral extends Node {
  readonly kind: 'interval';
  readonly text: string;
  readonly negative: boolean;
  readonly from: IntervalUnit;
  readonly to: IntervalUnit | undefined;
  readonly precision: number | undefined;
  readonly fraction: number | undefined;
}
/** a, t.a, cat.db.t.a, t.row.field: the binder decides where the table's name ends. */
export interface ColumnRef extends Node {
  readonly kind: 'column';
  readonly path: readonly Identifier[];
}
/** * and t.*; also the argument of COUNT(*). */
export interface StarExpression extends Node {
  readonly kind: 'star';
  readonly qualifier: readonly Identifier[];
}
export interface UnaryExpression extends Node {
  readonly kind: 'unary';
  readonly operator: '+' | '-' | 'NOT';
  readonly operand: Expression;
}
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '||'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'AND'
  | 'OR'
  | 'OVERLAPS'
  | 'CONTAINS'
  | 'MEMBER OF';
/** `!=` is parsed as `<>`. */
export interface BinaryExpression extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** x IS [NOT] NULL | TRUE | FALSE | UNKNOWN | JSON [VALUE|OBJECT|ARRAY|SCALAR] | DISTINCT FROM y. */
export interface IsExpression extends Node {
  readonly kind: 'is';
  readonly test:
    | 'NULL'
    | 'TRUE'
    | 'FALSE'
    | 'UNKNOWN'
    | 'DISTINCT FROM'
    | 'JSON'
    | 'JSON VALUE'
    | 'JSON OBJECT'
    | 'JSON ARRAY'
    | 'JSON SCALAR';
  readonly negated: boolean;
  readonly operand: Expression;
  /** Only for DISTINCT FROM. */
  readonly other: Expression | undefined;
}
export interface BetweenExpression extends Node {
  readonly kind: 'between';
  readonly negated: boolean;
  readonly symmetric: boolean;
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}
/** x IN (1, 2) or x IN (SELECT …); x may be a row. */
export interface InExpression extends Node {
  readonly kind: 'in';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly list: readonly Expression[] | Query;
}
export interface LikeExpression extends Node {
  readonly kind: 'like';
  readonly operator: 'LIKE' | 'SIMILAR TO';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape: Expression | undefined;
}
/** x = ANY (SELECT …), x > ALL (…), SOME is ANY. */
export interface QuantifiedComparison extends Node {
  readonly kind: 'quantified';
  readonly operator: '=' | '<>' | '<' | '<=' | '>' | '>=';
  readonly quantifier: 'ANY' | 'ALL';
  readonly operand: Expression;
  readonly list: readonly Expression[] | Query;
}
export interface ExistsExpression extends Node {
  readonly kind: 'exists';
  readonly query: Query;
}
export interface SubqueryExpression extends Node {
  readonly kind: 'subquery';
  readonly query: Query;
}
export interface CaseExpression extends Node {
  readonly kind: 'case';
  /** CASE x WHEN 1 …: x; undefined for CASE WHEN condition …. */
  readonly subject: Expression | undefined;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise: Expression | undefined;
}
export interface CastExpression extends Node {
  readonly kind: 'cast';
  readonly safe: boolean; // TRY_CAST
  readonly operand: Expression;
  readonly type: DataType;
}
/** Every call in function form, special grammar folded in:
 *  EXTRACT(DAY FROM t) → EXTRACT with flags ['DAY'] and args [t]; FLOOR(t TO HOUR) → FLOOR, args [t], flags ['HOUR'];
 *  TRIM(BOTH 'x' FROM s) → TRIM, flags ['BOTH'], args ['x', s] (TRIM(s): flags [], args [s]);
 *  POSITION(a IN b) → POSITION(a, b); OVERLAY(s PLACING r FROM i FOR n) → OVERLAY(s, r, i, n);
 *  SUBSTRING(s FROM i FOR n) → SUBSTRING(s, i, n); TIMESTAMPADD(DAY, n, t) → flags ['DAY'], args [n, t];
 *  TIMESTAMPDIFF likewise; CEIL as FLOOR; CURRENT_DATE, LOCALTIME … without parentheses: `bare` true;
 *  JSON_VALUE(j, p RETURNING INT DEFAULT 0 ON EMPTY ERROR ON ERROR): see `json`; and all the JSON_ family. */
export interface FunctionCall extends Node {
  readonly kind: 'call';
  /** Upper case for what is a known keyword-function; else as written. Qualified for catalog functions. */
  readonly name: readonly Identifier[];
  readonly args: readonly Expression[];
  readonly flags: readonly string[];
  readonly bare: boolean;
  readonly distinct: boolean;
  /** ORDER BY inside the call: LISTAGG(x ORDER BY y) is not Flink's; WITHIN GROUP is parsed here. */
  readonly withinGroup: readonly OrderItem[];
  readonly filter: Expression | undefined;
  readonly over: WindowSpec | Identifier | undefined;
  readonly nulls: 'RESPECT' | 'IGNORE' | undefined;
  readonly json: JsonClauses | undefined;
}
export type JsonBehavior =
  | { readonly kind: 'ERROR' | 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN' | 'EMPTY ARRAY' | 'EMPTY OBJECT' }
  | { readonly kind: 'DEFAULT'; readonly value: Expression };
export interface JsonClauses {
  readonly returning: DataType | undefined;
  readonly onEmpty: JsonBehavior | undefined;
  readonly onError: JsonBehavior | undefined;
  /** JSON_QUERY: WITHOUT | WITH CONDITIONAL | WITH UNCONDITIONAL [ARRAY] WRAPPER. */
  readonly wrapper: 'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL' | undefined;
  /** JSON_OBJECT, JSON_ARRAY, …AGG: NULL ON NULL or ABSENT ON NULL. */
  readonly onNull: 'NULL' | 'ABSENT' | undefined;
}
/** ROW(a, b), or (a, b) with at least two items. */
export interface RowExpression extends Node {
  readonly kind: 'row';
  readonly explicit: boolean;
  readonly items: readonly Expression[];
}
export interface ArrayExpression extends Node {
  readonly kind: 'array';
  readonly items: readonly Expression[];
}
/** MAP['a', 1, 'b', 2]: keys and values in turn. */
export interface MapExpression extends Node {
  readonly kind: 'map';
  readonly items: readonly Expression[];
}
/** a[1], m['k']. */
export interface ElementAccess extends Node {
  readonly kind: 'element';
  readonly operand: Expression;
  readonly index: Expression;
}
/** (expr).field, f(x).field, a[1].field. Plain a.b.c is a ColumnRef. */
export interface FieldAccess extends Node {
  readonly kind: 'field';
  readonly operand: Expression;
  readonly field: Identifier;
}
/** DESCRIPTOR(ts, `b`) of a window function. */
export interface DescriptorExpression extends Node {
  readonly kind: 'descriptor';
  readonly columns: readonly Identifier[];
}
/** SIZE => INTERVAL '1' HOUR. */
export interface NamedArgument extends Node {
  readonly kind: 'named';
  readonly name: Identifier;
  readonly value: Expression;
}
/** TABLE t [PARTITION BY …] [ORDER BY …], or (SELECT …), as an argument of a table function. */
export interface TableArgument extends Node {
  readonly kind: 'table-argument';
  readonly source: readonly Identifier[] | Query;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
}
/** MODEL m, as an argument of a table function. */
export interface ModelArgument extends Node {
  readonly kind: 'model-argument';
  readonly name: readonly Identifier[];
}
export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nulls: 'FIRST' | 'LAST' | undefined;
}
/** What stands in OVER (…) or WINDOW w AS (…). */
export interface WindowSpec {
  readonly base: Identifier | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame: WindowFrame | undefined;
}
export interface WindowFrame {
  readonly unit: 'ROWS' | 'RANGE';
  readonly start: FrameBound;
  readonly end: FrameBound | undefined;
}
export type FrameBound =
  | { readonly kind: 'UNBOUNDED PRECEDING' | 'CURRENT ROW' | 'UNBOUNDED FOLLOWING' }
  | { readonly kind: 'PRECEDING' | 'FOLLOWING'; readonly offset: Expression };

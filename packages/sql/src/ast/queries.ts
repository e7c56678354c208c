/* Queries: SELECT and what surrounds it. */

import type { Span } from '#base';
import type { Expression, FunctionCall, OrderItem, WindowSpec } from './expressions.ts';
import type { Identifier } from './names.ts';

interface Node {
  readonly span: Span;
}

/** A whole query expression: WITH, a body, and what applies to its result. */
export interface Query extends Node {
  readonly kind: 'query';
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expression | undefined; // LIMIT n, FETCH FIRST n ROWS ONLY; LIMIT ALL is undefined
  readonly offset: Expression | undefined;
}
export interface CommonTable {
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
  readonly query: Query;
}
export type QueryBody = SelectBody | SetOperation | ValuesBody | TableBody | ParenthesizedQuery;
/** (SELECT … ORDER BY … LIMIT 1) as an operand of UNION: keeps its own ORDER BY. */
export interface ParenthesizedQuery extends Node {
  readonly kind: 'parenthesized';
  readonly query: Query;
}
/** TABLE t. */
export interface TableBody extends Node {
  readonly kind: 'table-body';
  readonly name: readonly Identifier[];
}
export interface SetOperation extends Node {
  readonly kind: 'set-operation';
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT'; // MINUS is EXCEPT
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}
/** VALUES (1, 'a'), (2, 'b'); VALUES 1, 2 has one item a row. */
export interface ValuesBody extends Node {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
}
export interface SelectBody extends Node {
  readonly kind: 'select';
  readonly hints: readonly Hint[];
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: TableRef | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly GroupItem[] | undefined; // undefined without GROUP BY; GROUP BY () is one empty 'sets' item
  readonly groupByDistinct: boolean; // GROUP BY DISTINCT: each grouping set once
  readonly having: Expression | undefined;
  readonly windows: readonly { readonly name: Identifier; readonly spec: WindowSpec }[];
  readonly qualify: Expression | undefined;
}
export interface SelectItem {
  readonly expression: Expression;
  readonly alias: Identifier | undefined;
}
export type GroupItem = { readonly kind: 'expression'; readonly expression: Expression } | GroupingSets;
/** Those of GROUPING SETS may be such again. */
export interface GroupingSets {
  readonly kind: 'sets';
  readonly form: 'GROUPING SETS' | 'ROLLUP' | 'CUBE' | 'EMPTY';
  readonly sets: readonly (readonly Expression[] | GroupingSets)[];
}

/** OPTIONS('k'='v'), LOOKUP('table'='d', …), STATE_TTL('a'='1d'), BROADCAST(t): pairs or bare words. */
export interface Hint {
  readonly name: string;
  readonly pairs: readonly { readonly key: string; readonly value: string | undefined }[];
  readonly span: Span;
}

export type TableRef = NamedTable | DerivedTable | TableFunctionRef | UnnestRef | JoinRef | MatchRecognize;
export interface TableAlias {
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
}
/** orders, db.orders AS o, dim FOR SYSTEM_TIME AS OF o.proc AS d, t /*+ OPTIONS('k'='v') *​/. */
export interface NamedTable extends Node {
  readonly kind: 'named-table';
  readonly name: readonly Identifier[];
  readonly hints: readonly Hint[];
  readonly asOf: Expression | undefined;
  readonly alias: TableAlias | undefined;
}
export interface DerivedTable extends Node {
  readonly kind: 'derived-table';
  readonly lateral: boolean;
  readonly query: Query;
  readonly alias: TableAlias | undefined;
}
/** TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)), LATERAL TABLE(f(x)), or a bare f(x). */
export interface TableFunctionRef extends Node {
  readonly kind: 'table-function';
  readonly lateral: boolean;
  readonly call: FunctionCall;
  readonly alias: TableAlias | undefined;
}
/** UNNEST(expr) [WITH ORDINALITY]. */
export interface UnnestRef extends Node {
  readonly kind: 'unnest';
  readonly expression: Expression;
  readonly ordinality: boolean;
  readonly alias: TableAlias | undefined;
}
export interface JoinRef extends Node {
  readonly kind: 'join';
  readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS'; // a comma is CROSS
  readonly natural: boolean;
  readonly left: TableRef;
  readonly right: TableRef;
  readonly on: Expression | undefined;
  readonly using: readonly Identifier[];
}
export interface MatchRecognize extends Node {
  readonly kind: 'match-recognize';
  readonly input: TableRef;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly measures: readonly { readonly expression: Expression; readonly alias: Identifier }[];
  readonly rowsPerMatch: 'ONE' | 'ALL' | undefined;
  readonly afterMatch:
    | { readonly kind: 'PAST LAST ROW' | 'NEXT ROW' }
    | { readonly kind: 'FIRST' | 'LAST'; readonly variable: Identifier }
    | undefined;
  readonly pattern: RowPattern;
  readonly within: Expression | undefined;
  readonly subsets: readonly { readonly name: Identifier; readonly of: readonly Identifier[] }[];
  readonly define: readonly { readonly variable: Identifier; readonly condition: Expression }[];
  readonly alias: TableAlias | undefined;
}
export type RowPattern =
  | { readonly kind: 'variable'; readonly name: Identifier }
  | { readonly kind: 'sequence' | 'alternation' | 'permute'; readonly items: readonly RowPattern[] }
  | { readonly kind: 'exclusion'; readonly item: RowPattern }
  | { readonly kind: 'anchor'; readonly at: '^' | '$' }
  | {
      readonly kind: 'repeat';
      readonly item: RowPattern;
      readonly min: number;
      readonly max: number | undefined; // undefined: no bound
      readonly reluctant: boolean;
    };

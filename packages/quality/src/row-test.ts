/* What an expectation asks of one row, as plain data: a database evaluates it as SQL, a stream could compile it.
 * NULL follows SQL: a comparison with it is unknown. */

import type { Cell } from './cell.ts';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface Bounds {
  readonly min?: Cell | undefined;
  readonly max?: Cell | undefined;
  /** The bound itself is out. */
  readonly strictMin?: boolean | undefined;
  readonly strictMax?: boolean | undefined;
}

export type RowTest =
  | { readonly kind: 'true' }
  | { readonly kind: 'null'; readonly column: string }
  | { readonly kind: 'compare'; readonly column: string; readonly operator: Comparison; readonly value: Cell }
  | {
      readonly kind: 'compare-columns';
      readonly left: string;
      readonly operator: Comparison;
      readonly right: string;
    }
  | { readonly kind: 'between'; readonly column: string; readonly bounds: Bounds }
  | { readonly kind: 'in'; readonly column: string; readonly values: readonly Cell[] }
  | {
      readonly kind: 'pair-in';
      readonly columns: readonly [string, string];
      readonly pairs: readonly (readonly [Cell, Cell])[];
    }
  | { readonly kind: 'length'; readonly column: string; readonly bounds: Bounds }
  | { readonly kind: 'regex'; readonly column: string; readonly pattern: string }
  | {
      readonly kind: 'like';
      readonly column: string;
      readonly pattern: string;
      readonly escape?: string | undefined;
    }
  | { readonly kind: 'strftime'; readonly column: string; readonly format: string }
  | { readonly kind: 'date-text'; readonly column: string }
  | { readonly kind: 'json'; readonly column: string }
  | { readonly kind: 'json-schema'; readonly column: string; readonly schema: Json }
  | { readonly kind: 'sum'; readonly columns: readonly string[]; readonly total: number }
  | { readonly kind: 'all-equal'; readonly columns: readonly string[] }
  | { readonly kind: 'all-different'; readonly columns: readonly string[] }
  /** |value − center| against a limit, or only what lies above it. */
  | {
      readonly kind: 'distance';
      readonly column: string;
      readonly center: number;
      readonly scale: number;
      readonly limit: number;
      readonly absolute: boolean;
    }
  | { readonly kind: 'not'; readonly test: RowTest }
  | { readonly kind: 'and' | 'or'; readonly tests: readonly RowTest[] };

type Json = { readonly [name: string]: unknown } | boolean;

/** The columns that a test reads. */
export function columnsOf(test: RowTest): string[] {
  switch (test.kind) {
    case 'true':
      return [];
    case 'not':
      return columnsOf(test.test);
    case 'and':
    case 'or':
      return test.tests.flatMap(columnsOf);
    case 'compare-columns':
      return [test.left, test.right];
    case 'pair-in':
    case 'sum':
    case 'all-equal':
    case 'all-different':
      return [...test.columns];
    default:
      return [test.column];
  }
}

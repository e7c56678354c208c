/* What is known of the rows that a query makes use of: whoever reads may leave others out, and need not. What is left out must not
 * matter to the query in any way, so no watermark comes from it. */

import type { LogicalType, Value } from '#data';

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** True of a row, or else the row is not needed: NULL is not true. A column is compared as `type`, which holds all of its values;
 *  `value` is one of that type, and not NULL. */
export type RowCondition =
  | {
      readonly kind: 'compare';
      readonly column: string;
      readonly type: LogicalType;
      readonly operator: ComparisonOperator;
      readonly value: Value;
    }
  | { readonly kind: 'null'; readonly column: string; readonly isNull: boolean }
  | { readonly kind: 'all' | 'any'; readonly of: readonly RowCondition[] };

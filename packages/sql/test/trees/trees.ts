/* Random syntax trees that the parser can build, for the property that printing and parsing again loses
 * nothing. The families depend on one another, so they are tied together here. */

import fc from 'fast-check';
import type {
  Expression,
  FunctionCall,
  OrderItem,
  Query,
  QueryBody,
  SelectBody,
  TableRef,
  WindowSpec,
} from '#sql';
import {
  calls,
  leaf,
  nestings,
  operators,
  orders,
  predicates,
  specialCalls,
  windows,
} from './expressions.ts';
import { queries } from './queries.ts';

export interface Trees {
  expression: Expression;
  leaf: Expression;
  operator: Expression;
  predicate: Expression;
  call: FunctionCall;
  special: FunctionCall;
  nested: Expression;
  order: OrderItem;
  window: WindowSpec;
  query: Query;
  body: QueryBody;
  setOperand: QueryBody;
  select: SelectBody;
  table: TableRef;
  tablePart: TableRef;
}

export type Tie = fc.LetrecTypedTie<Trees>;

export const trees = fc.letrec<Trees>((tie: Tie) => ({
  leaf,
  expression: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'sql' },
    leaf,
    tie('operator'),
    tie('predicate'),
    tie('call'),
    tie('special'),
    tie('nested'),
  ),
  operator: operators(tie),
  predicate: predicates(tie),
  call: calls(tie),
  special: specialCalls(tie),
  nested: nestings(tie),
  order: orders(tie),
  window: windows(tie),
  ...queries(tie),
}));

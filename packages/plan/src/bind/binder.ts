/* What a part of a query may ask of the whole: queries within it, and what names stand for. */

import type { Expr } from '#expr';
import type { ExistsExpression, InExpression, Query, SubqueryExpression } from '#sql';
import type { Rel } from '../logical/rel.ts';
import type { BoundView } from '../logical/table.ts';
import type { Scope } from './scope.ts';
import type { Session } from './session.ts';

/** A relation with the names of its columns. */
export interface Bound {
  readonly rel: Rel;
  readonly scope: Scope;
}

export interface Binder {
  readonly session: Session;
  query(query: Query): Rel;
  /** A view's query, in the view's own home. */
  view(view: BoundView): Rel;
  /** A query within an expression; `around` is what it may refer to beside its own tables. */
  subquery(query: Query, around: Scope): Rel;
  /** Around a sub-query: what it may refer to. */
  readonly outer: Scope | undefined;
  /** Sub-queries that stand as values: what they are over the columns that FROM has for them. */
  readonly values: Map<SubqueryExpression | ExistsExpression | InExpression, Expr>;
  /** A WITH query by name. */
  common(name: string): Rel | undefined;
}

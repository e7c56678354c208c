/* What a part of a query may ask of the whole: queries within it, and what names stand for. */

import type { Query } from '#sql';
import type { Rel } from '../logical/rel.ts';
import type { BoundView } from '../logical/table.ts';
import type { Session } from './session.ts';

export interface Binder {
  readonly session: Session;
  query(query: Query): Rel;
  /** A view's query, in the view's own home. */
  view(view: BoundView): Rel;
  /** A WITH query by name. */
  common(name: string): Rel | undefined;
}

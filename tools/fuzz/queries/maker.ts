/* What makers of queries are given, and the table of them: each makes a relation of one kind over others, or none where
 * what it was given does not fit. */

import type { Chance } from './chance.ts';
import type { Relation } from './relation.ts';

export interface Maker {
  readonly chance: Chance;
  /** Windows of GROUP BY go out beside their end, so their rows change. */
  readonly emits: boolean;
  /** A relation to build upon, at most so deep, that the test lets pass: a table in the end. */
  relation(depth: number, fits?: (relation: Relation) => boolean): Relation;
  /** Gives a relation a name, as a view. */
  view(relation: Relation): Relation;
}
export type Make = (maker: Maker, depth: number) => Relation | undefined;

/* What MATCH_RECOGNIZE is asked for: a pattern as an automaton, what its variables ask of rows, and what a match gives. */

import type { Expr } from '#expr';
import type { LogicalType } from '#data';
import type { SortKeySpec } from './rows.ts';

/** A state waits for a row of its variable. */
export interface MatchState {
  /** Into `MatchSpec.variables`. */
  readonly variable: number;
  /** The state behind a row that it takes; `matchEnd` behind the last. */
  readonly take: number;
  /** The state that may look at the row in its place: the variable may be left out, or has had rows enough. */
  readonly proceed: number | undefined;
  /** A greedy variable in front: no row that it would take gets past this state. */
  readonly unless: number | undefined;
}
/** The state in which a match is whole. */
export const matchEnd = -1;
/** All rows of a match, whatever variable took them. */
export const anyVariable = -1;

/** A value of a match, or of one that is not whole yet and the row in hand. */
export type MatchPart = MatchValue | { readonly kind: 'rowtime'; readonly type: LogicalType };
/** `rowtime` is the event time that let the match go out: of its last row, or of what it waited for. */
export type MatchValue =
  | {
      /** A column of the row that is `offset` rows behind the first one of the variable, or in front of the last. */
      readonly kind: 'column';
      readonly variable: number;
      readonly from: 'first' | 'last';
      readonly offset: number;
      readonly column: number;
      readonly type: LogicalType;
    }
  | {
      readonly kind: 'aggregate';
      readonly fn: string;
      readonly variable: number;
      /** Over a row of the input; undefined: COUNT(*). */
      readonly arg: Expr | undefined;
      /** Constants behind the argument: the separator of LISTAGG. */
      readonly more?: readonly Expr[];
      readonly type: LogicalType;
    };

/** Where the next match may begin. */
export type MatchSkip =
  | { readonly kind: 'past-last' | 'to-next' }
  | { readonly kind: 'to-first' | 'to-last'; readonly variable: number };

export interface MatchSpec {
  readonly partition: readonly number[];
  /** The rowtime's column; undefined: rows come in the order of processing time. */
  readonly time: number | undefined;
  /** Keys among rows of one time; none by processing time. */
  readonly order: readonly SortKeySpec[];
  /** In the order of the pattern. */
  readonly variables: readonly string[];
  /** The first is where a match begins. */
  readonly states: readonly MatchState[];
  readonly skip: MatchSkip;
  /** A match ends earlier than this behind its first row, ms; 0: whenever. */
  readonly withinMs: number;
  readonly parts: readonly MatchPart[];
  /** By variable, over the parts; undefined: it takes any row. */
  readonly conditions: readonly (Expr | undefined)[];
  /** Over the parts. */
  readonly measures: readonly Expr[];
}

/* The logical plan: relational algebra over typed, resolved expressions. A closed, readonly union on `kind`; columns by
 * index; every node knows the fields that it gives. Made by the binder, rewritten by rules, read by traits and targets. */

import type { Field, LogicalType, Value } from '#data';
import type { AggregateCall, Expr } from '#expr';
import type { BoundTable } from './table.ts';

/** A field of a relation. `time` marks a time attribute: what windows and temporal operators may use. */
export interface RelField extends Field {
  readonly time: 'rowtime' | 'proctime' | undefined;
}

export type Rel =
  | ScanRel
  | ValuesRel
  | ProjectRel
  | FilterRel
  | AggregateRel
  | WindowTableRel
  | UnionRel
  | SortRel
  | LookupJoinRel
  | UnnestRel;

interface RelBase {
  readonly fields: readonly RelField[];
}

/** All columns of a table, computed ones included; a rewrite narrows `columns`. */
export interface ScanRel extends RelBase {
  readonly kind: 'scan';
  readonly table: BoundTable;
  /** Indexes into the table's columns, one a field. */
  readonly columns: readonly number[];
  /** A filter that the connector applies (filterable-fields), over `fields`. */
  readonly pushed: Expr | undefined;
  readonly limit: number | undefined;
}
export interface ValuesRel extends RelBase {
  readonly kind: 'values';
  readonly rows: readonly (readonly Value[])[];
}
export interface ProjectRel extends RelBase {
  readonly kind: 'project';
  readonly input: Rel;
  readonly exprs: readonly Expr[];
}
export interface FilterRel extends RelBase {
  readonly kind: 'filter';
  readonly input: Rel;
  readonly condition: Expr;
}
/** Fields: the keys, then the calls, then the window's properties. */
export interface AggregateRel extends RelBase {
  readonly kind: 'aggregate';
  readonly input: Rel;
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  /** A group window of the older syntax: GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE). */
  readonly window: WindowSpec | undefined;
  readonly properties: readonly GroupWindowProperty[];
}
export type GroupWindowProperty = 'start' | 'end' | 'rowtime' | 'proctime';

/** Lengths in ms. `time` is a column of the input. */
export interface WindowSpec {
  readonly kind: 'tumble' | 'hop' | 'cumulate' | 'session';
  readonly time: number;
  readonly timeKind: 'rowtime' | 'proctime';
  readonly timeType: LogicalType;
  readonly sizeMs: number; // the gap of a session
  readonly slideMs: number; // HOP's slide, CUMULATE's step, else 0
  readonly offsetMs: number;
  /** Written as a table function, not in GROUP BY. */
  readonly tableFunction: boolean;
  /** PARTITION BY of a SESSION table function. */
  readonly partition: readonly number[];
}
/** The input's fields, then window_start, window_end, window_time. */
export interface WindowTableRel extends RelBase {
  readonly kind: 'window-table';
  readonly input: Rel;
  readonly window: WindowSpec;
}
export interface UnionRel extends RelBase {
  readonly kind: 'union';
  readonly inputs: readonly Rel[];
}
export interface SortKey {
  readonly column: number;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}
export interface SortRel extends RelBase {
  readonly kind: 'sort';
  readonly input: Rel;
  readonly keys: readonly SortKey[];
  readonly offset: number;
  readonly limit: number | undefined;
}
/** Left's fields, then the looked-up columns. */
export interface LookupJoinRel extends RelBase {
  readonly kind: 'lookup-join';
  readonly input: Rel;
  readonly table: BoundTable;
  /** The looked-up columns: indexes into the table's columns. */
  readonly columns: readonly number[];
  /** For each key: which of `columns` it asks, by which column of the left row. */
  readonly keys: readonly { readonly right: number; readonly left: Expr }[];
  readonly left: boolean;
  /** What else must hold, over left and right fields together. */
  readonly condition: Expr | undefined;
  readonly hints: ReadonlyMap<string, string>;
}
/** One row per element of an ARRAY, MAP or MULTISET: the input's fields, then the element's. */
export interface UnnestRel extends RelBase {
  readonly kind: 'unnest';
  readonly input: Rel;
  readonly expr: Expr;
  readonly ordinality: boolean;
  readonly left: boolean;
}

/** The relations that a relation reads. */
export function inputsOf(rel: Rel): readonly Rel[] {
  switch (rel.kind) {
    case 'scan':
    case 'values':
      return [];
    case 'union':
      return rel.inputs;
    default:
      return [rel.input];
  }
}

/** The same relation over other inputs. */
export function withInputs(rel: Rel, inputs: readonly Rel[]): Rel {
  switch (rel.kind) {
    case 'scan':
    case 'values':
      return rel;
    case 'union':
      return { ...rel, inputs };
    default:
      return { ...rel, input: inputs[0]! };
  }
}

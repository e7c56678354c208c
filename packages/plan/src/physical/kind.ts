/* What the planner asks of every kind of node. */

import type { ChangelogMode } from '#catalog';
import type { LogicalType, Value } from '#data';
import type { Expr } from '#expr';
import type { Distribution, OperatorCall, SinkPlan, SourcePlan } from '#job';
import type { RelField } from '../logical/field.ts';
import type { Reads } from '../logical/kind.ts';
import type { PlanNode } from './node.ts';

/** Sets of columns. */
export type ColumnSets = readonly (readonly number[])[];
export interface Keys {
  /** By which the rows that hold at a time differ. */
  readonly unique: ColumnSets;
  /** By which changes of one row can be told from others'; none: rows have no identity. */
  readonly upsert: ColumnSets;
}
export const noKeys: Keys = { unique: [], upsert: [] };

/** What bounds a node's state: nothing is kept; windows close; intervals pass; TTL; as many rows as there are keys; or
 *  nothing does. */
export type StateBound = 'none' | 'window' | 'interval' | 'ttl' | 'key' | 'unbounded';

/** An input as it would be with -U: what is known of it before anybody's needs are. */
export interface Below {
  readonly changes: ChangelogMode;
  readonly keys: Keys;
}

/** What a node does to a -U and its +U. `passes`: as they come, one beside the other. `parts`: one may go on without the
 *  other, or they may become changes of different keys. `makes`: what it gives are changes of its own. */
export type UpdatePairs = 'passes' | 'parts' | 'makes';

/** How a column changes from one version of a row to the next. */
export type Course = 'constant' | 'grows' | 'falls' | undefined;

/** What a node is in the running job. */
export type Part =
  | ({ readonly kind: 'source' } & Omit<SourcePlan, 'kind' | keyof Named>)
  | ({ readonly kind: 'operator' } & OperatorCall)
  | ({ readonly kind: 'sink' } & Omit<SinkPlan, 'kind' | keyof Named | 'inputs' | 'single'>);
interface Named {
  readonly id: string;
  readonly title: string;
  readonly outputTypes: readonly LogicalType[];
}
/** The place of a node in the finished plan. */
export interface Place {
  /** Its readers need -U. */
  readonly needed: boolean;
  readonly changes: ChangelogMode;
  readonly inputs: readonly ChangelogMode[];
  /** The source column that a column of an input is, or the expression over source columns. */
  nameOf(input: number, column: number): string;
  /** Rows as text, for they travel in a plan. */
  encodeRows(rows: readonly (readonly Value[])[], types: readonly LogicalType[]): string;
}

export interface NodeKind<N extends PlanNode> {
  /** Its line in EXPLAIN. */
  title(node: N): string;
  /** What tells it from others of its kind in the job, by names of source columns: part of its id. */
  idKey(node: N, nameOf: (input: number, column: number) => string): string;
  /** What it reads of whose columns: for checks. */
  reads(node: N): Reads;
  /** How its rows must be spread over its instances. */
  distribution(node: N, input: number): Distribution;
  /** Which numbered input of the operator an input feeds. */
  port(node: N, input: number): number;
  /** It leaves out rows that come behind the watermark. */
  dropsLate?(node: N): boolean;
  /** It reads the dead letters of its inputs, not their rows. */
  readonly readsSide?: boolean;

  /** The kinds of change that it can read, where those are not all. */
  takes?(node: N, input: number): ChangelogMode;
  /** Whether it needs -U of that input; `needed`: its own readers need -U. */
  needsUpdateBefore(node: N, input: number, needed: boolean, below: readonly Below[]): boolean;
  /** The kinds of change that it gives, from those that its inputs give. */
  gives(node: N, inputs: readonly ChangelogMode[], needed: boolean): ChangelogMode;
  updatePairs(node: N, below: readonly Below[]): UpdatePairs;
  keys(node: N, below: readonly Below[]): Keys;
  /** What bounds its state. */
  state(node: N, below: readonly Below[]): StateBound;
  /** What it keeps where nothing bounds that, in words for the user; undefined: it ends with its bounded input. */
  grows?(node: N): string | undefined;
  /** How a column changes; `below` asks that of the first input's. Without: nothing is known. */
  course?(node: N, column: number, below: (column: number) => Course, input: Below): Course;
  /** The column of the first input that a column is, unchanged or NULL. */
  origin?(node: N, column: number): number | undefined;
  /** The expression over the first input's columns that a column is. */
  computes?(node: N, column: number): Expr | undefined;
  /** The name, for ids, of a column that it makes of nothing below; without: the field's. */
  names?(node: N, column: number): string;
  becomes(node: N, place: Place): Part;
}

export const typesOf = (fields: readonly RelField[]): LogicalType[] => fields.map((f) => f.type);
export const byKey = (columns: readonly number[]): Distribution =>
  columns.length === 0 ? { kind: 'single' } : { kind: 'hash', columns };
/** Columns of the first input. */
export const readColumns = (
  node: { readonly inputs: readonly PlanNode[] },
  columns: readonly number[],
): Reads => ({
  exprs: [],
  columns: columns.map((index) => ({ index, over: node.inputs[0]!.fields })),
});
export const readNothing: Reads = { exprs: [], columns: [] };

/** What kinds share whose rows stay where they are. */
export const inPlace = {
  distribution: (): Distribution => ({ kind: 'forward' }),
  port: (): number => 0,
  idKey: (): string => '',
};
/** Those that keep nothing and change no -U into something else. */
export const stateless = {
  ...inPlace,
  needsUpdateBefore: (_: PlanNode, _input: number, needed: boolean): boolean => needed,
  updatePairs: (): UpdatePairs => 'passes',
  state: (): StateBound => 'none',
};

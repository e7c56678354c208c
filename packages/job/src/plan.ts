/* What the planner hands to the runtime: plain, structured-cloneable data. No closures, no live objects; an operator's
 * `spec` is read by the factory that the operator table has for its `kind`. */

import type { Span } from '#base';
import type { ChangelogMode, ConnectorTable, RowCondition } from '#catalog';
import type { CalcPlan, Expr } from '#expr';
import type { Field, LogicalType } from '#data';
import type { BadRowsPlan } from './dead-letter.ts';
import type { OperatorName, OperatorSpecs } from './specs/index.ts';

export interface JobPlan {
  /** In topological order: inputs before the nodes that read them. */
  readonly nodes: readonly NodePlan[];
}

/** How rows travel from one node's instances to another's. `hash`: by these columns; `single`: all to instance 0. */
export type Distribution =
  | { readonly kind: 'forward' }
  | { readonly kind: 'single' }
  | { readonly kind: 'hash'; readonly columns: readonly number[] };

export interface InputPlan {
  /** Index into `nodes`. */
  readonly node: number;
  /** It reads the node's side output: the dead letters (`deadLetterRow`) of what the node could not use. */
  readonly side?: 'dead-letters';
  readonly distribution: Distribution;
  /** Which numbered input of the operator it feeds; several may feed one (UNION ALL). */
  readonly input: number;
}

export type NodePlan = SourcePlan | OperatorPlan | SinkPlan;

interface NodeBase {
  /** Stable over restarts and small changes of the query: DESIGN.md 6. */
  readonly id: string;
  /** What state of it may be named by, beside its id: it is read for several targets. */
  readonly also?: readonly string[];
  /** For people: `GroupAggregate(groupBy=[page])`. */
  readonly title: string;
  readonly outputTypes: readonly LogicalType[];
  /** Undefined: a bad row fails the job, a late one counts. */
  readonly badRows?: BadRowsPlan;
}

export interface SourcePlan extends NodeBase {
  readonly kind: 'source';
  readonly connector: string;
  readonly table: ConnectorTable;
  /** All columns of the table, computed ones too, for who asks what it is like; absent of rows that stand in the statement. */
  readonly declared?: readonly Field[];
  readonly fields: readonly Field[];
  readonly metadata: readonly string[];
  readonly limit: number | undefined;
  /** Computed columns over `fields`, and the order of the table's columns; undefined: rows go out as they come. */
  readonly calc: CalcPlan | undefined;
  readonly watermark: WatermarkPlan | undefined;
  /** `scan.watermark.idle-timeout` of the table, or `table.exec.source.idle-timeout`, in ms; 0: never idle. */
  readonly idleTimeoutMs: number;
  /** `millrace.watermark.quiet-timeout` in ms, 0: off. */
  readonly quietTimeoutMs: number;
  /** Batch mode: only the final watermark. */
  readonly finalWatermarkOnly: boolean;
  /** `scan.watermark.alignment.*`: how far it may run ahead of the others of its group; undefined: not aligned. */
  readonly alignment: WatermarkAlignment | undefined;
  /** Rows of which these are not true need not be read; empty or absent: all are. */
  readonly conditions?: readonly RowCondition[];
  /** It asks for columns that its table lacks; undefined: it does not, or nobody would write them. */
  readonly newColumns?: NewColumnsPlan;
}

/** What a source that asks for columns does not ask for: names that are something else in the job, or were refused. */
export interface NewColumnsPlan {
  readonly taken: readonly string[];
  /** Columns that the table got for what came. */
  readonly added: readonly string[];
}

/** Sources of one group wait while their watermark is more than `maxDriftMs` ahead of the group's least
 *  (Flink docs, "Watermark alignment"). */
export interface WatermarkAlignment {
  readonly group: string;
  readonly maxDriftMs: number;
  /** How often the group's least watermark is looked at, ms. */
  readonly updateIntervalMs: number;
}

/** Over the source's output row. */
export interface WatermarkPlan {
  readonly rowtime: number;
  readonly rowtimeName: string;
  /** A -D of this source carries its key alone: no rowtime, so it moves no watermark. */
  readonly keyOnlyDelete: boolean;
  /** 'source': the connector's own marks are used. */
  readonly expression: Expr | 'source';
}

export interface OperatorPlan extends NodeBase {
  readonly kind: 'operator';
  readonly operator: OperatorName;
  /** Of the operator's kind: see `operatorCall`. */
  readonly spec: OperatorSpecs[OperatorName];
  readonly inputs: readonly InputPlan[];
  /** Names of the columns of each numbered input, for people: late rows are shown by them. */
  readonly inputNames: readonly (readonly string[])[];
  /** Types of each numbered input. */
  readonly inputTypes: readonly (readonly LogicalType[])[];
  /** Runs as one instance whatever the parallelism. */
  readonly single: boolean;
  /** It holds nothing behind a barrier: snapshots have no part of it. */
  readonly transient?: true;
}

export interface SinkPlan extends NodeBase {
  readonly kind: 'sink';
  readonly connector: string;
  readonly table: ConnectorTable;
  readonly fields: readonly Field[];
  readonly metadata: readonly string[];
  readonly key: readonly number[];
  readonly inputs: readonly InputPlan[];
  /** The kinds of change that it takes: no other is ever written into it. */
  readonly accepts: ChangelogMode;
  /** Columns that must not be NULL, and what to do: `table.exec.sink.not-null-enforcer`. */
  readonly notNull: readonly number[];
  readonly dropNulls: boolean;
  /** Where the statement writes each column, as far as it does so by itself. */
  readonly places: readonly (Span | undefined)[];
  readonly single: boolean;
}

/** An operator and what is asked of it, checked against each other. */
export interface OperatorCall {
  readonly operator: OperatorName;
  readonly spec: OperatorSpecs[OperatorName];
}
export const operatorCall = <Name extends OperatorName>(
  operator: Name,
  spec: OperatorSpecs[Name],
): OperatorCall => ({ operator, spec });

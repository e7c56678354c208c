/* The physical plan: what runs, with its traits. Nodes may be shared: one scan feeds several sinks. Plain data; the engine
 * turns each into a node of the dataflow, EXPLAIN prints it. */

import type { ChangelogMode, ConnectorTable } from '#catalog';
import type { AggregateCall, Expr } from '#expr';
import type { Field, Value } from '#data';
import type { RelField, SortKey, WindowSpec } from '../logical/rel.ts';

export interface Traits {
  /** What the node gives. */
  readonly changelog: ChangelogMode;
  /** Sets of columns by which its changes of one row can be told from others'; none: rows have no identity. */
  readonly upsertKeys: readonly (readonly number[])[];
  /** What bounds its state: for EXPLAIN and `check`. */
  readonly state: 'none' | 'window' | 'ttl' | 'key' | 'unbounded';
}

export type Phys =
  | PhysScan
  | PhysValues
  | PhysCalc
  | PhysUnion
  | PhysGroupAggregate
  | PhysWindowAggregate
  | PhysWindowTable
  | PhysLimit
  | PhysSort
  | PhysRank
  | PhysNormalize
  | PhysMaterialize
  | PhysLookupJoin
  | PhysUnnest
  | PhysDropUpdateBefore
  | PhysSink;

interface PhysBase {
  readonly fields: readonly RelField[];
  readonly traits: Traits;
  /** Stable: DESIGN.md 6. Given last. */
  id: string;
}
export interface PhysScan extends PhysBase {
  readonly kind: 'scan';
  readonly connector: string;
  readonly table: ConnectorTable;
  readonly name: string;
  /** What the connector produces: physical columns, then metadata. */
  readonly produced: readonly Field[];
  readonly metadata: readonly string[];
  /** Output fields over `produced`; undefined: as they come. */
  readonly exprs: readonly Expr[] | undefined;
  readonly watermark:
    | {
        readonly rowtime: number;
        readonly name: string;
        readonly expr: Expr | 'source';
        readonly text: string;
      }
    | undefined;
  /** After this long without rows a split no longer holds the watermark back, ms; 0: never. */
  readonly idleTimeoutMs: number;
  readonly limit: number | undefined;
  readonly bounded: boolean;
}
export interface PhysValues extends PhysBase {
  readonly kind: 'values';
  readonly rows: readonly (readonly Value[])[];
}
export interface PhysCalc extends PhysBase {
  readonly kind: 'calc';
  readonly input: Phys;
  readonly condition: Expr | undefined;
  readonly exprs: readonly Expr[];
}
export interface PhysUnion extends PhysBase {
  readonly kind: 'union';
  readonly inputs: readonly Phys[];
}
export interface PhysGroupAggregate extends PhysBase {
  readonly kind: 'group-aggregate';
  readonly input: Phys;
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly retract: boolean;
  readonly updateBefore: boolean;
  readonly ttlMs: number;
  readonly finalOnly: boolean;
}
/** Fields: keys, calls, properties. */
export interface PhysWindowAggregate extends PhysBase {
  readonly kind: 'window-aggregate';
  readonly input: Phys;
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly retract: boolean;
  readonly window:
    | { readonly kind: 'time'; readonly spec: WindowSpec }
    | { readonly kind: 'attached'; readonly start: number; readonly end: number };
  readonly properties: readonly ('start' | 'end' | 'rowtime' | 'rowtime-ltz' | 'proctime')[];
  readonly zone: string | undefined;
}
export interface PhysWindowTable extends PhysBase {
  readonly kind: 'window-table';
  readonly input: Phys;
  readonly window: WindowSpec;
  readonly zone: string | undefined;
}
export interface PhysLimit extends PhysBase {
  readonly kind: 'limit';
  readonly input: Phys;
  readonly offset: number;
  readonly limit: number | undefined;
}
export interface PhysSort extends PhysBase {
  readonly kind: 'sort';
  readonly input: Phys;
  readonly keys: readonly SortKey[];
  /** By the rowtime as it passes, or once at the end of the input (batch). */
  readonly mode: 'rowtime' | 'end';
}
/** The first rows of each partition: ORDER BY … LIMIT on a stream, and LIMIT over what changes. */
export interface PhysRank extends PhysBase {
  readonly kind: 'rank';
  readonly input: Phys;
  readonly partition: readonly number[];
  /** None: by order of arrival. */
  readonly keys: readonly SortKey[];
  /** Ranks that count, both included: 1 is the first. */
  readonly from: number;
  readonly to: number;
  /** How the input changes: rows only come, rows grow by `rowKey`, or any row may be taken back. */
  readonly strategy: 'append' | 'update' | 'retract';
  readonly rowKey: readonly number[];
  /** Rows of one position go out as updates of one another, so its changes have no key. */
  readonly byPosition: boolean;
  readonly updateBefore: boolean;
  readonly ttlMs: number;
}
export interface PhysNormalize extends PhysBase {
  readonly kind: 'normalize';
  readonly input: Phys;
  readonly keys: readonly number[];
  readonly updateBefore: boolean;
  readonly ttlMs: number;
}
export interface PhysMaterialize extends PhysBase {
  readonly kind: 'materialize';
  readonly input: Phys;
  /** The sink's primary key. */
  readonly keys: readonly number[];
  /** The input's upsert key, or undefined: rows are told apart by all their columns. */
  readonly inputKey: readonly number[] | undefined;
  readonly ttlMs: number;
}
export interface PhysLookupJoin extends PhysBase {
  readonly kind: 'lookup-join';
  readonly input: Phys;
  readonly connector: string;
  readonly table: ConnectorTable;
  readonly name: string;
  /** Physical columns of the looked-up table, in the order of the output behind the input's. */
  readonly lookedUp: readonly Field[];
  /** For each key an index into `lookedUp` and a column of the input. */
  readonly keys: readonly { readonly right: number; readonly left: number }[];
  readonly left: boolean;
  readonly condition: Expr | undefined;
  readonly async: boolean;
  readonly ordered: boolean;
  readonly capacity: number;
}
export interface PhysUnnest extends PhysBase {
  readonly kind: 'unnest';
  readonly input: Phys;
  readonly column: number;
  readonly ordinality: boolean;
  readonly left: boolean;
}
export interface PhysDropUpdateBefore extends PhysBase {
  readonly kind: 'drop-update-before';
  readonly input: Phys;
  /** A filter may have kept the +U back that would replace the row: -U goes on as -D. */
  readonly asDelete: boolean;
}
export interface PhysSink extends PhysBase {
  readonly kind: 'sink';
  readonly input: Phys;
  readonly connector: string;
  readonly table: ConnectorTable;
  readonly name: string;
  readonly metadata: readonly string[];
  readonly key: readonly number[];
  readonly notNull: readonly number[];
  readonly dropNulls: boolean;
  readonly guarantee: 'at-least-once' | 'exactly-once' | 'none';
}

export function physInputs(node: Phys): readonly Phys[] {
  switch (node.kind) {
    case 'scan':
    case 'values':
      return [];
    case 'union':
      return node.inputs;
    default:
      return [node.input];
  }
}

/** Every node once, inputs before what reads them. */
export function topological(roots: readonly Phys[]): Phys[] {
  const seen = new Set<Phys>();
  const order: Phys[] = [];
  const visit = (node: Phys): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const input of physInputs(node)) visit(input);
    order.push(node);
  };
  for (const root of roots) visit(root);
  return order;
}

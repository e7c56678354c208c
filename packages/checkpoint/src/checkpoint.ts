/* What a checkpoint is: the parts that the job's nodes wrote at one epoch, and what they belong to. */

import type { StatePart } from '#state';

export interface CheckpointInfo {
  readonly job: string;
  /** A new one begins at every start that does not go on from the newest checkpoint, for epochs repeat then. */
  readonly incarnation: string;
  readonly epoch: number;
  /** Ms since the epoch. */
  readonly takenAt: number;
  /** Digest of the plan that wrote it. */
  readonly plan: string;
  readonly parallelism: number;
  /** The job came to its end: nothing is to be resumed. */
  readonly finished: boolean;
  /** Where its state lies; absent: in memory. */
  readonly backend?: string | undefined;
  /** The savepoint that the incarnation began from: its incarnation and epoch. */
  readonly savepoint?: string | undefined;
  /** Columns that tables of the job got while it ran, in that order; absent: none. */
  readonly columns?: readonly AddedColumn[] | undefined;
}

/** A column that a table got which the job reads. */
export interface AddedColumn {
  /** Catalog, database and name, with points between them. */
  readonly table: string;
  readonly name: string;
  /** As SQL. */
  readonly type: string;
}

/** 'checkpoint': state as it lies, for the program that wrote it. 'savepoint': state as rows, for later versions and for
 *  queries that changed. */
export type CheckpointForm = 'checkpoint' | 'savepoint';

export interface Checkpoint extends CheckpointInfo {
  readonly form: CheckpointForm;
  /** Of a savepoint: whether a node is a source, an operator or a sink, by id. */
  readonly kinds?: Readonly<Record<string, string>> | undefined;
  /** Of a savepoint: other names of nodes that several targets share, by id. */
  readonly also?: Readonly<Record<string, readonly string[]>> | undefined;
  /** By node and instance: "id#0". */
  readonly parts: ReadonlyMap<string, StatePart>;
}

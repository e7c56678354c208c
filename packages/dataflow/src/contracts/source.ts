/* The source contract. A source reads splits (partitions, files, ranges), each with a position of its own; every batch
 * it hands out comes from one split, because each split has its own watermark. */

import type { World } from '#base';
import type { Batch, Field } from '#data';
import type { ConnectorTable, RowCondition } from '#catalog';
import type { BadRecords } from './bad-rows.ts';
import type { Trouble } from './trouble.ts';

export interface SourceContext {
  readonly world: World;
  readonly table: ConnectorTable;
  /** What to produce, in this order: the physical columns that the query reads, then the metadata. Batches have exactly
   *  these columns. */
  readonly fields: readonly Field[];
  /** For each metadata field its key, behind the physical ones: fields.length = physical + metadata. */
  readonly metadata: readonly string[];
  /** This reader is one of `instances`; it reads its share of the splits. */
  readonly instance: number;
  readonly instances: number;
  /** Stop after this many rows, when the plan knows that no more are needed. */
  readonly limit: number | undefined;
  /** Who starts anew where `commit` came to loses nothing: the job's state is on disk too, or it keeps nothing between
   *  rows. Else a position is worth nothing without the state that belongs to it, and is not to be kept outside. */
  readonly restartable: boolean;
  readonly signal: AbortSignal;
  /** Called when `poll` may have something new; may be called at any time, from any callback. */
  wake(): void;
  /** Tells the user once: an ignored option, a topic without partitions, …. */
  warn(message: string): void;
  /** Counts, by name: 'numRecordsInErrors', …. */
  count(name: string, by: number): void;
  /** Rows of which these are not true need not be read; empty: all are needed. */
  readonly conditions?: readonly RowCondition[] | undefined;
  /** Takes what is asked for in front of a record with fields that the table has no columns for; absent: nothing is. */
  readonly newColumns?: NewColumns | undefined;
  /** Takes malformed records; absent: the first one fails the job. */
  readonly badRecords?: BadRecords | undefined;
}

/** How a source asks for columns. It gives what it read before, and then nothing more: the job takes a checkpoint, is planned
 *  again and goes on from it with another source, of a table that has them. */
export interface NewColumns {
  /** Names that are not asked for. */
  readonly taken: readonly string[];
  /** Columns that the table got before. */
  readonly added: readonly string[];
  ask(columns: readonly Field[]): void;
}

/** What a source asked for, by its id in the plan. */
export interface WantedColumns {
  readonly source: string;
  readonly columns: readonly Field[];
}

export type Polled =
  /** Rows of split `split` (any small integer, stable while the reader lives). Kinds as the changelog mode says. Marks
   *  only from sources with watermarks of their own. */
  | { readonly kind: 'batch'; readonly split: number; readonly batch: Batch }
  /** The split will bring no more rows: it no longer holds the watermark back. */
  | { readonly kind: 'split-end'; readonly split: number }
  /** The split appears (all splits known at open are announced before the first batch). `id` names it over restarts and
   *  over instances, as in its position; without, it is this reader's alone. */
  | { readonly kind: 'split-start'; readonly split: number; readonly id?: string }
  /** Nothing now; `wake` will be called. */
  | { readonly kind: 'wait' }
  /** Bounded, and everything was handed out. */
  | { readonly kind: 'end' };

/** How a field of what is read differs from the table's columns. */
export interface FieldDrift {
  /** 'unknown': no column; 'missing': nothing for a column; 'type': another type than the column's. */
  readonly kind: 'unknown' | 'missing' | 'type';
  /** `address.zip`. */
  readonly path: string;
  /** What was found first, in short. */
  readonly sample: string;
  /** Found in records that were looked at, or in schemas that records are written with. */
  readonly of: 'records' | 'schemas';
  readonly times: number;
  /** Records looked at by then. */
  readonly looked: number;
}

export type SourceCommit = 'snapshot' | 'stop' | 'end';

/** Positions by the id of the split: a topic's partition, a file. */
export type SplitPositions = ReadonlyMap<string, Uint8Array>;

export interface Source {
  /** Connects and finds the splits. `positions` is what `snapshot` returned, of all instances together, or undefined for
   *  a fresh start: a reader goes on with those that fall to it, at whatever parallelism. Splits that are read to their
   *  end are among them. Throws UserError or ExternalError. */
  open(positions: SplitPositions | undefined): Promise<void>;
  /** Never blocks. */
  poll(): Polled;
  /** Bytes that were read ahead and not yet handed out, where it reads ahead. */
  readonly bufferedBytes?: number;
  /** While it cannot read: for people who wonder why nothing comes. */
  readonly trouble?: Trouble | undefined;
  /** How what it reads differs from its table, where it looks. */
  readonly drift?: readonly FieldDrift[];
  /** For sources that keep their position outside too, as the offsets of a consumer group; absent where nothing is to be
   *  kept. In the sinks for good is what was handed out before the last `snapshot`; or everything, because the job was
   *  stopped, or because it came to its end and needs its state no more. */
  readonly commit?: ((upTo: SourceCommit) => void) | undefined;
  /** From now on no rows of these splits come, those of all others do: their event time is too far ahead (Flink, FLIP-217).
   *  Without it a source waits as a whole, once all its splits are ahead. */
  pauseSplits?(ahead: ReadonlySet<number>): void;
  /** The positions behind everything emitted so far, of this reader's splits. */
  snapshot(): SplitPositions;
  close(): Promise<void>;
}

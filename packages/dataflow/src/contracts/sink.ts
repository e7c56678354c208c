/* The sink contract.
 *
 *   at least once   write … flush                 what was written before `flush` resolves is in the target afterwards
 *   exactly once    write … prepare ─▶ manifest ─▶ commit      what `prepare` gave is durable and seen by nobody; `commit`
 *                                                 makes it seen, from those bytes alone, as often as it is called
 *
 * A restart opens the sink with all that the manifest lists: it is committed, and all else of this sink is dropped. */

import type { World } from '#base';
import type { Batch, Field } from '#data';
import type { ConnectorTable } from '#catalog';
import type { Refusals } from './bad-rows.ts';
import type { Trouble } from './trouble.ts';

/** Prints a line; a promise while the reader lags behind: no more is printed until it resolves. */
export type PrintLine = (line: string) => Promise<void> | undefined;

/** Who writes: what a sink keeps in its target is named by it. */
export interface Writer {
  readonly job: string;
  /** A new one at every start that does not go on from the newest checkpoint. */
  readonly incarnation: string;
  /** The sink's id in the plan. */
  readonly sink: string;
  /** What is prepared waits for a checkpoint on disk. Without, it is committed at once, and a crash may leave some of it
   *  behind. */
  readonly durable: boolean;
  /** Of a durable one: a folder of this sink's own, in World's disk, for what waits to be committed. */
  readonly folder: string | undefined;
}

export interface SinkContext {
  readonly world: World;
  readonly writer: Writer;
  readonly table: ConnectorTable;
  /** The columns of every batch: physical columns in declared order, then the writable metadata. */
  readonly fields: readonly Field[];
  readonly metadata: readonly string[];
  /** Indexes into `fields` of what identifies a row of the changelog: primary key, or empty when append-only. */
  readonly key: readonly number[];
  readonly instance: number;
  readonly instances: number;
  readonly signal: AbortSignal;
  /** Called when `write` may take rows again, or `flush` finished. */
  wake(): void;
  warn(message: string): void;
  count(name: string, by: number): void;
  /** Takes rows that the target refuses; absent: the first one fails the job. */
  readonly refusals?: Refusals | undefined;
  /** Where console sinks print. */
  readonly print: PrintLine;
}

export interface Sink {
  /** `prepared`: on a restart, what the manifest lists of all instances of this sink; the first instance gets all of it.
   *  It is committed, and whatever else this sink has under way in its target is dropped. Undefined at a fresh start:
   *  then all of it is dropped. */
  open(prepared?: readonly Uint8Array[]): Promise<void>;
  /** Takes rows from `from`; returns the first row not taken: short when its buffer is full, and then calls `wake`
   *  once there is room. Never keeps the batch. Throws what went wrong in the background. */
  write(batch: Batch, from: number): number;
  /** Bytes taken and not yet in the target, where it buffers. */
  readonly bufferedBytes?: number;
  /** While it cannot write and tries again: why, and since when. */
  readonly trouble?: Trouble | undefined;
  /** Resolves when everything taken so far is in the target. */
  flush(): Promise<void>;
  /** Exactly once, in place of `flush`. Undefined: there is nothing to commit. `last`: the job ends behind it, for good or
   *  until it is started again. Present with `commit` or not at all. */
  readonly prepare?: ((last: boolean) => Promise<Uint8Array | undefined>) | undefined;
  readonly commit?: ((prepared: Uint8Array) => Promise<void>) | undefined;
  close(): Promise<void>;
  /** Sinks whose content belongs to the job (tests): bytes in a snapshot. */
  snapshot?(): Uint8Array;
  restore?(bytes: Uint8Array): void;
}

/* The sink contract: at-least-once now. What is written before `flush` resolves is in the target afterwards.
 * (Exactly-once adds prepare and commit: DESIGN.md 7.) */

import type { World } from '#base';
import type { Batch, Field } from '#data';
import type { ConnectorTable } from '#catalog';
import type { Trouble } from './trouble.ts';

/** Prints a line; a promise while the reader lags behind: no more is printed until it resolves. */
export type PrintLine = (line: string) => Promise<void> | undefined;

export interface SinkContext {
  readonly world: World;
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
  /** Where console sinks print. */
  readonly print: PrintLine;
}

export interface Sink {
  open(): Promise<void>;
  /** Takes rows from `from`; returns the first row not taken: short when its buffer is full, and then calls `wake`
   *  once there is room. Never keeps the batch. Throws what went wrong in the background. */
  write(batch: Batch, from: number): number;
  /** Bytes taken and not yet in the target, where it buffers. */
  readonly bufferedBytes?: number;
  /** While it cannot write and tries again: why, and since when. */
  readonly trouble?: Trouble | undefined;
  /** Resolves when everything taken so far is in the target. */
  flush(): Promise<void>;
  close(): Promise<void>;
  /** Sinks whose content belongs to the job (tests): bytes in a snapshot. */
  snapshot?(): Uint8Array;
  restore?(bytes: Uint8Array): void;
}

/* The contract of aggregates: the accumulators of one call, for all groups of one operator, by slot number. */

import type { AggregateCall } from '#expr';
import type { Column, Value } from '#data';
import type { StateReader, StateWriter } from '#state';

export interface Accumulator {
  /** Makes room for slots below `size`. */
  ensure(size: number): void;
  /** An empty accumulator at `slot`; also frees what it held. */
  reset(slot: number): void;
  /** Counts the row in. `columns` is the whole input row. */
  add(slot: number, columns: readonly Column[], row: number): void;
  /** Takes an earlier row back. Only when the call was made with `retract`. */
  retract(slot: number, columns: readonly Column[], row: number): void;
  /** Adds another operator's accumulator of the same call, which stays as it is. */
  merge(slot: number, from: Accumulator, fromSlot: number): void;
  value(slot: number): Value;
  /** Memory that it holds, in bytes; for parts on the heap an estimate. */
  readonly bytes: number;
  snapshot(to: StateWriter, size: number): void;
  restore(from: StateReader): void;
}

/** How a call is made into accumulators. `retract`: the input may take rows back. */
export interface AccumulatorSpec {
  readonly call: AggregateCall;
  readonly retract: boolean;
}
export type AccumulatorFactory = (spec: AccumulatorSpec) => Accumulator;

/** True when the argument column is NULL at the row. */
export const isNullAt = (column: Column, row: number): boolean =>
  column.valid !== undefined && column.valid[row] === 0;

/** A bigger copy when `size` does not fit. */
export function roomy<
  T extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
>(array: T, size: number): T {
  if (size <= array.length) return array;
  const bigger = new (array.constructor as new (n: number) => T)(Math.max(16, size, array.length * 2));
  bigger.set(array);
  return bigger;
}

/* What a source's instance writes into a snapshot, and what of several of them an instance goes on from. */

import { BytesReader, BytesWriter } from '#state';
import type { SplitPositions } from '../contracts/index.ts';

/** Of one split: event time, and when its last row came. A start takes up the watermark alone; the rest keeps the form of
 *  snapshots. */
export interface SplitState {
  readonly id: string;
  readonly watermark: number;
  readonly lastRowAt: number;
  readonly idle: boolean;
  readonly ended: boolean;
}
export interface WatermarkState {
  /** What went out last, and whether it was idleness. */
  readonly emitted: number;
  readonly emittedIdle: boolean;
  readonly splits: readonly SplitState[];
}
export interface SourceState {
  readonly finished: boolean;
  readonly lastRowAt: number;
  readonly positions: SplitPositions;
  readonly watermarks: WatermarkState;
}

export function writeSourceState({ finished, lastRowAt, positions, watermarks }: SourceState): Uint8Array {
  const to = new BytesWriter();
  to.u8(finished ? 1 : 0);
  to.f64(lastRowAt);
  to.i32(positions.size);
  for (const [id, position] of positions) {
    to.text(id);
    to.bytes(position);
  }
  to.f64(watermarks.emitted);
  to.u8(watermarks.emittedIdle ? 1 : 0);
  to.i32(watermarks.splits.length);
  for (const split of watermarks.splits) {
    to.text(split.id);
    to.f64(split.watermark);
    to.f64(split.lastRowAt);
    to.u8((split.idle ? 1 : 0) | (split.ended ? 2 : 0));
  }
  return to.finish();
}
export function readSourceState(bytes: Uint8Array): SourceState {
  const from = new BytesReader(bytes);
  const finished = from.u8() === 1;
  const lastRowAt = from.f64();
  const positions = new Map(
    Array.from({ length: from.i32() }, (): [string, Uint8Array] => [from.text(), from.bytes()]),
  );
  const emitted = from.f64();
  const emittedIdle = from.u8() === 1;
  const splits = Array.from({ length: from.i32() }, (): SplitState => {
    const id = from.text();
    const watermark = from.f64();
    const splitRowAt = from.f64();
    const flags = from.u8();
    return { id, watermark, lastRowAt: splitRowAt, idle: (flags & 1) !== 0, ended: (flags & 2) !== 0 };
  });
  return { finished, lastRowAt, positions, watermarks: { emitted, emittedIdle, splits } };
}

/** What all instances of a source wrote. */
export class SourceStates {
  readonly #parts: readonly Uint8Array[];
  readonly #states: readonly SourceState[];
  readonly #same: boolean;

  /** `instances`: how many there are now. */
  constructor(parts: readonly Uint8Array[], instances: number) {
    this.#parts = parts;
    this.#states = parts.map(readSourceState);
    this.#same = parts.length === instances;
  }
  /** Of every split, whichever instance read it. */
  get positions(): SplitPositions {
    return new Map(this.#states.flatMap((s) => [...s.positions]));
  }
  finished(instance: number): boolean {
    return this.#same ? this.#states[instance]!.finished : this.#states.every((s) => s.finished);
  }
  /** What the instance wrote, or at another parallelism what one wrote that read to the end too. */
  own(instance: number): Uint8Array {
    return this.#parts[this.#same ? instance : 0]!;
  }
  hadRows(instance: number): boolean {
    const states = this.#same ? [this.#states[instance]!] : this.#states;
    return states.some((s) => s.lastRowAt > -Infinity);
  }
  watermarks(instance: number): WatermarkState {
    if (this.#same) return this.#states[instance]!.watermarks;
    const going = this.#states.filter((s) => !s.finished).map((s) => s.watermarks);
    return {
      emitted: Math.min(...going.map((w) => w.emitted)),
      emittedIdle: going.every((w) => w.emittedIdle),
      splits: going.flatMap((w) => w.splits),
    };
  }
}

/* The watermark of one numbered input is the least over its channels that are not idle (Flink's StatusWatermarkValve).
 * A channel that was idle and comes back behind the input's watermark does not hold the others back until it has caught
 * up; when every channel is idle the greatest of their watermarks holds, and then the input is idle. A channel at its end
 * (Infinity) holds nobody back and pushes nobody on: were the rest idle, their next rows would all be late.
 *
 *   channel 0  ── marks 5, 9 ──▶ ┐
 *   channel 1  ── at 7 ────────▶ ┴─▶ marks 5, 7   (each at its row's place in the merged order)
 */

import { noMarks, type Batch, type Marks } from '#data';
import type { Channel } from './channel.ts';

export class Valve {
  readonly #channels: readonly Channel[];
  #watermark = -Infinity;
  #idle = false;

  constructor(channels: readonly Channel[]) {
    this.#channels = channels;
  }

  /** The marks that `batch` of `channel` means for the whole input. The channel's own state moves on. */
  merge(channel: Channel, batch: Batch): Batch {
    if (batch.marks.count === 0 || this.#passes(channel, batch.marks)) return batch;
    const at: number[] = [];
    const watermark: number[] = [];
    for (let m = 0; m < batch.marks.count; m++) {
      this.#note(channel, batch.marks.watermark[m]!);
      for (const mark of this.#combined()) {
        at.push(batch.marks.at[m]!);
        watermark.push(mark);
      }
    }
    const marks: Marks =
      at.length === 0
        ? noMarks
        : { count: at.length, at: Int32Array.from(at), watermark: Float64Array.from(watermark) };
    return { ...batch, marks };
  }

  /** Whether the marks of the only channel mean what they say: each is behind the one before, and none is of idleness or
   *  the end. */
  #passes(channel: Channel, { count, watermark }: Marks): boolean {
    if (this.#channels.length > 1 || this.#idle || channel.idle || channel.ended) return false;
    let last = Math.max(this.#watermark, channel.watermark);
    for (let m = 0; m < count; m++) {
      if (!(watermark[m]! > last) || watermark[m] === Infinity) return false;
      last = watermark[m]!;
    }
    channel.watermark = last;
    this.#watermark = last;
    return true;
  }
  /** A channel ended: it no longer holds the others back. Returns the marks to pass on, in order. */
  end(channel: Channel): readonly number[] {
    channel.ended = true;
    return this.#channels.every((c) => c.ended) ? [] : this.#combined();
  }

  #note(channel: Channel, watermark: number): void {
    channel.idle = Number.isNaN(watermark);
    if (watermark > channel.watermark) channel.watermark = watermark;
  }
  /** What changed for the whole input: the new watermark, or idleness, or the one and then the other. */
  #combined(): readonly number[] {
    let least = Infinity;
    let greatest = -Infinity;
    let open = 0;
    let active = 0;
    for (const c of this.#channels) {
      if (c.ended || c.watermark === Infinity) continue;
      open++;
      if (c.watermark > greatest) greatest = c.watermark;
      if (c.idle) continue;
      active++;
      if (c.watermark >= this.#watermark && c.watermark < least) least = c.watermark;
    }
    if (open > 0 && active === 0) {
      const risen = this.#rise(greatest);
      if (this.#idle) return risen;
      this.#idle = true;
      return [...risen, Number.NaN];
    }
    const risen = least < Infinity || open === 0 ? this.#rise(least) : [];
    if (!this.#idle) return risen;
    this.#idle = false;
    return [this.#watermark];
  }
  #rise(to: number): readonly number[] {
    if (to <= this.#watermark) return [];
    this.#watermark = to;
    return [to];
  }

  state(): { watermark: number; idle: boolean } {
    return { watermark: this.#watermark, idle: this.#idle };
  }
  restore(watermark: number): void {
    this.#watermark = watermark;
  }
}

/* The watermark of one numbered input is the least over its channels that are not idle (Flink's StatusWatermarkValve).
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
    if (this.#channels.length === 1 || batch.marks.count === 0) {
      if (batch.marks.count > 0) this.#follow(channel, batch.marks);
      return batch;
    }
    const at: number[] = [];
    const watermark: number[] = [];
    for (let m = 0; m < batch.marks.count; m++) {
      this.#note(channel, batch.marks.watermark[m]!);
      const next = this.#combined();
      if (next === undefined) continue;
      at.push(batch.marks.at[m]!);
      watermark.push(next);
    }
    const marks: Marks = at.length === 0 ? noMarks : { count: at.length, at: Int32Array.from(at), watermark: Float64Array.from(watermark) };
    return { ...batch, marks };
  }

  /** A channel ended: it no longer holds the others back. Returns the mark to pass on, if the watermark moved. */
  end(channel: Channel): number | undefined {
    channel.ended = true;
    return this.#channels.every((c) => c.ended) ? undefined : this.#combined();
  }

  #follow(channel: Channel, marks: Marks): void {
    for (let m = 0; m < marks.count; m++) this.#note(channel, marks.watermark[m]!);
  }
  #note(channel: Channel, watermark: number): void {
    channel.idle = Number.isNaN(watermark);
    if (watermark > channel.watermark) channel.watermark = watermark;
  }
  /** The new watermark or idleness, or undefined when nothing changed. */
  #combined(): number | undefined {
    let least = Infinity;
    let active = 0;
    for (const c of this.#channels) {
      if (c.idle || c.ended) continue;
      active++;
      if (c.watermark < least) least = c.watermark;
    }
    if (active === 0) {
      // All idle or ended. What has ended had said Infinity, so the greatest watermark seen holds.
      if (this.#channels.every((c) => c.ended || c.watermark === Infinity)) return this.#rise(Infinity);
      if (this.#idle) return undefined;
      this.#idle = true;
      return Number.NaN;
    }
    const risen = this.#rise(least);
    if (this.#idle) {
      this.#idle = false;
      return this.#watermark;
    }
    return risen;
  }
  #rise(to: number): number | undefined {
    if (to <= this.#watermark) return undefined;
    this.#watermark = to;
    return to;
  }

  state(): { watermark: number; idle: boolean } {
    return { watermark: this.#watermark, idle: this.#idle };
  }
  restore(watermark: number, idle: boolean): void {
    this.#watermark = watermark;
    this.#idle = idle;
  }
}

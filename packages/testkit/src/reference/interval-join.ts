/* The interval join: the rows of each key and side in a list; who meets whom is looked for in all of it. Rows whose time is
 * over go when a row of the other side comes, and when the key's timer of their side is due. */

import type { Row } from '#data';
import type { IntervalJoinSpec } from '#job';
import { at, keyText, msOf, SlowReference } from './reference.ts';

interface Kept {
  readonly row: Row;
  readonly time: number;
  met: boolean;
}
interface Held {
  readonly rows: readonly [Kept[], Kept[]];
  /** When the rows of a side are looked at next; undefined: none is set. */
  readonly timers: [number | undefined, number | undefined];
}

export class IntervalJoinReference extends SlowReference {
  readonly #spec: IntervalJoinSpec;
  readonly #widths: readonly [number, number];
  readonly #holds: (left: Row, right: Row) => boolean;
  readonly #keys = new Map<string, Held>();

  /** `holds`: what must hold beside the keys. */
  constructor(
    spec: IntervalJoinSpec,
    widths: readonly [number, number],
    holds: (left: Row, right: Row) => boolean = () => true,
  ) {
    super();
    this.#spec = spec;
    this.#widths = widths;
    this.#holds = holds;
  }
  /** How much later than a row of that side its partners may be. */
  #after(side: number): number {
    return side === 0 ? -this.#spec.lowerMs : this.#spec.upperMs;
  }
  #isOuter(side: number): boolean {
    return this.#spec.type === 'full' || this.#spec.type === (side === 0 ? 'left' : 'right');
  }

  row(side: number, row: Row): void {
    const { leftKeys, rightKeys, filterNulls, times } = this.#spec;
    const keys = side === 0 ? leftKeys : rightKeys;
    const isBarred = keys.some((k, i) => row[k] === null && filterNulls[i]!);
    const time = msOf(row[side === 0 ? times!.left : times!.right]!);
    const held = at(
      this.#keys,
      keyText(row, keys),
      (): Held => ({ rows: [[], []], timers: [undefined, undefined] }),
    );
    const expired = this.watermark - this.#after(1 - side) - 1;
    let met = false;
    if (expired < time + this.#after(side)) {
      const others = held.rows[1 - side]!.toSorted((a, b) => a.time - b.time);
      for (const other of isBarred ? [] : others) {
        if (other.time < time - this.#after(1 - side) || other.time > time + this.#after(side)) continue;
        const [left, right] = side === 0 ? [row, other.row] : [other.row, row];
        if (!this.#holds(left, right)) continue;
        met = true;
        other.met = true;
        this.emit(0, [...left, ...right]);
      }
      this.#letGo(held, 1 - side, expired);
    }
    if (this.watermark < time + this.#after(side)) {
      if (isBarred && !this.#isOuter(side)) return;
      held.rows[side]!.push({ row, time, met });
      held.timers[side] ??= this.#timerOf(side, time);
    } else if (!met && this.#isOuter(side)) this.#alone(side, row);
  }
  #timerOf(side: number, time: number): number {
    return time + this.#after(side) + this.#spec.lagMs + 1;
  }
  #letGo(held: Held, side: number, expired: number): void {
    const rows = held.rows[side]!;
    const gone = rows.filter((r) => r.time <= expired).sort((a, b) => a.time - b.time);
    rows.splice(0, rows.length, ...rows.filter((r) => r.time > expired));
    for (const { row, met } of gone) if (!met && this.#isOuter(side)) this.#alone(side, row);
  }
  #alone(side: number, row: Row): void {
    const nulls = new Array<null>(this.#widths[1 - side]!).fill(null);
    this.emit(0, side === 0 ? [...row, ...nulls] : [...nulls, ...row]);
  }

  override mark(watermark: number): void {
    super.mark(watermark);
    for (const held of this.#keys.values()) {
      for (const side of [1, 0] as const) {
        while ((held.timers[side] ?? Infinity) <= this.watermark) {
          this.#letGo(held, side, this.watermark - this.#after(side) - 1);
          const least = Math.min(...held.rows[side].map((r) => r.time));
          held.timers[side] = least === Infinity ? undefined : this.#timerOf(side, least);
        }
      }
    }
  }
}

/* The temporal join: left rows that wait and versions of right rows in a list a key, both looked through when the key's timer
 * is due. */

import type { Row } from '#data';
import type { TemporalJoinSpec } from '#job';
import { adds, at, keyText, msOf, SlowReference } from './reference.ts';

interface Held {
  waiting: { readonly row: Row; readonly time: number; readonly kind: number }[];
  /** By the time from which on it holds; undefined: there is no row from then on. */
  versions: Map<number, Row | undefined>;
  timer: number;
}

export class TemporalJoinReference extends SlowReference {
  readonly #spec: TemporalJoinSpec;
  readonly #rightWidth: number;
  readonly #holds: (left: Row, right: Row) => boolean;
  readonly #keys = new Map<string, Held>();

  /** `holds`: what must hold beside the keys. */
  constructor(
    spec: TemporalJoinSpec,
    rightWidth: number,
    holds: (left: Row, right: Row) => boolean = () => true,
  ) {
    super();
    this.#spec = spec;
    this.#rightWidth = rightWidth;
    this.#holds = holds;
  }
  row(side: number, row: Row, kind: number): void {
    const { leftKeys, rightKeys, filterNulls, leftTime, rightTime, type } = this.#spec;
    const keys = side === 0 ? leftKeys : rightKeys;
    const isBarred = keys.some((k, i) => row[k] === null && filterNulls[i]!);
    if (isBarred && (side === 1 || type === 'inner')) return;
    if (side === 1 && kind === 1) return;
    const stamp = row[side === 0 ? leftTime : rightTime]!;
    if (stamp === null) return;
    const time = msOf(stamp);
    const held = at(
      this.#keys,
      keyText(row, keys),
      (): Held => ({ waiting: [], versions: new Map(), timer: Infinity }),
    );
    if (side === 0) held.waiting.push({ row, time, kind });
    else held.versions.set(time, adds(kind) ? row : undefined);
    held.timer = Math.min(held.timer, time);
  }
  override mark(watermark: number): void {
    const rises = watermark > this.watermark;
    super.mark(watermark);
    if (!rises) return;
    for (const held of this.#keys.values()) if (held.timer <= this.watermark) this.#pass(held);
  }
  #pass(held: Held): void {
    const nulls = new Array<null>(this.#rightWidth).fill(null);
    for (const { row, time, kind } of held.waiting.filter((w) => w.time <= this.watermark)) {
      const last = lastUntil(held.versions, time);
      const version = last === undefined ? undefined : held.versions.get(last);
      if (version !== undefined && this.#holds(row, version)) this.emit(kind, [...row, ...version]);
      else if (this.#spec.type === 'left') this.emit(kind, [...row, ...nulls]);
    }
    held.waiting = held.waiting.filter((w) => w.time > this.watermark);
    const keep = lastUntil(held.versions, this.watermark);
    held.versions = new Map([...held.versions].filter(([time]) => keep === undefined || time >= keep));
    held.timer = Math.min(...held.waiting.map((w) => w.time));
  }
}
const lastUntil = (versions: ReadonlyMap<number, unknown>, time: number): number | undefined => {
  const until = [...versions.keys()].filter((t) => t <= time);
  return until.length === 0 ? undefined : Math.max(...until);
};

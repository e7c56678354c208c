/* The regular join: all rows of both sides in a list each; who meets whom is counted anew for each change. */

import type { Row } from '#data';
import type { JoinSpec } from '#job';
import { adds, keyText, rowText, SlowReference, valueText } from './reference.ts';

type Meets = (left: Row, right: Row) => boolean;

export class JoinReference extends SlowReference {
  readonly #spec: JoinSpec;
  readonly #meets: Meets;
  readonly #widths: readonly [number, number];
  readonly #rows: readonly [Row[], Row[]] = [[], []];

  /** `holds`: what must hold beside the keys. */
  constructor(spec: JoinSpec, widths: readonly [number, number], holds: Meets = () => true) {
    super();
    this.#spec = spec;
    this.#widths = widths;
    this.#meets = (left, right) => this.#keysMeet(left, right) && holds(left, right);
  }
  #keysMeet(left: Row, right: Row): boolean {
    const { leftKeys, rightKeys, filterNulls } = this.#spec;
    return leftKeys.every((l, i) => {
      const [a, b] = [left[l]!, right[rightKeys[i]!]!];
      return valueText(a) === valueText(b) && !(a === null && filterNulls[i]);
    });
  }
  /** A row whose key is NULL meets nobody, and is not kept. */
  #mayMeet(side: number, row: Row): boolean {
    const { leftKeys, rightKeys, filterNulls } = this.#spec;
    return (side === 0 ? leftKeys : rightKeys).every((k, i) => row[k] !== null || !filterNulls[i]);
  }
  /** Rows of the other side that a row meets, in order of arrival. */
  #met(side: number, row: Row): Row[] {
    return this.#rows[1 - side]!.filter((o) => (side === 0 ? this.#meets(row, o) : this.#meets(o, row)));
  }

  row(side: number, row: Row, kind: number): void {
    const { type } = this.#spec;
    const add = adds(kind);
    const own = this.#rows[side]!;
    const uniqueKey = side === 0 ? this.#spec.leftUniqueKey : this.#spec.rightUniqueKey;
    const textOf = (r: Row): string => (uniqueKey === undefined ? rowText(r) : keyText(r, uniqueKey));
    const known = own.findIndex((r) => textOf(r) === textOf(row));
    const replaces = add && uniqueKey !== undefined && known >= 0;
    const met = this.#met(side, row);
    const keeps = this.#mayMeet(side, row);
    const out = replaces ? 2 : kind;
    if (type === 'semi' || type === 'anti') this.#emitLeft(side, row, out, met, replaces);
    else this.#emitPairs(side, row, out, met, replaces);
    if (replaces) own[known] = row;
    else if (add && keeps) own.push(row);
    else if (known >= 0) own.splice(known, 1);
  }

  #emitLeft(side: number, row: Row, kind: number, met: readonly Row[], replaces: boolean): void {
    const isSemi = this.#spec.type === 'semi';
    if (side === 0) {
      if (met.length > 0 === isSemi) this.emit(kind, row);
      return;
    }
    if (replaces) return;
    for (const left of met) {
      // The first right row that it meets, or the last one that goes.
      if (this.#met(0, left).length !== (adds(kind) ? 0 : 1)) continue;
      if (isSemi) this.emit(kind, left);
      else this.emit(adds(kind) ? 3 : 0, left);
    }
  }
  #emitPairs(side: number, row: Row, kind: number, met: readonly Row[], replaces: boolean): void {
    const { type } = this.#spec;
    const outer = [type === 'left' || type === 'full', type === 'right' || type === 'full'];
    const kindOf = replaces ? 2 : type === 'inner' ? kind : adds(kind) ? 0 : 3;
    for (const other of met) {
      const pads =
        outer[1 - side]! && !replaces && this.#met(1 - side, other).length === (adds(kind) ? 0 : 1);
      if (pads && adds(kind)) this.emit(3, this.#pair(1 - side, other, undefined));
      this.emit(kindOf, this.#pair(side, row, other));
      if (pads && !adds(kind)) this.emit(0, this.#pair(1 - side, other, undefined));
    }
    if (met.length === 0 && outer[side]!) this.emit(kindOf, this.#pair(side, row, undefined));
  }
  #pair(side: number, row: Row, other: Row | undefined): Row {
    const theirs = other ?? new Array<null>(this.#widths[1 - side]!).fill(null);
    return side === 0 ? [...row, ...theirs] : [...theirs, ...row];
  }
}

/* Operators that are slow and obvious: one row at a time, in plain maps and lists. What the real ones emit must equal what
 * these do. They share no code with them.
 *
 *   row, mark ─▶ lists, looked through from their beginning ─▶ take: changes since the last take, in order
 */

import type { Row, Value } from '#data';

export interface Change {
  readonly kind: number;
  readonly row: Row;
}

export interface Reference {
  /** `kind`: 0 +I, 1 -U, 2 +U, 3 -D. */
  row(input: number, row: Row, kind: number): void;
  /** The watermark of all inputs, ms. */
  mark(watermark: number): void;
  end?(input: number): void;
  /** What was emitted since the last take. Changes that one mark frees come by the time of their timer; those of equal
   *  times in no certain order. */
  take(): Change[];
  /** Rows dropped as late. */
  readonly late: number;
}

/** What they have in common: a list of changes to be taken, and the watermark. */
export abstract class SlowReference implements Reference {
  late = 0;
  protected watermark = -Infinity;
  #out: Change[] = [];

  abstract row(input: number, row: Row, kind: number): void;
  mark(watermark: number): void {
    if (watermark > this.watermark) this.watermark = watermark;
  }
  take(): Change[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
  protected emit(kind: number, row: Row): void {
    this.#out.push({ kind, row });
  }
}

export const adds = (kind: number): boolean => kind === 0 || kind === 2;

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** A value as text: equal values of one type give equal texts. The entries of a map have no order. */
export function valueText(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object') return Object.is(value, -0) ? '0' : String(value);
  if (value instanceof Uint8Array) return `x${value.join(',')}`;
  if ('ms' in value) return `${value.ms}.${value.ns}`;
  if (isList(value)) return `[${value.map(valueText).join(' ')}]`;
  const entries = value.entries.map(([k, v]) => `${valueText(k)}:${valueText(v)}`);
  return `{${entries.sort().join(' ')}}`;
}
export const rowText = (row: Row): string => row.map(valueText).join(' ');
export const keyText = (row: Row, keys: readonly number[]): string =>
  keys.map((k) => valueText(row[k]!)).join(' ');
/** The milliseconds of a time. */
export const msOf = (value: Value): number => (value as { readonly ms: number }).ms;
/** What a map has at a key, made where there is nothing. */
export function at<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

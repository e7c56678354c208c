/* Where the columns of a frame lie.
 *
 *   leaf   valid: a byte a row │ values │ lengths of strings, or nanoseconds of timestamps
 *   row    valid, then the slots of its fields */

import { layoutOf, type Field, type Layout, type LogicalType } from '#data';

/** Layouts of single values. */
type LeafLayout = Exclude<Layout, 'row' | 'list' | 'map'>;

export interface LeafSlot {
  readonly kind: 'leaf';
  readonly type: LogicalType;
  readonly layout: LeafLayout;
  /** Addresses; `second` is that of lengths or nanoseconds, 0 without. */
  readonly valid: number;
  readonly values: number;
  readonly second: number;
  /** Of timestamps: where the last date and minute met are kept, as 16 bytes of text and milliseconds. */
  readonly cache: number;
}
export interface RowSlot {
  readonly kind: 'row';
  readonly nullable: boolean;
  /** 0 for the record itself. */
  readonly valid: number;
  readonly fields: readonly { readonly name: string; readonly slot: Slot }[];
}
export type Slot = LeafSlot | RowSlot;

export const isNullable = (slot: Slot): boolean => (slot.kind === 'row' ? slot.nullable : slot.type.nullable);

/** Types that lie in a frame: no arrays, maps or bytes. */
export function fitsFrame(type: LogicalType): boolean {
  switch (type.kind) {
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'BINARY':
    case 'VARBINARY':
    case 'VARIANT':
    case 'BITMAP':
    case 'NULL':
    case 'SYMBOL':
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return false;
    case 'ROW':
      // A scanner keeps what it has seen of an object in the bits of one number.
      return type.fields.length <= 63 && type.fields.every((f) => fitsFrame(f.type));
    default:
      return true;
  }
}

/** Hands out addresses, aligned for any value. */
export class Layouter {
  end: number;
  readonly #rows: number;

  constructor(start: number, rows: number) {
    this.end = Math.ceil(start / 16) * 16;
    this.#rows = rows;
  }
  #take(bytesEach: number): number {
    const at = this.end;
    this.end += Math.ceil((bytesEach * this.#rows) / 16) * 16 + 16;
    return at;
  }
  #cache(): number {
    const at = this.end;
    this.end += 32;
    return at;
  }
  row(fields: readonly Field[], nullable: boolean, valid: number): RowSlot {
    return {
      kind: 'row',
      nullable,
      valid,
      fields: fields.map((f) => ({ name: f.name, slot: this.#slot(f.type) })),
    };
  }
  #slot(type: LogicalType): Slot {
    const valid = this.#take(1);
    if (type.kind === 'ROW') return this.row(type.fields, type.nullable, valid);
    const layout = layoutOf(type) as LeafLayout;
    const values = this.#take(layout === 'i32' || layout === 'bytes' ? 4 : 8);
    const nanos = layout === 'time' && (type as { precision: number }).precision > 3;
    const second = layout === 'bytes' || nanos ? this.#take(4) : 0;
    return {
      kind: 'leaf',
      type,
      layout,
      valid,
      values,
      second,
      cache: layout === 'time' ? this.#cache() : 0,
    };
  }
}

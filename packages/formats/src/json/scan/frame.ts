/* Where the scanners write: columns at fixed places of the thread's memory, for a fixed number of rows.
 *
 *   leaf   valid: a byte a row │ values │ lengths of strings, or nanoseconds of timestamps
 *   row    valid, then the slots of its fields
 *
 * The views over a frame are made once. A row that a scanner cannot take is written here by the reference
 * decoder. */

import { assert, present } from '#base';
import {
  layoutOf,
  narrowMax,
  type Column,
  type Field,
  type Instant,
  type Layout,
  type LogicalType,
} from '#data';
import type { Row, Value } from '#data';
import type { Region, ThreadMemory } from '#wasm';
import type { TimestampStyle } from '../../text/time.ts';

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

/** Types that lie in a frame: no arrays, maps or bytes. */
export function fitsFrame(type: LogicalType): boolean {
  switch (type.kind) {
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'BINARY':
    case 'VARBINARY':
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

/** Bytes that unescaped strings of one batch may take. */
const textBytes = 1 << 21;
/** The frame's own cells: see below. */
const headBytes = 512;

/** Offsets of cells in the frame's head. */
export const head = {
  /** Where the next unescaped string goes. */
  text: 0,
  /** Set when a byte above 127 was seen in text that was skipped. */
  wide: 4,
  /** Rows that the fused and the generic scanner took. */
  fused: 8,
  generic: 12,
  /** Powers of ten as doubles (23) and as 64-bit integers (19). */
  doublePowers: 64,
  integerPowers: 64 + 23 * 8,
} as const;

export class Frame {
  readonly rowsMax: number;
  readonly root: RowSlot;
  readonly #memory: ThreadMemory;
  readonly #region: Region;
  readonly #columns: readonly Column[];
  readonly #cells: Int32Array;
  readonly #textStart: number;
  readonly #writers: readonly ((row: number, value: Value) => boolean)[];

  private constructor(
    memory: ThreadMemory,
    region: Region,
    fields: readonly Field[],
    rowsMax: number,
    style: TimestampStyle,
  ) {
    this.#memory = memory;
    this.#region = region;
    this.rowsMax = rowsMax;
    this.#textStart = region.address + headBytes;
    const layout = new Layouter(this.#textStart + textBytes, rowsMax);
    this.root = layout.row(fields, true, 0);
    this.#cells = new Int32Array(memory.memory.buffer, region.address, 4);
    this.#writePowers();
    this.#writeCaches(this.root, style);
    this.#columns = this.root.fields.map((f) => this.#view(f.slot));
    this.#writers = this.root.fields.map((f, i) => this.#writer(f.slot, this.#columns[i]!));
    this.reset();
  }
  /** Undefined when the memory has no room. */
  static create(
    memory: ThreadMemory,
    fields: readonly Field[],
    rowsMax: number,
    style: TimestampStyle,
  ): Frame | undefined {
    const sizing = new Layouter(0, rowsMax);
    sizing.row(fields, true, 0);
    const region = memory.allocate(headBytes + textBytes + sizing.end);
    return region && new Frame(memory, region, fields, rowsMax, style);
  }
  release(): void {
    this.#memory.free(this.#region);
  }

  get head(): number {
    return this.#region.address;
  }
  get textEnd(): number {
    return this.#textStart + textBytes;
  }
  /** Rows that the fused and the generic scanner took since the last reset. */
  get fusedRows(): number {
    return this.#cells[head.fused / 4]!;
  }
  get genericRows(): number {
    return this.#cells[head.generic / 4]!;
  }
  /** For the next batch: the last one is no longer read. */
  reset(): void {
    this.#cells.fill(0);
    this.#cells[head.text / 4] = this.#textStart;
  }

  #writePowers(): void {
    const { buffer } = this.#memory.memory;
    const doubles = new Float64Array(buffer, this.head + head.doublePowers, 23);
    const integers = new BigInt64Array(buffer, this.head + head.integerPowers, 19);
    for (let i = 0; i < doubles.length; i++) doubles[i] = Number(`1e${i}`);
    for (let i = 0; i < integers.length; i++) integers[i] = 10n ** BigInt(i);
  }

  /** A cache starts with a minute that is right: what it holds is believed. */
  #writeCaches(row: RowSlot, style: TimestampStyle): void {
    for (const { slot } of row.fields) {
      if (slot.kind === 'row') this.#writeCaches(slot, style);
      else if (slot.cache !== 0) {
        this.#memory.bytes.set(
          Buffer.from(style === 'SQL' ? '1970-01-01 00:00' : '1970-01-01T00:00'),
          slot.cache,
        );
        this.#memory.bytes.fill(0, slot.cache + 16, slot.cache + 24);
      }
    }
  }

  #valid(address: number): Uint8Array {
    return this.#memory.bytes.subarray(address, address + this.rowsMax);
  }
  #view(slot: Slot): Column {
    const { buffer } = this.#memory.memory;
    const valid = this.#valid(slot.valid);
    if (slot.kind === 'row')
      return {
        layout: 'row',
        valid,
        fields: slot.fields.map((f) => this.#view(f.slot)),
        nullsReachFields: true,
      };
    const rows = this.rowsMax;
    const int = (address: number): Int32Array => new Int32Array(buffer, address, rows);
    const double = (address: number): Float64Array => new Float64Array(buffer, address, rows);
    switch (slot.layout) {
      case 'i32':
        return { layout: 'i32', valid, values: int(slot.values) };
      case 'f64':
        return { layout: 'f64', valid, values: double(slot.values) };
      case 'exact':
        return { layout: 'exact', wide: false, valid, values: double(slot.values) };
      case 'time':
        return {
          layout: 'time',
          valid,
          millis: double(slot.values),
          nanos: slot.second === 0 ? undefined : int(slot.second),
        };
      case 'bytes':
        return {
          layout: 'bytes',
          valid,
          starts: int(slot.values),
          lengths: int(slot.second),
          data: this.#memory.bytes,
        };
    }
  }

  /** The first `rows` rows as columns; validity is left out where nothing is null. */
  columns(rows: number): Column[] {
    return this.#columns.map((c) => withoutEmptyValidity(c, rows));
  }

  /** Writes one row. False when it does not fit: a number beyond 2^53, or too much text; then the row
   *  counts for nothing. */
  write(row: number, values: Row): boolean {
    for (let i = 0; i < values.length; i++) if (!this.#writers[i]!(row, values[i]!)) return false;
    return true;
  }
  #writer(slot: Slot, column: Column): (row: number, value: Value) => boolean {
    const valid = present(column.valid, 'a frame keeps validity');
    if (slot.kind === 'row') {
      assert(column.layout === 'row', 'a row column');
      const fields = slot.fields.map((f, i) => this.#writer(f.slot, column.fields[i]!));
      return (row, value) => {
        valid[row] = value === null ? 0 : 1;
        return fields.every((write, i) => write(row, value === null ? null : (value as Row)[i]!));
      };
    }
    const write = this.#leafWriter(slot, column);
    return (row, value) => {
      valid[row] = value === null ? 0 : 1;
      return value === null || write(row, value);
    };
  }
  #leafWriter(slot: LeafSlot, column: Column): (row: number, value: Exclude<Value, null>) => boolean {
    switch (column.layout) {
      case 'i32':
        return (row, value) => {
          column.values[row] = Number(value);
          return true;
        };
      case 'f64':
        return (row, value) => {
          column.values[row] = value as number;
          return true;
        };
      case 'time':
        return (row, value) => {
          column.millis[row] = (value as Instant).ms;
          if (column.nanos !== undefined) column.nanos[row] = (value as Instant).ns;
          return true;
        };
      case 'exact':
        assert(!column.wide, 'a frame is narrow');
        return (row, value) => {
          column.values[row] = Number(value);
          return Math.abs(Number(value)) <= narrowMax;
        };
      default:
        assert(column.layout === 'bytes', `a frame holds no ${slot.layout}`);
        return (row, value) => this.#writeText(column.starts, column.lengths, row, value as string);
    }
  }
  #writeText(starts: Int32Array, lengths: Int32Array, row: number, text: string): boolean {
    const at = this.#cells[head.text / 4]!;
    const bytes = Buffer.from(text);
    if (at + bytes.length > this.textEnd) return false;
    this.#memory.bytes.set(bytes, at);
    this.#cells[head.text / 4] = at + bytes.length;
    starts[row] = at;
    lengths[row] = bytes.length;
    return true;
  }
}

function withoutEmptyValidity(column: Column, rows: number): Column {
  const nulls = column.valid!.subarray(0, rows).indexOf(0) >= 0;
  const valid = nulls ? column.valid : undefined;
  if (column.layout === 'row')
    return { ...column, valid, fields: column.fields.map((c) => withoutEmptyValidity(c, rows)) };
  return { ...column, valid };
}

/** Hands out addresses, aligned for any value. */
class Layouter {
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

/* Where the scanners write: columns at fixed places of the thread's memory, for a fixed number of rows.
 *
 *   head │ text of strings that do not lie in their record as they are │ columns, as slots.ts lays them out
 *
 * The views over a frame are made once. A row that a scanner cannot take is written here by the reference
 * decoder. */

import type { Column, Field, Row } from '#data';
import type { Region, ThreadMemory } from '#wasm';
import type { TimestampStyle } from '../text/time.ts';
import { powersBytes, powersTable } from './doubles.ts';
import { RowWriter } from './row-writer.ts';
import { Layouter, type RowSlot, type Slot } from './slots.ts';

/** Bytes that unescaped strings of one batch may take. */
const textBytes = 1 << 21;
/** The frame's own cells: see below. */
const headBytes = 512 + Math.ceil(powersBytes / 64) * 64;

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
  /** Powers of five of 128 bits: see doubles.ts. */
  powers: 512,
} as const;

export class Frame {
  readonly rowsMax: number;
  readonly root: RowSlot;
  readonly #memory: ThreadMemory;
  readonly #region: Region;
  readonly #columns: readonly Column[];
  readonly #cells: Int32Array;
  readonly #textStart: number;
  readonly #writer: RowWriter;

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
    this.#writer = new RowWriter(this.root, this.#columns, { put: (text) => this.#putText(text) });
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
    new BigUint64Array(buffer, this.head + head.powers, powersBytes / 8).set(powersTable());
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

  /** Writes one row. False when it does not fit: a number beyond 2^53, or too much text; then the row counts for
   *  nothing. */
  write(row: number, values: Row): boolean {
    return this.#writer.write(row, values);
  }
  #putText(text: string): { start: number; length: number } | undefined {
    const start = this.#cells[head.text / 4]!;
    const bytes = Buffer.from(text);
    if (start + bytes.length > this.textEnd) return undefined;
    this.#memory.bytes.set(bytes, start);
    this.#cells[head.text / 4] = start + bytes.length;
    return { start, length: bytes.length };
  }
}

function withoutEmptyValidity(column: Column, rows: number): Column {
  const nulls = column.valid!.subarray(0, rows).indexOf(0) >= 0;
  const valid = nulls ? column.valid : undefined;
  if (column.layout === 'row')
    return { ...column, valid, fields: column.fields.map((c) => withoutEmptyValidity(c, rows)) };
  return { ...column, valid };
}

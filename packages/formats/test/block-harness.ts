/* Runs batches through a block encoder and holds every byte to the row encoder, with guards around all it may touch. */

import { expect } from 'vitest';
import { ByteWriter, UserError } from '#base';
import type { Column, Field } from '#data';
import type { BlockEncoder, Encoder } from '#formats';
import { findFormat } from '#formats';
import { threadMemory, type Region } from '#wasm';
import { optionsOf, type Set } from './samples.ts';

export const memory = threadMemory();
const outBytes = 1 << 20;
const guard = 0xa5;
const guardBytes = 64;
export const out = memory.allocate(outBytes + guardBytes)!;

/** What the row encoder writes for each row; undefined where it refuses. */
export interface Expected {
  readonly bytes: Buffer;
  readonly ends: readonly number[];
  readonly refused: ReadonlySet<number>;
}

export function expectedOf(
  encoder: Encoder,
  columns: readonly Column[],
  rows: number,
  terminator: Uint8Array,
): Expected {
  const to = new ByteWriter();
  const ends: number[] = [];
  const refused = new globalThis.Set<number>();
  for (let row = 0; row < rows; row++) {
    const before = to.size;
    try {
      encoder.encode(columns, row, 0, to);
      to.bytes(terminator);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      to.size = before;
      refused.add(row);
    }
    ends.push(to.size);
  }
  return { bytes: to.data.subarray(0, to.size), ends, refused };
}

/** One call; what it wrote must be the reference's, and nothing else may be touched. Returns the first row not written. */
export function encodeOnce(
  block: BlockEncoder,
  columns: readonly Column[],
  expected: Expected,
  rows: { readonly from: number; readonly to: number },
  room = outBytes,
): number {
  const at = out.address;
  const limit = at + room;
  memory.bytes.fill(guard, limit, limit + guardBytes);
  const next = block.encode(columns, undefined, rows.from, rows.to, at, limit);
  expect(memory.bytes.subarray(limit, limit + guardBytes).every((b) => b === guard)).toBe(true);
  const count = next - rows.from;
  if (count === 0) return next;
  const start = rows.from === 0 ? 0 : expected.ends[rows.from - 1]!;
  const written = block.ends[count - 1]! - at;
  const bytes = Buffer.from(memory.bytes.buffer, at, written);
  const wanted = expected.bytes.subarray(start, start + written);
  if (!bytes.equals(wanted)) expect(bytes.toString()).toBe(wanted.toString());
  for (let i = 0; i < count; i++) {
    if (block.ends[i]! - at !== expected.ends[rows.from + i]! - start)
      expect(block.ends[i]! - at, `row ${rows.from + i}`).toBe(expected.ends[rows.from + i]! - start);
  }
  return next;
}

export interface Tally {
  block: number;
  reference: number;
}

/** All rows through the block, from each of several places where the same columns lie. Those that it does not take even
 *  alone are for the reference. */
export function agreeOn(
  format: string,
  fields: readonly Field[],
  places: readonly (readonly Column[])[],
  rows: number,
  set: Set = {},
  room?: () => number,
): Tally {
  const options = optionsOf(format, set);
  const descriptor = findFormat(format);
  const terminator = descriptor.framing!(options).terminator;
  const expected = expectedOf(descriptor.encoder!(fields, options), places[0]!, rows, terminator);
  const block = descriptor.blockEncoder!({ memory, fields, options, terminator, rowsMax: 1000 })!;
  const tally: Tally = { block: 0, reference: 0 };
  for (const columns of places) allRows(block, columns, expected, rows, tally, room);
  block.release();
  return tally;
}

function allRows(
  block: BlockEncoder,
  columns: readonly Column[],
  expected: Expected,
  rows: number,
  tally: Tally,
  room: (() => number) | undefined,
): void {
  for (let row = 0; row < rows; ) {
    const next = encodeOnce(block, columns, expected, { from: row, to: rows }, room?.());
    tally.block += next - row;
    for (let i = row; i < next; i++) expect(expected.refused.has(i)).toBe(false);
    row = next;
    if (row === rows) break;
    if (encodeOnce(block, columns, expected, { from: row, to: row + 1 }) > row) tally.block++;
    else tally.reference++;
    row++;
  }
}

/** A copy of columns in the thread's memory, each array between guards. `check` fails when one was written to. */
export function intoMemory(
  columns: readonly Column[],
  region: Region,
): { readonly columns: Column[]; check(): void } {
  let at = region.address;
  const copies: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  const copy = <T extends Uint8Array | Int32Array | Float64Array | BigInt64Array>(array: T): T => {
    at = Math.ceil((at + guardBytes) / 8) * 8;
    memory.bytes.fill(guard, at - guardBytes, at);
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    memory.bytes.set(bytes, at);
    const end = at + array.byteLength;
    memory.bytes.fill(guard, end, end + guardBytes);
    copies.push({ at, bytes });
    const make = array.constructor as new (buffer: ArrayBuffer, at: number, length: number) => T;
    // A Buffer's class takes other arguments.
    const view = (
      array instanceof Uint8Array
        ? new Uint8Array(memory.memory.buffer, at, array.length)
        : new make(memory.memory.buffer, at, array.length)
    ) as T;
    at = end;
    return view;
  };
  const columnOf = (column: Column): Column => {
    const valid = column.valid && copy(column.valid);
    switch (column.layout) {
      case 'i32':
        return { ...column, valid, values: copy(column.values) };
      case 'f64':
        return { ...column, valid, values: copy(column.values) };
      case 'exact':
        return column.wide
          ? { ...column, valid, values: copy(column.values) }
          : { ...column, valid, values: copy(column.values) };
      case 'time':
        return { ...column, valid, millis: copy(column.millis), nanos: column.nanos && copy(column.nanos) };
      case 'bytes': {
        const [starts, lengths, data] = [copy(column.starts), copy(column.lengths), copy(column.data)];
        return { ...column, valid, starts, lengths, data };
      }
      case 'row':
        return { ...column, valid, fields: column.fields.map(columnOf) };
      case 'list':
        return { ...column, valid, element: columnOf(column.element) };
      case 'map':
        return { ...column, valid, keys: columnOf(column.keys), values: columnOf(column.values) };
    }
  };
  const copied = columns.map(columnOf);
  expect(at).toBeLessThan(region.address + region.bytes);
  return {
    columns: copied,
    check: () => {
      for (const { at: start, bytes } of copies) {
        const end = start + bytes.length;
        expect(Buffer.compare(memory.bytes.subarray(start, end), bytes)).toBe(0);
        const around = [
          memory.bytes.subarray(start - guardBytes, start),
          memory.bytes.subarray(end, end + guardBytes),
        ];
        expect(around.every((g) => g.every((b) => b === guard))).toBe(true);
      }
    },
  };
}

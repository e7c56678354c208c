/* Writes rows of the reference decoder into a frame's columns. */

import { assert, present } from '#base';
import { narrowMax, type Column, type Instant, type Row, type Value } from '#data';
import type { RowSlot, Slot } from './slots.ts';

type Writer = (row: number, value: Value) => boolean;

/** Takes text into the frame; undefined when there is no room for it. */
export interface TextArea {
  put(text: string): { readonly start: number; readonly length: number } | undefined;
}

export class RowWriter {
  readonly #text: TextArea;
  readonly #writers: readonly Writer[];

  constructor(root: RowSlot, columns: readonly Column[], text: TextArea) {
    this.#text = text;
    this.#writers = root.fields.map((f, i) => this.#writer(f.slot, columns[i]!));
  }

  /** Writes one row. False when it does not fit: a number beyond 2^53, or too much text; then the row counts for
   *  nothing. */
  write(row: number, values: Row): boolean {
    for (let i = 0; i < values.length; i++) if (!this.#writers[i]!(row, values[i]!)) return false;
    return true;
  }
  #writer(slot: Slot, column: Column): Writer {
    const valid = present(column.valid, 'a frame keeps validity');
    if (slot.kind === 'row') {
      assert(column.layout === 'row', 'a row column');
      const fields = slot.fields.map((f, i) => this.#writer(f.slot, column.fields[i]!));
      return (row, value) => {
        valid[row] = value === null ? 0 : 1;
        return fields.every((write, i) => write(row, value === null ? null : (value as Row)[i]!));
      };
    }
    const write = this.#leafWriter(column);
    return (row, value) => {
      valid[row] = value === null ? 0 : 1;
      return value === null || write(row, value);
    };
  }
  #leafWriter(column: Column): (row: number, value: Exclude<Value, null>) => boolean {
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
        assert(column.layout === 'bytes', `a frame holds no ${column.layout}`);
        return (row, value) => {
          const lies = this.#text.put(value as string);
          if (lies === undefined) return false;
          column.starts[row] = lies.start;
          column.lengths[row] = lies.length;
          return true;
        };
    }
  }
}

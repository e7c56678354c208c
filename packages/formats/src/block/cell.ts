/* A cell of a block: where its column lies, and expressions that read row `row` of it.
 *
 *   entry   valid │ values │ second │ data    four addresses, written before each call, of the block's first row
 *
 *   i32     values                            exact   values: doubles, or 64-bit integers where `wide`
 *   time    values: milliseconds, second: nanoseconds
 *   bytes   values: starts, second: lengths, data: what starts count from; also texts that the reference made */

import { f64, i32, i64, type Expr } from '#wasm';
import type { ByteWriter } from '#base';
import type { Column, LogicalType } from '#data';
import { wordAt, type Out } from './out.ts';

export const entryWords = 4;
export const entryWord = { valid: 0, values: 1, second: 2, data: 3 } as const;

/** Appends the cell `row`, which is not null, as the reference does. Throws UserError for what it cannot express. */
export type CellWriter = (column: Column, row: number, to: ByteWriter) => void;

/** Code that appends a cell that is not null. */
export type CellCode = (out: Out, cell: Cell) => void;

export interface Cell {
  readonly name: string;
  readonly type: LogicalType;
  /** Address of its entry. */
  readonly entry: number;
  /** Numbers lie as 64-bit integers. */
  readonly wide: boolean;
  /** Of rows that are written field by field; those have no code of their own. */
  readonly fields: readonly Cell[] | undefined;
  /** What makes the texts of cells that the block has no code for. */
  readonly maker: CellWriter | undefined;
  readonly write: CellCode;
}

const addressOf = (cell: Cell, word: keyof typeof entryWord): Expr<'i32'> =>
  wordAt(cell.entry + 4 * entryWord[word]);
const at = (out: Out, cell: Cell, word: keyof typeof entryWord, shift: number): Expr<'i32'> =>
  i32.add(addressOf(cell, word), shift === 0 ? out.row : i32.shl(out.row, i32.const(shift)));

export const isValid = (out: Out, cell: Cell): Expr<'i32'> => i32.load8U(at(out, cell, 'valid', 0));
export const intOf = (out: Out, cell: Cell): Expr<'i32'> => i32.load(at(out, cell, 'values', 2));
export const exactOf = (out: Out, cell: Cell): Expr<'i64'> =>
  cell.wide ? i64.load(at(out, cell, 'values', 3)) : i64.truncF64S(f64.load(at(out, cell, 'values', 3)));
const millisOf = (out: Out, cell: Cell): Expr<'i64'> => i64.truncF64S(f64.load(at(out, cell, 'values', 3)));
const secondOf = (out: Out, cell: Cell): Expr<'i32'> => i32.load(at(out, cell, 'second', 2));
const startOf = (out: Out, cell: Cell): Expr<'i32'> => i32.add(intOf(out, cell), addressOf(cell, 'data'));

/** The most bytes of what has a bound. */
const bound = { integer: 20, decimal: 56, date: 10, clock: 18, timestamp: 29 } as const;

/** Codes that formats share. */
export const writeInt: CellCode = (out, cell) => {
  out.flush();
  out.put(out.f.call(out.helpers.integer, 'i32', i64.extendI32S(intOf(out, cell)), out.to), bound.integer);
};
export const writeExact: CellCode = (out, cell) => {
  out.flush();
  out.put(out.f.call(out.helpers.integer, 'i32', exactOf(out, cell), out.to), bound.integer);
};
export const writeDecimal =
  (scale: number, how: 'plain' | 'scientific'): CellCode =>
  (out, cell) => {
    out.flush();
    const value = exactOf(out, cell);
    out.put(out.f.call(out.helpers[how], 'i32', value, i32.const(scale), out.to), bound.decimal);
  };
export const writeBoolean =
  (no: string, yes: string): CellCode =>
  (out, cell) =>
    out.choose(
      intOf(out, cell),
      () => out.bytes(yes),
      () => out.bytes(no),
    );
export const writeDate: CellCode = (out, cell) => {
  out.flush();
  out.moveTo(out.f.call(out.helpers.date, 'i32', intOf(out, cell), out.to), bound.date);
};
export const writeClock: CellCode = (out, cell) => {
  out.flush();
  out.moveTo(out.f.call(out.helpers.clock, 'i32', intOf(out, cell), out.to), bound.clock);
};
export const writeTimestamp: CellCode = (out, cell) => {
  out.flush();
  const { f, helpers, to } = out;
  out.moveTo(f.call(helpers.timestamp, 'i32', millisOf(out, cell), secondOf(out, cell), to), bound.timestamp);
};
const writeBytes =
  (helper: 'copy' | 'text'): CellCode =>
  (out, cell) => {
    out.flush();
    const text = out.helpers[helper];
    out.moveTo(out.f.call(text, 'i32', startOf(out, cell), secondOf(out, cell), out.to, out.room), 0);
  };
/** A string, as the format writes strings. */
export const writeText = writeBytes('text');
/** Bytes as they are: what the reference made. */
export const writeMade = writeBytes('copy');

/** Between two texts. */
export const around =
  (before: string, code: CellCode, after: string): CellCode =>
  (out, cell) => {
    out.bytes(before);
    code(out, cell);
    out.bytes(after);
  };

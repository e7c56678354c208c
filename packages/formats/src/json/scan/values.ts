/* Reading one JSON value into its column, by type. The cursor is at the value's first byte; afterwards it is
 * behind the value. What a scanner does not take (escapes in the fused rung, 1.0 as a whole number, …) leaves for
 * `bad`. */

import { i32, type Expr, type Label } from '#wasm';
import type { TimestampStyle } from '../../text/time.ts';
import { cell, writeNull, writeText, writeValid } from '../../scan/cells.ts';
import { advance, byteAt, expectBytes, isByte, isDigit } from '../../scan/emit.ts';
import { readNumber, type NumberStyle } from '../../scan/numbers.ts';
import { readTemporal } from '../../scan/times.ts';
import type { LeafSlot } from '../../scan/slots.ts';
import { isQuote, nullOr, quote, toQuote, type JsonEmit } from './emit.ts';

const utf8 = new TextEncoder();
const numbers = (cutsFractions: Expr<'i32'>): NumberStyle => ({ leadingZeros: false, cutsFractions });

/** What values mean, as the table's options say. */
export interface ValueSettings {
  readonly style: TimestampStyle;
  /** A number that is read as text is the text that it is. */
  readonly rawNumbers: boolean;
}

/** Reads null or a value of the leaf's type. `odd`: numbers may stand in quotes, and text without them. */
export function readLeaf(
  e: JsonEmit,
  slot: LeafSlot,
  settings: ValueSettings,
  odd: boolean,
  bad: Label,
): void {
  const read = (): void => {
    readValue(e, slot, settings, odd, bad);
    writeValid(e, slot);
  };
  if (!slot.type.nullable) return read();
  nullOr(e, () => writeNull(e, slot), read);
}

function readValue(e: JsonEmit, slot: LeafSlot, settings: ValueSettings, odd: boolean, bad: Label): void {
  const { kind } = slot.type;
  if (kind === 'BOOLEAN') return readBoolean(e, slot, bad);
  if (kind === 'CHAR' || kind === 'VARCHAR') {
    const bare = odd && settings.rawNumbers;
    return bare ? readTextOrNumber(e, slot, bad) : readText(e, slot, bad);
  }
  if (kind === 'DATE' || kind === 'TIME' || kind === 'TIMESTAMP' || kind === 'TIMESTAMP_LTZ') {
    expectQuote(e, bad);
    readTemporal(e, slot, { timestamps: settings.style, digitsAfterPoint: false }, bad);
    return expectQuote(e, bad);
  }
  if (odd) readQuotedOrNumber(e, slot, bad);
  else readNumber(e, slot, numbers(i32.const(1)), bad);
}

function expectQuote(e: JsonEmit, bad: Label): void {
  expectBytes(e, Uint8Array.of(quote), bad);
}

function readQuotedOrNumber(e: JsonEmit, slot: LeafSlot, bad: Label): void {
  const { f } = e;
  const quoted = f.let(isQuote(e));
  advance(e, quoted);
  // Only a number that is one is cut.
  readNumber(e, slot, numbers(i32.eqz(quoted)), bad);
  f.if(quoted, () => expectQuote(e, bad));
}

function readTextOrNumber(e: JsonEmit, slot: LeafSlot, bad: Label): void {
  const { f, p, a, b } = e;
  f.if(
    i32.or(isByte(byteAt(p), '-'), isDigit(byteAt(p))),
    () => {
      f.set(a, p);
      f.set(p, f.call(e.json.skip, 'i32', p, i32.const(0), e.end));
      f.breakIf(bad, i32.eqz(p));
      f.set(b, i32.sub(p, a));
      writeText(e, slot, a, b);
    },
    () => readText(e, slot, bad),
  );
}

function readBoolean(e: JsonEmit, slot: LeafSlot, bad: Label): void {
  const { f, p, a } = e;
  f.set(a, isByte(byteAt(p), 't'));
  f.if(
    a,
    () => expectBytes(e, utf8.encode('true'), bad),
    () => expectBytes(e, utf8.encode('false'), bad),
  );
  f.store(cell(e, 2), a, slot.values);
}

function readText(e: JsonEmit, slot: LeafSlot, bad: Label): void {
  const { f, p, a, b } = e;
  expectQuote(e, bad);
  f.set(a, p);
  toQuote(e);
  f.set(b, i32.sub(p, a));
  f.if(
    isQuote(e),
    () => advance(e, 1),
    () => {
      if (!e.escapes) return f.break(bad);
      f.callInto([p, a, b], e.json.unescape, a, e.end);
      f.breakIf(bad, i32.eqz(p));
    },
  );
  writeText(e, slot, a, b);
}

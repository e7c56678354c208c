/* Reading one JSON value into its column, by type. The cursor is at the value's first byte; afterwards it is
 * behind the value. What a scanner does not take (escapes in the fused rung, 1.0 as a whole number, …) leaves for
 * `bad`. */

import { i32, type Label } from '#wasm';
import type { TimestampStyle } from '../../text/time.ts';
import { cell, writeNull, writeText, writeValid } from '../../scan/cells.ts';
import { advance, byteAt, expectBytes, isByte } from '../../scan/emit.ts';
import { readNumber } from '../../scan/numbers.ts';
import { readTemporal } from '../../scan/times.ts';
import type { LeafSlot } from '../../scan/slots.ts';
import { isQuote, nullOr, quote, toQuote, type JsonEmit } from './emit.ts';

const utf8 = new TextEncoder();
const numbers = { leadingZeros: false } as const;

/** Reads null or a value of the leaf's type. `quoted`: its numbers stand in quotes, as far as was seen. */
export function readLeaf(
  e: JsonEmit,
  slot: LeafSlot,
  style: TimestampStyle,
  quoted: boolean,
  bad: Label,
): void {
  const read = (): void => {
    readValue(e, slot, style, quoted, bad);
    writeValid(e, slot);
  };
  if (!slot.type.nullable) return read();
  nullOr(e, () => writeNull(e, slot), read);
}

function readValue(e: JsonEmit, slot: LeafSlot, style: TimestampStyle, quoted: boolean, bad: Label): void {
  const { kind } = slot.type;
  if (kind === 'BOOLEAN') return readBoolean(e, slot, bad);
  if (kind === 'CHAR' || kind === 'VARCHAR') return readText(e, slot, bad);
  if (kind === 'DATE' || kind === 'TIME' || kind === 'TIMESTAMP' || kind === 'TIMESTAMP_LTZ') {
    expectQuote(e, bad);
    readTemporal(e, slot, { timestamps: style, digitsAfterPoint: false }, bad);
    return expectQuote(e, bad);
  }
  if (e.generic) return readAnyNumber(e, slot, bad);
  if (quoted) expectQuote(e, bad);
  readNumber(e, slot, numbers, bad);
  if (quoted) expectQuote(e, bad);
}

function expectQuote(e: JsonEmit, bad: Label): void {
  expectBytes(e, Uint8Array.of(quote), bad);
}

/** A number, in quotes or not. */
function readAnyNumber(e: JsonEmit, slot: LeafSlot, bad: Label): void {
  const { f } = e;
  const quoted = f.let(isQuote(e));
  advance(e, quoted);
  readNumber(e, slot, numbers, bad);
  f.if(quoted, () => expectQuote(e, bad));
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
      if (!e.generic) return f.break(bad);
      f.callInto([p, a, b], e.json.unescape, a, e.end);
      f.breakIf(bad, i32.eqz(p));
    },
  );
  writeText(e, slot, a, b);
}

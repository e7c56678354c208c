/* The fused scanner: one fixed order of keys, no white space, no escapes. Each key with its brace or comma
 * and its colon is compared as one literal; nothing is searched. */

import { i32, type Label } from '#wasm';
import { quoteJson } from '../quote.ts';
import { advance, byteAt, expectBytes, nullWord, skipValue, type Emit } from './emit.ts';
import type { ScanSettings } from './generic.ts';
import type { RowSlot } from './frame.ts';
import type { KeyShape, ObjectShape } from './shape.ts';
import { readLeaf, writeNull } from './values.ts';

const utf8 = new TextEncoder();

/** Reads an object of this shape; the cursor is at its opening brace. Fields that the shape lacks are
 *  null. */
export function readShape(
  e: Emit,
  row: RowSlot,
  shape: ObjectShape,
  settings: ScanSettings,
  bad: Label,
): void {
  let before = '{';
  for (const key of shape.keys) {
    expectBytes(e, utf8.encode(`${before}${quoteJson(key.name, false)}:`), bad);
    readKey(e, key, settings, bad);
    before = ',';
  }
  expectBytes(e, utf8.encode(shape.keys.length === 0 ? '{}' : '}'), bad);
  for (const field of row.fields) {
    if (shape.keys.some((k) => k.slot === field.slot)) continue;
    const nullable = field.slot.kind === 'row' ? field.slot.nullable : field.slot.type.nullable;
    if (settings.failOnMissing || !nullable) e.f.break(bad);
    else writeNull(e, field.slot);
  }
}

function readKey(e: Emit, key: KeyShape, settings: ScanSettings, bad: Label): void {
  const { f, p } = e;
  const { slot, keys } = key;
  if (slot === undefined) return skipValue(e, bad);
  if (slot.kind === 'leaf') return readLeaf(e, slot, settings.style, bad);
  const read = (): void => {
    f.breakIf(bad, i32.ne(byteAt(p), i32.const(123)));
    f.store8(e.row, i32.const(1), slot.valid);
    readShape(e, slot, keys!, settings, bad);
  };
  if (!slot.nullable) return read();
  f.if(
    i32.eq(i32.load(p), nullWord),
    () => {
      advance(e, 4);
      writeNull(e, slot);
    },
    read,
  );
}

/* The fused rung: one fixed order of keys, no white space, no escapes. Each key with its brace or comma
 * and its colon is compared as one literal; nothing is searched. */

import type { Label } from '#wasm';
import { writeNull, writeValid } from '../../scan/cells.ts';
import { byteAt, expectBytes, isNotByte } from '../../scan/emit.ts';
import { isNullable, type RowSlot } from '../../scan/slots.ts';
import { quoteJson } from '../quote.ts';
import { nullOr, skipValue, type JsonEmit } from './emit.ts';
import type { ScanSettings } from './generic.ts';
import type { KeyShape, ObjectShape } from './shape.ts';
import { readLeaf } from './values.ts';

const utf8 = new TextEncoder();

/** Reads an object of this shape; the cursor is at its opening brace. Fields that the shape lacks are
 *  null. */
export function readShape(
  e: JsonEmit,
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
    if (settings.failOnMissing || !isNullable(field.slot)) e.f.break(bad);
    else writeNull(e, field.slot);
  }
}

function readKey(e: JsonEmit, key: KeyShape, settings: ScanSettings, bad: Label): void {
  const { f, p } = e;
  const { slot, keys } = key;
  if (slot === undefined) return skipValue(e, bad);
  if (slot.kind === 'leaf') return readLeaf(e, slot, settings.style, false, bad);
  const read = (): void => {
    f.breakIf(bad, isNotByte(byteAt(p), '{'));
    writeValid(e, slot);
    readShape(e, slot, keys!, settings, bad);
  };
  if (!slot.nullable) return read();
  nullOr(e, () => writeNull(e, slot), read);
}

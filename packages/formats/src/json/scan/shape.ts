/* The order of keys that the data shows: what the fused scanner is written for. Learnt from a few records. */

import { MalformedRecord } from '../../malformed.ts';
import { code, JsonCursor } from '../cursor.ts';
import type { RowSlot, Slot } from '../../scan/slots.ts';

export interface KeyShape {
  readonly name: string;
  /** Undefined: nobody reads it. */
  readonly slot: Slot | undefined;
  /** The keys of an object that is read; replaced once one was seen that is not null. */
  readonly keys: ObjectShape | undefined;
}
export interface ObjectShape {
  keys: KeyShape[];
  /** False: a guess, the order in which the fields were declared. */
  seen: boolean;
}

/** The declared order, for objects that no record has shown yet. */
export function declaredShape(row: RowSlot): ObjectShape {
  return { seen: false, keys: row.fields.map((f) => keyShape(f.name, f.slot)) };
}
function keyShape(name: string, slot: Slot | undefined): KeyShape {
  return { name, slot, keys: slot?.kind === 'row' ? declaredShape(slot) : undefined };
}

/** Takes over the key order of one record, where the shape has none yet. Records that are no JSON teach
 *  nothing. */
export function learn(shape: ObjectShape, row: RowSlot, data: Uint8Array, start: number, end: number): void {
  const cursor = new JsonCursor();
  cursor.reset(data, start, end);
  try {
    if (cursor.peek() === code.openBrace) learnObject(shape, row, cursor);
  } catch (error) {
    if (!(error instanceof MalformedRecord)) throw error;
  }
}

function learnObject(shape: ObjectShape, row: RowSlot, cursor: JsonCursor): void {
  const keys: KeyShape[] = [];
  cursor.enter();
  for (let first = true; cursor.nextKey(first); first = false) {
    const name = cursor.text();
    const slot = row.fields.find((f) => f.name === name)?.slot;
    const known = shape.keys.find((k) => k.name === name) ?? keyShape(name, slot);
    keys.push(known);
    if (slot?.kind === 'row' && known.keys !== undefined && cursor.peek() === code.openBrace) {
      learnObject(known.keys, slot, cursor);
    } else cursor.value();
  }
  const twice = new Set(keys.map((k) => k.name)).size < keys.length;
  if (shape.seen || twice) return;
  shape.keys = keys;
  shape.seen = true;
}

/** True when every object that is read was seen. */
export function isComplete(shape: ObjectShape): boolean {
  return shape.seen && shape.keys.every((k) => k.keys === undefined || isComplete(k.keys));
}

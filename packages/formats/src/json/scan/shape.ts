/* The order of keys that the data shows: what the fused scanner is written for. Learnt from a few records, which may
 * lack keys that others have, as long as all that they have can stand in one order:
 *
 *   {"b":6}  {"a":1,"b":2}  {"a":3,"c":4,"b":5}   ──▶   a?  c?  b */

import { MalformedRecord } from '../../malformed.ts';
import type { LeafSlot, RowSlot, Slot } from '../../scan/slots.ts';
import { code, JsonCursor } from '../cursor.ts';

/** An object with more keys, of all records together, has no shape: its keys are data. */
const keysMax = 200;

export interface KeyShape {
  readonly name: string;
  /** Undefined: nobody reads it. */
  readonly slot: Slot | undefined;
  /** Of an object that is read. */
  readonly object: ObjectShape | undefined;
  /** A number in quotes was seen, or text without them. */
  odd: boolean;
  /** Objects that had it. */
  count: number;
  /** Keys that came right behind it. */
  readonly followers: Set<KeyShape>;
}

export class ObjectShape {
  readonly #row: RowSlot;
  readonly #known = new Map<string, KeyShape>();
  /** Objects that the shape is of. */
  #count = 0;

  constructor(row: RowSlot) {
    this.#row = row;
  }
  /** The keys in an order that all objects had; the declared one while there was no object. */
  get keys(): readonly KeyShape[] {
    if (this.#count === 0) return this.#row.fields.map((f) => keyShape(f.name, f.slot));
    const ordered: KeyShape[] = [];
    const visit = (key: KeyShape): void => {
      if (ordered.includes(key)) return;
      for (const next of [...key.followers].reverse()) visit(next);
      ordered.push(key);
    };
    for (const key of [...this.#known.values()].reverse()) visit(key);
    return ordered.reverse();
  }
  /** Not all objects have it. */
  isOptional(key: KeyShape): boolean {
    return key.count < this.#count;
  }

  /** Takes over what one record shows. Records that are no JSON teach nothing. */
  learn(data: Uint8Array, start: number, end: number): void {
    const cursor = new JsonCursor();
    cursor.reset(data, start, end);
    try {
      if (cursor.peek() === code.openBrace) this.#learn(cursor);
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
    }
  }
  #learn(cursor: JsonCursor): void {
    const keys: KeyShape[] = [];
    cursor.enter();
    for (let first = true; cursor.nextKey(first); first = false) {
      const name = cursor.text();
      const slot = this.#row.fields.find((f) => f.name === name)?.slot;
      const key = this.#known.get(name) ?? keyShape(name, slot);
      keys.push(key);
      if (key.object !== undefined && cursor.peek() === code.openBrace) key.object.#learn(cursor);
      else {
        cursor.value();
        if (slot?.kind === 'leaf' && isOdd(slot, cursor.kind)) key.odd = true;
      }
    }
    this.#take(keys);
  }
  /** An order that contradicts the ones before teaches nothing. */
  #take(keys: readonly KeyShape[]): void {
    const names = new Set(keys.map((k) => k.name));
    const all = this.#known.size + keys.filter((k) => k.count === 0).length;
    if (names.size < keys.length || all > keysMax || contradicts(keys)) return;
    this.#count++;
    keys.forEach((key, i) => {
      this.#known.set(key.name, key);
      key.count++;
      if (i > 0) keys[i - 1]!.followers.add(key);
    });
  }
}

function keyShape(name: string, slot: Slot | undefined): KeyShape {
  const object = slot?.kind === 'row' ? new ObjectShape(slot) : undefined;
  return { name, slot, object, odd: false, count: 0, followers: new Set() };
}

/** A key was behind one that now comes after it. */
function contradicts(keys: readonly KeyShape[]): boolean {
  const before = new Set<KeyShape>();
  for (const key of keys) {
    const reached = new Set<KeyShape>();
    const visit = (from: KeyShape): void => {
      for (const next of from.followers) {
        if (reached.has(next)) continue;
        reached.add(next);
        visit(next);
      }
    };
    visit(key);
    for (const k of reached) if (before.has(k)) return true;
    before.add(key);
  }
  return false;
}

function isOdd({ layout }: LeafSlot, kind: JsonCursor['kind']): boolean {
  if (layout === 'bytes') return kind === 'integer' || kind === 'float';
  return layout !== 'time' && kind === 'string';
}

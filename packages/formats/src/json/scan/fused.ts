/* The fused rung: one fixed order of keys, some of which may be missing, no white space, no escapes. Each key with its
 * brace or comma and its colon is compared as one literal; nothing is searched. */

import { quoteJson } from '#base';
import { i32, select, type Expr, type Label, type Local } from '#wasm';
import { writeNull, writeValid } from '../../scan/cells.ts';
import { advance, byteAt, differs, expectBytes, isNotByte } from '../../scan/emit.ts';
import { isNullable, type RowSlot, type Slot } from '../../scan/slots.ts';
import { nullOr, skipValue, type JsonEmit } from './emit.ts';
import type { ScanSettings } from './generic.ts';
import type { KeyShape, ObjectShape } from './shape.ts';
import { readLeaf } from './values.ts';

const utf8 = new TextEncoder();

/** Reads an object of this shape; the cursor is at its opening brace. Fields that it lacks are null. */
export function readShape(
  e: JsonEmit,
  row: RowSlot,
  shape: ObjectShape,
  settings: ScanSettings,
  bad: Label,
): void {
  const { keys } = shape;
  const place = new KeyPlace(e, keys[0] !== undefined && shape.isOptional(keys[0]));
  for (const key of keys) {
    const literal = utf8.encode(`${quoteJson(key.name, false)}:`);
    if (!shape.isOptional(key)) {
      place.expect(literal, bad);
      readKey(e, key, settings, bad);
      continue;
    }
    place.ifAt(
      literal,
      () => readKey(e, key, settings, bad),
      () => missing(e, key.slot, settings, bad),
    );
  }
  place.close(bad);
  for (const { slot } of row.fields) if (!keys.some((k) => k.slot === slot)) missing(e, slot, settings, bad);
}

function missing(e: JsonEmit, slot: Slot | undefined, settings: ScanSettings, bad: Label): void {
  if (slot === undefined) return;
  if (settings.failOnMissing || !isNullable(slot)) e.f.break(bad);
  else writeNull(e, slot);
}

/** What stands in front of the next key: the object's brace, or a comma. Where keys may be missing only the running scanner
 *  knows: the cursor is still at the brace, or behind a value. */
class KeyPlace {
  readonly #e: JsonEmit;
  readonly #brace: Local<'i32'> | undefined;
  #before: 'brace' | 'comma' | 'either' = 'brace';

  constructor(e: JsonEmit, mayLackFirst: boolean) {
    this.#e = e;
    this.#brace = mayLackFirst ? e.f.let(e.p) : undefined;
  }
  #literal(key: Uint8Array): Uint8Array {
    return Uint8Array.of((this.#before === 'comma' ? ',' : '{').charCodeAt(0), ...key);
  }
  get #atBrace(): Expr<'i32'> {
    return i32.eq(this.#e.p, this.#brace!);
  }
  /** The byte in front of the key is not the one that must stand there. */
  get #isNotBefore(): Expr<'i32'> {
    return i32.ne(byteAt(this.#e.p), select(i32.const(123), i32.const(44), this.#atBrace));
  }

  expect(key: Uint8Array, bad: Label): void {
    const { f } = this.#e;
    if (this.#before === 'either') {
      f.breakIf(bad, this.#isNotBefore);
      advance(this.#e, 1);
      expectBytes(this.#e, key, bad);
    } else expectBytes(this.#e, this.#literal(key), bad);
    this.#before = 'comma';
  }
  ifAt(key: Uint8Array, present: () => void, absent: () => void): void {
    const { f, p } = this.#e;
    const either = this.#before === 'either';
    const others = either
      ? i32.or(this.#isNotBefore, differs(i32.add(p, i32.const(1)), key))
      : differs(p, this.#literal(key));
    f.if(others, absent, () => {
      advance(this.#e, key.length + 1);
      present();
    });
    if (this.#before === 'brace') this.#before = 'either';
  }
  close(bad: Label): void {
    const expect = (text: string): void => expectBytes(this.#e, utf8.encode(text), bad);
    if (this.#before === 'brace') expect('{}');
    else if (this.#before === 'comma') expect('}');
    else
      this.#e.f.if(
        this.#atBrace,
        () => expect('{}'),
        () => expect('}'),
      );
  }
}

function readKey(e: JsonEmit, key: KeyShape, settings: ScanSettings, bad: Label): void {
  const { f, p } = e;
  const { slot, object } = key;
  if (slot === undefined) return skipValue(e, bad);
  if (slot.kind === 'leaf') return readLeaf(e, slot, settings, key.odd, bad);
  const read = (): void => {
    f.breakIf(bad, isNotByte(byteAt(p), '{'));
    writeValid(e, slot);
    readShape(e, slot, object!, settings, bad);
  };
  if (!slot.nullable) return read();
  nullOr(e, () => writeNull(e, slot), read);
}

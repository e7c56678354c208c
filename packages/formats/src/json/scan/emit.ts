/* What JSON scanners are written with, on top of what all scanners have. */

import { i32, type Expr, type FunctionRef, type Label, type ModuleBuilder } from '#wasm';
import { advance, byteAt, isByte, type Emit } from '../../scan/emit.ts';
import { toByte } from '../../scan/search.ts';
import type { Frame } from '../../scan/frame.ts';
import { addSkip, addSkipString, addSpace } from './skip.ts';
import { addUnescape } from './unescape.ts';

export interface JsonFunctions {
  /** (p, depth, end of the record) → behind the value, or 0 when it is malformed. */
  readonly skip: FunctionRef;
  /** (p) → behind white space. */
  readonly space: FunctionRef;
  /** (start of a string, end of the record) → (behind its quote or 0, where its text lies, how long it is). */
  readonly unescape: FunctionRef;
}

export interface JsonEmit extends Emit {
  readonly json: JsonFunctions;
  /** Escapes in strings that are read are undone; else they fail. */
  readonly escapes: boolean;
}

export function addJsonFunctions(m: ModuleBuilder, frame: Frame): JsonFunctions {
  const space = addSpace(m);
  return {
    space,
    skip: addSkip(m, space, addSkipString(m, frame.head)),
    unescape: addUnescape(m, frame),
  };
}

export const quote = 34;
const backslash = 92;
const nullWord = i32.const(0x6c6c756e);

export const isQuote = (e: Emit): Expr<'i32'> => isByte(byteAt(e.p), quote);

/** To the next quote or backslash, or somewhere behind the record. */
export function toQuote(e: Emit): void {
  toByte(e, [quote, backslash]);
}

/** Past null and `isNull`, or what `value` does. */
export function nullOr(e: Emit, isNull: () => void, value: () => void): void {
  e.f.if(
    i32.eq(i32.load(e.p), nullWord),
    () => {
      advance(e, 4);
      isNull();
    },
    value,
  );
}

/** Past a value that is not read. A string without escapes is skipped in place. */
export function skipValue(e: JsonEmit, bad: Label): void {
  const { f, p, a } = e;
  const whole = (from: Expr<'i32'>): void => {
    f.set(p, f.call(e.json.skip, 'i32', from, i32.const(0), e.end));
    f.breakIf(bad, i32.eqz(p));
  };
  f.if(
    isQuote(e),
    () => {
      f.set(a, p);
      advance(e, 1);
      toQuote(e);
      f.if(
        isQuote(e),
        () => advance(e, 1),
        () => whole(a),
      );
    },
    () =>
      nullOr(
        e,
        () => {},
        () => whole(p),
      ),
  );
}

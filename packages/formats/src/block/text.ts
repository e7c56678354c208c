/* Texts, copied 16 bytes at a time while looking for bytes that cannot stay as they are. A text function is
 * (start, length, to, room) → to, or 0 where it does not fit or is for the reference. */

import {
  i32,
  v128,
  wildCopy,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type Local,
  type ModuleBuilder,
} from '#wasm';

const zero = i32.const(0);
const one = i32.const(1);
const sixteen = i32.const(16);
export const splat = (byte: number): Expr<'v128'> => v128.const(new Uint8Array(16).fill(byte));
export const textSignature = { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] } as const;

/** The mask's bits for bytes in front of the text's end. */
export const within = (mask: Expr<'i32'>, left: Expr<'i32'>): Expr<'i32'> =>
  i32.and(mask, i32.sub(i32.shl(one, left), one));

/** Copies a text as it is. */
export function addCopy(m: ModuleBuilder): FunctionRef {
  return m.function(textSignature, (f) => {
    const [start, length, to] = [f.param(0, 'i32'), f.param(1, 'i32'), f.param(2, 'i32')];
    const end = f.let(i32.add(to, length));
    f.if(i32.gtS(end, f.param(3, 'i32')), () => f.return(zero));
    wildCopy(f, to, start, length);
    f.return(end);
  });
}

/** Copies a text of which no byte is `special`; from the first that is, the code of `escape` goes on. */
export function addEscapedCopy(
  m: ModuleBuilder,
  special: (vector: Expr<'v128'>) => Expr<'v128'>,
  escape: (f: FunctionBuilder, text: EscapeState) => void,
): FunctionRef {
  const slow = m.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const [start, p, end] = [f.param(0, 'i32'), f.param(1, 'i32'), f.param(2, 'i32')];
    escape(f, { start, p, end, to: f.param(3, 'i32'), room: f.param(4, 'i32') });
  });
  return m.function(textSignature, (f) => {
    const [start, to, room] = [f.param(0, 'i32'), f.param(2, 'i32'), f.param(3, 'i32')];
    const left = f.let(f.param(1, 'i32'));
    const p = f.let(start);
    const vector = f.local('v128');
    const mask = f.local('i32');
    f.if(i32.gtS(i32.add(to, left), room), () => f.return(zero));
    f.block((found) => {
      f.loop((again) => {
        f.set(vector, v128.load(p));
        f.storeV128(to, vector);
        f.set(mask, v128.bitmask8(special(vector)));
        f.if(i32.leU(left, sixteen), () => {
          f.set(mask, within(mask, left));
          f.breakIf(found, mask);
          f.return(i32.add(to, left));
        });
        f.breakIf(found, mask);
        for (const at of [p, to]) f.set(at, i32.add(at, sixteen));
        f.set(left, i32.sub(left, sixteen));
        f.break(again);
      });
    });
    const end = i32.add(p, left);
    const skip = i32.ctz(mask);
    f.return(f.call(slow, 'i32', start, i32.add(p, skip), end, i32.add(to, skip), room));
  });
}

/** A text being escaped: [start, p) is written, up to `to`. */
export interface EscapeState {
  readonly start: Local<'i32'>;
  readonly p: Local<'i32'>;
  readonly end: Local<'i32'>;
  readonly to: Local<'i32'>;
  readonly room: Local<'i32'>;
}

/** For each byte of the rest: `write` appends it, 6 bytes at most, and goes past it. Returns from the function. */
export function eachByte(f: FunctionBuilder, t: EscapeState, write: (byte: Local<'i32'>) => void): void {
  const c = f.local('i32');
  f.while(i32.ltU(t.p, t.end), () => {
    f.set(c, i32.load8U(t.p));
    f.if(i32.gtS(i32.add(t.to, i32.const(12)), t.room), () => f.return(zero));
    write(c);
  });
  f.return(t.to);
}

/** Appends a byte to a text. */
export function append(f: FunctionBuilder, t: EscapeState, byte: Expr<'i32'>): void {
  f.store8(t.to, byte);
  f.set(t.to, i32.add(t.to, one));
}
export const skip = (f: FunctionBuilder, t: EscapeState, bytes = 1): void =>
  f.set(t.p, i32.add(t.p, i32.const(bytes)));

/** (start, end) → UTF-16 units of the text, or -1 when its bytes are no UTF-8. */
export function addUnits(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i32', 'i32'], results: ['i32'] }, (f) => {
    const [p, end] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const [c, second, more, units] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const isByte = (byte: number): Expr<'i32'> => i32.eq(c, i32.const(byte));
    f.block((bad) => {
      f.while(i32.ltU(p, end), () => {
        f.set(c, i32.load8U(p));
        f.set(p, i32.add(p, one));
        f.set(units, i32.add(units, one));
        f.if(i32.geU(c, i32.const(0x80)), () => {
          f.breakIf(bad, i32.gtU(i32.sub(c, i32.const(0xc2)), i32.const(0xf4 - 0xc2)));
          f.set(more, i32.add(i32.add(one, i32.geU(c, i32.const(0xe0))), i32.geU(c, i32.const(0xf0))));
          f.breakIf(bad, i32.gtU(more, i32.sub(end, p)));
          f.set(second, i32.load8U(p));
          // No longer form than needed, no halves of pairs, nothing beyond U+10FFFF.
          const above = (bound: number): Expr<'i32'> => i32.geU(second, i32.const(bound));
          f.breakIf(bad, i32.and(isByte(0xe0), i32.eqz(above(0xa0))));
          f.breakIf(bad, i32.and(isByte(0xed), above(0xa0)));
          f.breakIf(bad, i32.and(isByte(0xf0), i32.eqz(above(0x90))));
          f.breakIf(bad, i32.and(isByte(0xf4), above(0x90)));
          f.set(units, i32.add(units, i32.eq(more, i32.const(3))));
          f.while(more, () => {
            f.breakIf(bad, i32.ne(i32.and(i32.load8U(p), i32.const(0xc0)), i32.const(0x80)));
            f.set(p, i32.add(p, one));
            f.set(more, i32.sub(more, one));
          });
        });
      });
      f.return(units);
    });
    f.return(i32.const(-1));
  });
}

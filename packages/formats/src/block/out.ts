/* What block encoders are written with: code that appends bytes at a cursor. Texts that follow each other are joined
 * when the code is made; stores may write up to `overshoot` bytes beyond the cursor, which later ones overwrite.
 *
 * Room is checked twice: before a row for everything in it that has a bound (`fixedBytes`), and at each text for its
 * own length. Whoever finds none leaves for `stop`, and the row is not written. */

import { expr, i32, i64, v128, type Expr, type FunctionBuilder, type Label, type Local } from '#wasm';
import type { BlockHelpers } from './helpers.ts';

/** Bytes behind the cursor that a store may write. */
export const overshoot = 16;

export class Out {
  readonly f: FunctionBuilder;
  readonly helpers: BlockHelpers;
  /** Where the next byte goes. */
  readonly to: Local<'i32'>;
  /** Index of the row in the block. */
  readonly row: Local<'i32'>;
  /** Where a text must end at the latest. */
  readonly room: Local<'i32'>;
  /** Leaves the row unwritten. */
  readonly stop: Label;
  /** Bytes that a row takes at most, beside its texts. */
  fixedBytes = 0;
  #pending: number[] = [];

  constructor(
    f: FunctionBuilder,
    helpers: BlockHelpers,
    locals: Pick<Out, 'to' | 'row' | 'room'>,
    stop: Label,
  ) {
    this.f = f;
    this.helpers = helpers;
    this.to = locals.to;
    this.row = locals.row;
    this.room = locals.room;
    this.stop = stop;
  }

  /** Appends these bytes. */
  bytes(bytes: Uint8Array | string): void {
    this.#pending.push(...(typeof bytes === 'string' ? Buffer.from(bytes) : bytes));
  }
  /** Writes what `bytes` has gathered. */
  flush(): void {
    const bytes = this.#pending;
    this.#pending = [];
    if (bytes.length === 0) return;
    this.fixedBytes += bytes.length;
    for (let at = 0; at < bytes.length; at += 16) this.#store(bytes.slice(at, at + 16), at);
    this.advance(bytes.length);
  }
  #store(bytes: readonly number[], offset: number): void {
    const { f, to } = this;
    const word = (count: number): bigint => {
      let value = 0n;
      for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
      return value;
    };
    if (bytes.length === 1) f.store8(to, i32.const(bytes[0]!), offset);
    else if (bytes.length <= 4) f.store(to, i32.const(Number(BigInt.asIntN(32, word(4)))), offset);
    else if (bytes.length <= 8) f.store(to, i64.const(word(8)), offset);
    else f.storeV128(to, v128.const(bytes), offset);
  }
  advance(by: number | Expr<'i32'>): void {
    this.f.set(this.to, i32.add(this.to, typeof by === 'number' ? i32.const(by) : by));
  }
  /** One way or the other; both go on from the same cursor. */
  choose(condition: Expr<'i32'>, then: () => void, otherwise: () => void): void {
    const before = this.#pending;
    const way = (body: () => void) => (): void => {
      this.#pending = [...before];
      body();
      this.flush();
    };
    this.f.if(condition, way(then), way(otherwise));
  }
  /** Sets the cursor to where a helper left it; it leaves 0 for a row that it does not write. `bytesMax`: what it
   *  writes without looking for room. */
  moveTo(cursor: Expr<'i32'>, bytesMax: number): void {
    this.fixedBytes += bytesMax;
    this.f.set(this.to, cursor);
    this.f.breakIf(this.stop, i32.eqz(this.to));
  }
  /** As `moveTo`, for helpers that write every row. */
  put(cursor: Expr<'i32'>, bytesMax: number): void {
    this.fixedBytes += bytesMax;
    this.f.set(this.to, cursor);
  }
}

/** The word at a fixed address. */
export const wordAt = (address: number): Expr<'i32'> => expr('i32', i32.load(i32.const(0), address).code);

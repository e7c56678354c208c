/* Writes one function statement by statement. Branches name their target: a label is given to the body of
 * the block or loop that it belongs to.
 *
 *   f.block((found) => {                        leaves the block
 *     f.loop((again) => {                       starts the loop anew
 *       f.breakIf(found, i32.eq(c, quote));
 *       f.set(p, i32.add(p, one));
 *       f.break(again);
 *     });
 *   }); */

import { assert } from '#base';
import {
  expr,
  flatten,
  sized,
  unsigned,
  valueTypeByte,
  type Code,
  type Expr,
  type Local,
  type ValueType,
} from './code.ts';

export interface Label {
  readonly depth: number;
}

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A function that others can call. */
export interface FunctionRef {
  readonly index: number;
  readonly signature: Signature;
}

const emptyBlock = 0x40;

export class FunctionBuilder implements FunctionRef {
  readonly index: number;
  readonly signature: Signature;
  readonly #locals: ValueType[] = [];
  #code: (number | Code)[] = [];
  #depth = 0;

  constructor(index: number, signature: Signature) {
    this.index = index;
    this.signature = signature;
  }

  /** Parameter `index`, which must be of `type`. */
  param<T extends ValueType>(index: number, type: T): Local<T> {
    assert(this.signature.params[index] === type, `parameter ${index} is of type ${type}`);
    return { index, ...expr(type, 0x20, unsigned(index)) };
  }
  /** A new variable, 0 at first. */
  local<T extends ValueType>(type: T): Local<T> {
    const index = this.signature.params.length + this.#locals.length;
    this.#locals.push(type);
    return { index, ...expr(type, 0x20, unsigned(index)) };
  }

  set<T extends ValueType>(local: Local<T>, value: Expr<T>): void {
    this.#code.push(value.code, 0x21, unsigned(local.index));
  }
  /** A new variable that starts as `value`. */
  let<T extends ValueType>(value: Expr<T>): Local<T> {
    const local = this.local(value.type);
    this.set(local, value);
    return local;
  }
  /** Sets a variable and is its new value: for a condition that computes. */
  tee<T extends ValueType>(local: Local<T>, value: Expr<T>): Expr<T> {
    return expr(local.type, value.code, 0x22, unsigned(local.index));
  }

  store8(address: Expr<'i32'>, value: Expr<'i32'>, offset = 0): void {
    this.#store(0x3a, address, value, offset);
  }
  store16(address: Expr<'i32'>, value: Expr<'i32'>, offset = 0): void {
    this.#store(0x3b, address, value, offset);
  }
  store(address: Expr<'i32'>, value: Expr<'i32' | 'i64' | 'f64'>, offset = 0): void {
    this.#store(value.type === 'i32' ? 0x36 : value.type === 'i64' ? 0x37 : 0x39, address, value, offset);
  }
  storeV128(address: Expr<'i32'>, value: Expr<'v128'>, offset = 0): void {
    this.#code.push(address.code, value.code, 0xfd, 0x0b, 0, unsigned(offset));
  }
  #store(op: number, address: Expr<'i32'>, value: Expr<ValueType>, offset: number): void {
    this.#code.push(address.code, value.code, op, 0, unsigned(offset));
  }
  /** Copies bytes; the ranges may overlap. */
  copy(to: Expr<'i32'>, from: Expr<'i32'>, length: Expr<'i32'>): void {
    this.#code.push(to.code, from.code, length.code, 0xfc, 0x0a, 0, 0);
  }
  fill(to: Expr<'i32'>, byte: Expr<'i32'>, length: Expr<'i32'>): void {
    this.#code.push(to.code, byte.code, length.code, 0xfc, 0x0b, 0);
  }

  #nested(open: Code, body: () => void): void {
    this.#code.push(open);
    this.#depth++;
    body();
    this.#depth--;
    this.#code.push(0x0b);
  }
  block(body: (exit: Label) => void): void {
    this.#nested([0x02, emptyBlock], () => body({ depth: this.#depth }));
  }
  loop(body: (again: Label) => void): void {
    this.#nested([0x03, emptyBlock], () => body({ depth: this.#depth }));
  }
  /** Repeats while the condition, evaluated before each round, is not 0. */
  while(condition: Expr<'i32'>, body: () => void): void {
    this.loop((again) => {
      this.if(condition, () => {
        body();
        this.break(again);
      });
    });
  }
  if(condition: Expr<'i32'>, then: () => void, otherwise?: () => void): void {
    this.#nested([condition.code, 0x04, emptyBlock], () => {
      then();
      if (otherwise === undefined) return;
      this.#code.push(0x05);
      otherwise();
    });
  }
  break(label: Label): void {
    this.#code.push(0x0c, unsigned(this.#depth - label.depth));
  }
  breakIf(label: Label, condition: Expr<'i32'>): void {
    this.#code.push(condition.code, 0x0d, unsigned(this.#depth - label.depth));
  }
  return(...values: readonly Expr<ValueType>[]): void {
    this.#code.push(...values.map((v) => v.code), 0x0f);
  }

  /** A call as an expression of the function's one result. */
  call<T extends ValueType>(callee: FunctionRef, type: T, ...args: readonly Expr<ValueType>[]): Expr<T> {
    const { results } = callee.signature;
    assert(results.length === 1 && results[0] === type, `a function whose result is of type ${type}`);
    return expr(type, this.#callCode(callee, args));
  }
  /** A call whose results go into variables, first result first. */
  callInto(
    locals: readonly Local<ValueType>[],
    callee: FunctionRef,
    ...args: readonly Expr<ValueType>[]
  ): void {
    const { results } = callee.signature;
    assert(results.length === locals.length, 'a variable for each result');
    locals.forEach((l, i) => assert(l.type === results[i], 'variables of the types of the results'));
    this.#code.push(this.#callCode(callee, args));
    for (const local of locals.toReversed()) this.#code.push(0x21, unsigned(local.index));
  }
  #callCode(callee: FunctionRef, args: readonly Expr<ValueType>[]): Code {
    const { params } = callee.signature;
    assert(args.length === params.length, 'an argument for each parameter');
    args.forEach((a, i) => assert(a.type === params[i], 'arguments of the types of the parameters'));
    return [...args.map((a) => a.code), 0x10, unsigned(callee.index)];
  }

  /** The function's body in bytecode. */
  finish(): number[] {
    assert(this.#depth === 0, 'every block is closed');
    const body: number[] = [...unsigned(this.#locals.length)];
    for (const type of this.#locals) body.push(1, valueTypeByte[type]);
    flatten(this.#code, body);
    // Every path returns before the end; what comes here cannot be reached.
    if (this.signature.results.length > 0) body.push(0x00);
    body.push(0x0b);
    return sized(body);
  }
}

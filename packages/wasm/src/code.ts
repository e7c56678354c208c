/* Pieces of WebAssembly code: typed expressions, and how numbers are written in bytecode. */

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

export const valueTypeByte: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Bytecode, as a tree: expressions are put together without copying. */
export type Code = readonly (number | Code)[];

/** Code that leaves one value of its type. Using an expression twice evaluates it twice. */
export interface Expr<T extends ValueType> {
  readonly type: T;
  readonly code: Code;
}

/** A local variable: reading it is an expression. */
export interface Local<T extends ValueType> extends Expr<T> {
  readonly index: number;
}

export const expr = <T extends ValueType>(type: T, ...code: Code): Expr<T> => ({ type, code });

export function flatten(code: Code, into: number[]): void {
  for (const part of code) {
    if (typeof part === 'number') into.push(part);
    else flatten(part, into);
  }
}

/** An unsigned number below 2^32. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  do {
    const byte = left % 128;
    left = Math.floor(left / 128);
    bytes.push(left === 0 ? byte : byte | 128);
  } while (left !== 0);
  return bytes;
}

/** A signed number of up to 64 bits. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  let left = value;
  for (;;) {
    const byte = Number(left & 127n);
    left >>= 7n;
    if ((left === 0n && (byte & 64) === 0) || (left === -1n && (byte & 64) !== 0)) {
      bytes.push(byte);
      return bytes;
    }
    bytes.push(byte | 128);
  }
}

/** A length and the bytes. */
export function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

/** Text as WebAssembly names are written. */
export const nameBytes = (text: string): number[] => sized([...new TextEncoder().encode(text)]);

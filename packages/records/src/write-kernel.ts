/* Writes records from messages in the thread's memory: what BatchWriter.add does, in WebAssembly. */

import {
  f64,
  i32,
  i64,
  ModuleBuilder,
  wildCopy,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type Local,
  type ThreadMemory,
} from '#wasm';

/** Addresses of arrays, by message, and of what the kernel answers. A start of -1 is no key, or no value. */
export interface MessageArrays {
  readonly keyStarts: number;
  readonly keyEnds: number;
  readonly valueStarts: number;
  readonly valueEnds: number;
  readonly timestamps: number;
  /** Which messages, in order. */
  readonly order: number;
  /** Where the records end: the last one's address. */
  readonly end: number;
}

/** (first, behind the last of `order`, records before them in the batch, its base timestamp, bytes that the batch may
 *  still take, the most of one record, address, limit) → the first of `order` that was not written. A record counts with
 *  its key, its value and `overheadMax`; a batch that has none yet takes one of any size. */
export type WriteKernel = (
  from: number,
  to: number,
  count: number,
  baseTimestamp: number,
  room: number,
  recordMax: number,
  at: number,
  limit: number,
) => number;

const one = i32.const(1);

export function writeKernel(memory: ThreadMemory, arrays: MessageArrays, overheadMax: number): WriteKernel {
  const m = new ModuleBuilder();
  const varint = addVarint(m);
  m.function(
    {
      params: ['i32', 'i32', 'i32', 'f64', 'i32', 'i32', 'i32', 'i32'],
      results: ['i32'],
      name: 'write',
    },
    (f) => {
      const [next, behind, count] = [f.param(0, 'i32'), f.param(1, 'i32'), f.param(2, 'i32')];
      const [to, limit] = [f.param(6, 'i32'), f.param(7, 'i32')];
      const first = f.let(to);
      const [row4, size, length] = [f.local('i32'), f.local('i32'), f.local('i32')];
      const delta = f.local('i64');
      const key = { start: f.local('i32'), length: f.local('i32') };
      const value = { start: f.local('i32'), length: f.local('i32') };
      const at4 = (array: number): Expr<'i32'> => i32.load(row4, array);
      const read = (part: typeof key, starts: number, ends: number): void => {
        f.set(part.start, at4(starts));
        f.set(part.length, i32.sub(at4(ends), part.start));
        f.if(i32.ltS(part.start, i32.const(0)), () => f.set(part.length, i32.const(-1)));
      };
      const bytesOf = (part: typeof key): Expr<'i32'> =>
        i32.and(part.length, i32.xor(i32.shrS(part.length, i32.const(31)), i32.const(-1)));
      f.block((full) => {
        f.while(i32.ltU(next, behind), () => {
          f.set(row4, i32.shl(i32.load(i32.shl(next, i32.const(2)), arrays.order), i32.const(2)));
          read(key, arrays.keyStarts, arrays.keyEnds);
          read(value, arrays.valueStarts, arrays.valueEnds);
          f.set(size, i32.add(i32.add(bytesOf(key), bytesOf(value)), i32.const(overheadMax)));
          f.breakIf(full, i32.gtS(size, f.param(5, 'i32')));
          const over = i32.gtS(i32.add(i32.sub(to, first), size), f.param(4, 'i32'));
          f.breakIf(full, i32.and(over, i32.ne(count, i32.const(0))));
          // Copies write up to 16 bytes beyond.
          f.breakIf(full, i32.gtS(i32.add(i32.add(to, size), i32.const(16)), limit));
          const time = f64.load(i32.shl(row4, one), arrays.timestamps);
          f.set(delta, zigzag(f, i64.truncF64S(f64.sub(time, f.param(3, 'f64')))));
          f.set(length, i32.add(sizeOf(delta), sizeOf(i64.extendI32U(i32.shl(count, one)))));
          for (const part of [key, value])
            f.set(length, i32.add(length, i32.add(bytesOf(part), sizeOf(lengthOf(f, part.length)))));
          // Attributes, and the number of headers.
          f.set(length, i32.add(length, i32.const(2)));
          const number = (n: Expr<'i64'>): void => f.set(to, f.call(varint, 'i32', n, to));
          number(i64.extendI32U(i32.shl(length, one)));
          f.store8(to, i32.const(0));
          f.set(to, i32.add(to, one));
          number(delta);
          number(i64.extendI32U(i32.shl(count, one)));
          for (const part of [key, value]) {
            number(lengthOf(f, part.length));
            f.if(i32.gtS(part.length, i32.const(0)), () => {
              wildCopy(f, to, part.start, part.length);
              f.set(to, i32.add(to, part.length));
            });
          }
          f.store8(to, i32.const(0));
          f.set(to, i32.add(to, one));
          f.set(count, i32.add(count, one));
          f.set(next, i32.add(next, one));
        });
      });
      f.store(i32.const(arrays.end), to);
      f.return(next);
    },
  );
  return memory.instantiate(m.finish())['write'] as WriteKernel;
}

/** Of a length, or of -1 for null. */
const lengthOf = (f: FunctionBuilder, length: Expr<'i32'>): Expr<'i64'> => zigzag(f, i64.extendI32S(length));

function zigzag(f: FunctionBuilder, number: Expr<'i64'>): Expr<'i64'> {
  const n = f.let(number);
  return i64.xor(i64.shl(n, i64.const(1n)), i64.shrS(n, i64.const(63n)));
}

/** Bytes of a number in groups of seven bits. */
function sizeOf(number: Expr<'i64'>): Expr<'i32'> {
  const bits = i64.sub(i64.const(63n + 7n), i64.clz(i64.or(number, i64.const(1n))));
  return i32.divU(i32.wrapI64(bits), i32.const(7));
}

/** (number, to) → to: seven bits a byte, the lowest first. */
function addVarint(m: ModuleBuilder): FunctionRef {
  return m.function({ params: ['i64', 'i32'], results: ['i32'] }, (f) => {
    const n: Local<'i64'> = f.param(0, 'i64');
    const to = f.param(1, 'i32');
    f.while(i64.geU(n, i64.const(128n)), () => {
      f.store8(to, i32.or(i32.wrapI64(n), i32.const(128)));
      f.set(to, i32.add(to, one));
      f.set(n, i64.shrU(n, i64.const(7n)));
    });
    f.store8(to, i32.wrapI64(n));
    f.return(i32.add(to, one));
  });
}

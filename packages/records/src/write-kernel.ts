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
const noHeaders = i32.const(0);

/** A key or a value: its length is -1 for null. */
interface Part {
  readonly start: Local<'i32'>;
  readonly length: Local<'i32'>;
  /** 0 for null. */
  readonly bytes: Local<'i32'>;
}

export function writeKernel(memory: ThreadMemory, arrays: MessageArrays, overheadMax: number): WriteKernel {
  const m = new ModuleBuilder();
  const varint = addVarint(m);
  const params = ['i32', 'i32', 'i32', 'f64', 'i32', 'i32', 'i32', 'i32'] as const;
  m.function({ params, results: ['i32'], name: 'write' }, (f) => {
    const [next, behind, count] = [f.param(0, 'i32'), f.param(1, 'i32'), f.param(2, 'i32')];
    const [to, limit] = [f.param(6, 'i32'), f.param(7, 'i32')];
    const first = f.let(to);
    const [row4, size] = [f.local('i32'), f.local('i32')];
    const part = (): Part => ({ start: f.local('i32'), length: f.local('i32'), bytes: f.local('i32') });
    const [key, value] = [part(), part()];
    f.block((full) => {
      f.while(i32.ltU(next, behind), () => {
        f.set(row4, i32.shl(i32.load(i32.shl(next, i32.const(2)), arrays.order), i32.const(2)));
        readPart(f, key, i32.load(row4, arrays.keyStarts), i32.load(row4, arrays.keyEnds));
        readPart(f, value, i32.load(row4, arrays.valueStarts), i32.load(row4, arrays.valueEnds));
        f.set(size, i32.add(i32.add(key.bytes, value.bytes), i32.const(overheadMax)));
        f.breakIf(full, i32.gtS(size, f.param(5, 'i32')));
        const over = i32.gtS(i32.add(i32.sub(to, first), size), f.param(4, 'i32'));
        f.breakIf(full, i32.and(over, i32.ne(count, i32.const(0))));
        // Copies write up to 16 bytes beyond.
        f.breakIf(full, i32.gtS(i32.add(i32.add(to, size), i32.const(16)), limit));
        const time = f64.load(i32.shl(row4, one), arrays.timestamps);
        const delta = i64.truncF64S(f64.sub(time, f.param(3, 'f64')));
        writeRecord(f, varint, to, { delta, count, key, value });
        f.set(count, i32.add(count, one));
        f.set(next, i32.add(next, one));
      });
    });
    f.store(i32.const(arrays.end), to);
    f.return(next);
  });
  return memory.instantiate(m.finish())['write'] as WriteKernel;
}

function readPart(f: FunctionBuilder, part: Part, start: Expr<'i32'>, end: Expr<'i32'>): void {
  f.set(part.start, start);
  f.set(part.length, i32.sub(end, part.start));
  f.set(part.bytes, part.length);
  f.if(i32.ltS(part.start, i32.const(0)), () => {
    f.set(part.length, i32.const(-1));
    f.set(part.bytes, i32.const(0));
  });
}

/** Appends a record: its length, attributes, time and offset in the batch, key, value, and no headers. */
function writeRecord(
  f: FunctionBuilder,
  varint: FunctionRef,
  to: Local<'i32'>,
  record: {
    readonly delta: Expr<'i64'>;
    readonly count: Local<'i32'>;
    readonly key: Part;
    readonly value: Part;
  },
): void {
  const parts = [record.key, record.value];
  const delta = zigzag(f, record.delta);
  const offset = f.let(i64.extendI32U(i32.shl(record.count, one)));
  const lengths = parts.map((p) => zigzag(f, i64.extendI32S(p.length)));
  const byte = (value: Expr<'i32'>): void => {
    f.store8(to, value);
    f.set(to, i32.add(to, one));
  };
  const number = (value: Expr<'i64'>): void => f.set(to, f.call(varint, 'i32', value, to));
  const sizes = [delta, offset, ...lengths].map(sizeOf);
  // Beside them attributes and the number of headers, a byte each.
  const length = [...sizes, ...parts.map((p) => p.bytes)].reduce((a, b) => i32.add(a, b), i32.const(2));
  number(i64.extendI32U(i32.shl(length, one)));
  byte(i32.const(0));
  number(delta);
  number(offset);
  parts.forEach((part, i) => {
    number(lengths[i]!);
    f.if(part.bytes, () => {
      wildCopy(f, to, part.start, part.bytes);
      f.set(to, i32.add(to, part.bytes));
    });
  });
  byte(noHeaders);
}

function zigzag(f: FunctionBuilder, number: Expr<'i64'>): Local<'i64'> {
  const n = f.let(number);
  return f.let(i64.xor(i64.shl(n, i64.const(1n)), i64.shrS(n, i64.const(63n))));
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

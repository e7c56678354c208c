/* Finds the records of a batch in the thread's memory: what record-index.ts does, in WebAssembly. */

import {
  f64,
  i32,
  i64,
  ModuleBuilder,
  type Expr,
  type FunctionBuilder,
  type Label,
  type Local,
  type ThreadMemory,
} from '#wasm';

/** Addresses of the arrays that the kernel fills. */
export interface IndexArrays {
  readonly offsets: number;
  readonly timestamps: number;
  readonly keyStarts: number;
  readonly keyEnds: number;
  readonly valueStarts: number;
  readonly valueEnds: number;
  readonly headers: number;
}

/** (start, end, count, base offset, base timestamp) → 1, or 0 when the records are corrupt. */
export type IndexKernel = (
  start: number,
  end: number,
  count: number,
  offset: number,
  timestamp: number,
) => number;

export function indexKernel(memory: ThreadMemory, arrays: IndexArrays): IndexKernel {
  const m = new ModuleBuilder();
  m.function({ params: ['i32', 'i32', 'i32', 'f64', 'f64'], results: ['i32'], name: 'index' }, (f) => {
    const p = f.param(0, 'i32');
    const end = f.param(1, 'i32');
    const count = f.param(2, 'i32');
    const record = f.local('i32');
    const recordEnd = f.local('i32');
    const number = f.local('i64');
    const scratch = { byte: f.local('i64'), shift: f.local('i64') };
    const at4 = f.local('i32');
    const at8 = f.local('i32');
    f.block((bad) => {
      const next = (): Expr<'i64'> => {
        readVarint(f, p, number, scratch, bad);
        return number;
      };
      /** A length, bytes of that length: -1 for null. */
      const bytes = (starts: number, ends: number): void => {
        next();
        f.if(
          i64.ltS(number, i64.const(0n)),
          () => f.store(at4, i32.const(-1), starts),
          () => {
            f.breakIf(bad, i64.gtS(number, i64.extendI32S(i32.sub(recordEnd, p))));
            f.store(at4, p, starts);
            f.set(p, i32.add(p, i32.wrapI64(number)));
          },
        );
        f.store(at4, p, ends);
      };
      f.while(i32.ltU(record, count), () => {
        f.set(at4, i32.shl(record, i32.const(2)));
        f.set(at8, i32.shl(record, i32.const(3)));
        next();
        f.breakIf(bad, i64.ltS(number, i64.const(0n)));
        f.breakIf(bad, i64.gtS(number, i64.extendI32S(i32.sub(end, p))));
        f.set(recordEnd, i32.add(p, i32.wrapI64(number)));
        f.set(p, i32.add(p, i32.const(1))); // attributes
        f.store(at8, f64.add(f.param(4, 'f64'), f64.convertI64S(next())), arrays.timestamps);
        f.store(at8, f64.add(f.param(3, 'f64'), f64.convertI64S(next())), arrays.offsets);
        bytes(arrays.keyStarts, arrays.keyEnds);
        bytes(arrays.valueStarts, arrays.valueEnds);
        f.breakIf(bad, i32.gtU(p, recordEnd));
        f.store(at4, p, arrays.headers);
        f.set(p, recordEnd);
        f.set(record, i32.add(record, i32.const(1)));
      });
      f.return(i32.const(1));
    });
    f.return(i32.const(0));
  });
  return memory.instantiate(m.finish())['index'] as IndexKernel;
}

/** A zigzag varint of up to 64 bits at `p`, into `number`. */
function readVarint(
  f: FunctionBuilder,
  p: Local<'i32'>,
  number: Local<'i64'>,
  scratch: { readonly byte: Local<'i64'>; readonly shift: Local<'i64'> },
  bad: Label,
): void {
  const { byte, shift } = scratch;
  const low = i64.and(byte, i64.const(127n));
  const read = (): void => {
    f.set(byte, i64.extendI32U(i32.load8U(p)));
    f.set(p, i32.add(p, i32.const(1)));
  };
  read();
  f.set(number, low);
  f.set(shift, i64.const(7n));
  f.while(i64.geU(byte, i64.const(128n)), () => {
    read();
    // The tenth byte has one bit left, and no other follows.
    f.breakIf(bad, i32.and(i64.eq(shift, i64.const(63n)), i64.gtU(byte, i64.const(1n))));
    f.set(number, i64.or(number, i64.shl(low, shift)));
    f.set(shift, i64.add(shift, i64.const(7n)));
  });
  f.set(
    number,
    i64.xor(i64.shrU(number, i64.const(1n)), i64.sub(i64.const(0n), i64.and(number, i64.const(1n)))),
  );
}

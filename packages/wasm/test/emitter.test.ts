/* The assembler: arithmetic, control flow, calls with several results, memory. */

import { describe, expect, test } from 'vitest';
import { f64, i32, i64, ModuleBuilder, select, threadMemory, v128 } from '#wasm';

const memory = threadMemory();

test('a loop with a branch and a call', () => {
  const m = new ModuleBuilder();
  const square = m.function({ params: ['i32'], results: ['i32'] }, (f) =>
    f.return(i32.mul(f.param(0, 'i32'), f.param(0, 'i32'))),
  );
  m.function({ params: ['i32'], results: ['i32'], name: 'sumOfOddSquares' }, (f) => {
    const [sum, i] = [f.local('i32'), f.local('i32')];
    f.block((exit) => {
      f.loop((again) => {
        f.breakIf(exit, i32.gtS(i, f.param(0, 'i32')));
        f.if(
          i32.and(i, i32.const(1)),
          () => f.set(sum, i32.add(sum, f.call(square, 'i32', i))),
          () => f.set(sum, i32.add(sum, i32.const(0))),
        );
        f.set(i, i32.add(i, i32.const(1)));
        f.break(again);
      });
    });
    f.return(sum);
  });
  expect(memory.instantiate(m.finish())['sumOfOddSquares']!(9)).toBe(1 + 9 + 25 + 49 + 81);
});

test('several results, wide constants, doubles', () => {
  const m = new ModuleBuilder();
  const pair = m.function({ params: ['i32'], results: ['i32', 'i64'] }, (f) =>
    f.return(i32.add(f.param(0, 'i32'), i32.const(-1000)), i64.const(-(2n ** 63n))),
  );
  m.function({ params: ['i32'], results: ['f64'], name: 'both' }, (f) => {
    const [a, b] = [f.local('i32'), f.local('i64')];
    f.callInto([a, b], pair, f.param(0, 'i32'));
    f.return(
      select(f64.add(f64.convertI32S(a), f64.convertI64S(b)), f64.const(0.5), i32.gtS(a, i32.const(0))),
    );
  });
  const { both } = memory.instantiate(m.finish());
  expect(both!(1001)).toBe(1 - 2 ** 63);
  expect(both!(10)).toBe(0.5);
});

test('vectors find a byte', () => {
  const m = new ModuleBuilder();
  m.function({ params: ['i32', 'i32'], results: ['i32'], name: 'indexOf' }, (f) => {
    const found = v128.bitmask8(v128.eq8(v128.load(f.param(0, 'i32')), v128.splat8(f.param(1, 'i32'))));
    f.return(i32.ctz(i32.or(found, i32.const(1 << 16))));
  });
  const region = memory.allocate(64)!;
  memory.bytes.set(Buffer.from('abcdefghijklmnop'), region.address);
  const { indexOf } = memory.instantiate(m.finish());
  expect([...'agpz'].map((c) => indexOf!(region.address, c.charCodeAt(0)))).toEqual([0, 6, 15, 16]);
  memory.free(region);
});

describe('regions', () => {
  test('are apart, come back, and end', () => {
    const [a, b, c] = [memory.allocate(100)!, memory.allocate(1 << 20)!, memory.allocate(1)!];
    const byPlace = [a, b, c].sort((x, y) => x.address - y.address);
    for (const [i, next] of byPlace.slice(1).entries())
      expect(byPlace[i]!.address + byPlace[i]!.bytes).toBeLessThanOrEqual(next.address);
    memory.free(b);
    // Many times what there may be, were it not given back.
    for (let i = 0; i < 4096; i++) {
      const again = memory.allocate(1 << 20);
      expect(again).toBeDefined();
      memory.free(again!);
    }
    memory.free(a);
    memory.free(c);
    expect(() => memory.free(a)).toThrow('given back once');
    expect(memory.allocate(2 ** 30)).toBeUndefined();
  });
});

/* Framing many records at once, in WebAssembly: a format writes the search, here is what is around it. */

import {
  i32,
  ModuleBuilder,
  v128,
  type Expr,
  type FunctionBuilder,
  type Local,
  type ThreadMemory,
} from '#wasm';
import type { BlockFraming, FramedBytes } from '../block-framing.ts';
import type { RecordPositions } from '../scanner.ts';
import { byteAt, isByte, step } from './emit.ts';
import { maskOf } from './search.ts';

const newline = 10;
const carriageReturn = 13;
const one = i32.const(1);

/** What a search is written over. */
export interface FramingEmit {
  readonly f: FunctionBuilder;
  /** Where the record at hand starts: moved on by `found`. */
  readonly record: Local<'i32'>;
  readonly end: Local<'i32'>;
  readonly final: Local<'i32'>;
  /** How many were found, and may be. */
  readonly count: Local<'i32'>;
  readonly max: Local<'i32'>;
  /** The record ends at `stop`, the next one starts at `next`. */
  found(stop: Local<'i32'>, next: Local<'i32'>): void;
}

/** `search` finds records until there are `max`, or none that is whole. */
export function newBlockFraming(memory: ThreadMemory, search: (e: FramingEmit) => void): BlockFraming {
  const m = new ModuleBuilder();
  addFind(m, search);
  addLines(m);
  const { find, lines } = memory.instantiate(m.finish());
  return {
    find: (positions: RecordPositions, at: number, bytes: FramedBytes, recordsMax: number) =>
      find!(
        positions.startsAddress + at * 4,
        positions.endsAddress + at * 4,
        bytes.start,
        bytes.end,
        bytes.final ? 1 : 0,
        recordsMax,
      ),
    lines: (start, end) => lines!(start, end),
  };
}

function addFind(m: ModuleBuilder, search: (e: FramingEmit) => void): void {
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  m.function({ params, results: ['i32'], name: 'find' }, (f) => {
    const [starts, ends] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const record = f.param(2, 'i32');
    const count = f.local('i32');
    search({
      f,
      record,
      end: f.param(3, 'i32'),
      final: f.param(4, 'i32'),
      count,
      max: f.param(5, 'i32'),
      found: (stop, next) => {
        f.store(starts, record);
        f.store(ends, stop);
        step(f, starts, 4);
        step(f, ends, 4);
        step(f, count);
        f.set(record, next);
      },
    });
    f.store(starts, record);
    f.return(count);
  });
}

/** (start, end) → line feeds. */
function addLines(m: ModuleBuilder): void {
  m.function({ params: ['i32', 'i32'], results: ['i32'], name: 'lines' }, (f) => {
    const [p, end] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const count = f.local('i32');
    f.while(i32.leU(i32.add(p, i32.const(16)), end), () => {
      step(f, count, i32.popcnt(maskOf(v128.load(p), [newline])));
      step(f, p, 16);
    });
    f.while(i32.ltU(p, end), () => {
      step(f, count, isByte(byteAt(p), newline));
      step(f, p);
    });
    f.return(count);
  });
}

/** Lines, as `LineFraming` finds them. */
export function newLineFraming(memory: ThreadMemory): BlockFraming {
  return newBlockFraming(memory, (e) => {
    const { f, record, end, count } = e;
    const base = f.let(record);
    const [mask, stop, next] = [f.local('i32'), f.local('i32'), f.local('i32')];
    const take = (): void => {
      const before = i32.sub(stop, one);
      f.if(i32.gtU(stop, record), () =>
        f.if(isByte(byteAt(before), carriageReturn), () => f.set(stop, before)),
      );
      e.found(stop, next);
    };
    f.block((done) => {
      f.loop((again) => {
        f.breakIf(done, i32.geU(count, e.max));
        f.if(i32.geU(base, end), () => {
          f.breakIf(done, i32.eqz(i32.and(e.final, i32.ltU(record, end))));
          f.set(stop, end);
          f.set(next, end);
          take();
          f.break(done);
        });
        f.set(mask, maskOf(v128.load(base), [newline]));
        f.loop((more) => {
          f.if(mask, () => {
            f.set(stop, i32.add(base, i32.ctz(mask)));
            f.if(i32.ltU(stop, end), () => {
              f.set(mask, i32.and(mask, i32.sub(mask, one)));
              f.set(next, i32.add(stop, one));
              take();
              f.breakIf(done, i32.geU(count, e.max));
              f.break(more);
            });
          });
        });
        step(f, base, 16);
        f.break(again);
      });
    });
  });
}

/** Past the line end at `stop`, \n, \r or \r\n, into `next`. */
export function afterLineEnd(
  f: FunctionBuilder,
  stop: Local<'i32'>,
  end: Local<'i32'>,
  next: Local<'i32'>,
): void {
  f.set(next, i32.add(stop, one));
  const feed = i32.and(i32.ltU(next, end), isByte(byteAt(next), newline));
  f.set(next, i32.add(next, i32.and(isByte(byteAt(stop), carriageReturn), feed)));
}

/** The last byte before `end` is a \r at `stop`: it may be the first half of \r\n, which only bytes to come can tell. */
export function isHalfLineEnd(stop: Local<'i32'>, end: Local<'i32'>): Expr<'i32'> {
  return i32.and(isByte(byteAt(stop), carriageReturn), i32.eq(i32.add(stop, one), end));
}

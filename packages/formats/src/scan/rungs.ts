/* The loop over records that every scanner is: the fused rung, and where it leaves, the generic one.
 *
 *   record ──▶ fused ── bad ──▶ generic ── 0 ──▶ stop: this record is for the reference */

import { i32, ModuleBuilder, type FunctionRef, type Label } from '#wasm';
import { addDay } from './day.ts';
import { addNearest } from './doubles.ts';
import { newEmit, type Emit, type SharedFunctions } from './emit.ts';
import { head, type Frame } from './frame.ts';
import { endRecord } from './record-end.ts';
import { addUtf8 } from './utf8.ts';

/** What a format brings: its grammar, as two pieces of code. */
export interface Rungs {
  /** Reads a record into the row, the cursor from the record's start to its end. */
  fused(e: Emit, bad: Label): void;
  /** Made by `addGeneric`. */
  readonly generic: FunctionRef;
}

/** A module that exports `scan`: (starts, ends, from, to, row) → how many records were read into rows from `row` on: all,
 *  or those before one that is for the reference. In front of a record there may be a prefix, which begins with a zero. */
export function scannerModule(
  frame: Frame,
  write: (m: ModuleBuilder, shared: SharedFunctions) => Rungs,
  prefixBytes = 0,
): Uint8Array<ArrayBuffer> {
  const m = new ModuleBuilder();
  const shared: SharedFunctions = {
    day: addDay(m),
    utf8: addUtf8(m),
    nearest: addNearest(m, frame.head + head.powers),
  };
  const rungs = write(m, shared);
  m.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'], name: 'scan' }, (f) => {
    const [starts, ends] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const record = f.param(2, 'i32');
    const to = f.param(3, 'i32');
    const row = f.param(4, 'i32');
    const first = f.let(record);
    const [start, end] = [f.local('i32'), f.local('i32')];
    const [fused, slow] = [f.local('i32'), f.local('i32')];
    const e = newEmit(f, shared, frame.head, { p: f.local('i32'), end, row });
    f.block((stop) => {
      f.loop((again) => {
        f.breakIf(stop, i32.geU(record, to));
        const at = i32.shl(record, i32.const(2));
        f.set(start, i32.load(i32.add(starts, at)));
        f.set(end, i32.load(i32.add(ends, at)));
        f.breakIf(stop, i32.ltS(start, i32.const(0)));
        if (prefixBytes > 0) {
          f.breakIf(stop, i32.ltS(i32.sub(end, start), i32.const(prefixBytes)));
          f.breakIf(stop, i32.load8U(start));
          f.set(start, i32.add(start, i32.const(prefixBytes)));
        }
        f.block((done) => {
          f.block((bad) => {
            f.set(e.p, start);
            rungs.fused(e, bad);
            f.breakIf(bad, i32.ne(e.p, end));
            endRecord(e, start, bad);
            f.set(fused, i32.add(fused, i32.const(1)));
            f.break(done);
          });
          f.breakIf(stop, i32.eqz(f.call(rungs.generic, 'i32', start, end, row)));
          f.set(slow, i32.add(slow, i32.const(1)));
        });
        f.set(record, i32.add(record, i32.const(1)));
        f.set(row, i32.add(row, i32.const(1)));
        f.break(again);
      });
    });
    const headAt = i32.const(frame.head);
    f.store(headAt, i32.add(i32.load(headAt, head.fused), fused), head.fused);
    f.store(headAt, i32.add(i32.load(headAt, head.generic), slow), head.generic);
    f.return(i32.sub(record, first));
  });
  return m.finish();
}

/** Adds (start, end, row) → 1 when `read` took the record into the row, the cursor from its start to its end. */
export function addGeneric(
  m: ModuleBuilder,
  frame: Frame,
  shared: SharedFunctions,
  read: (e: Emit, bad: Label) => void,
): FunctionRef {
  return m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const [start, end, row] = [f.param(0, 'i32'), f.param(1, 'i32'), f.param(2, 'i32')];
    const e = newEmit(f, shared, frame.head, { p: f.let(start), end, row });
    f.block((bad) => {
      read(e, bad);
      f.breakIf(bad, i32.ne(e.p, end));
      endRecord(e, start, bad);
      f.return(i32.const(1));
    });
    f.return(i32.const(0));
  });
}

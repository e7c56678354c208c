/* JSON records → columns, on a ladder of three rungs that give the same answer:
 *
 *   fused    the key order that the data shows, WebAssembly        ─┐ not this shape
 *   generic  any order, white space, nulls, escapes, WebAssembly   ◀┘ ─┐ anything unusual
 *   reference  decides what is malformed and why, TypeScript           ◀┘
 *
 * The records lie in the thread's memory; strings stay where they are and columns point at them. Counters
 * tell which rung rows took; when too many miss the first, its shape is learnt anew. */

import { ModuleBuilder, i32, type ThreadMemory } from '#wasm';
import type { Column, Field } from '#data';
import type { FormatOptions } from '../../format-options.ts';
import type { DecodeLoss } from '../../decoder.ts';
import type { RecordPositions, RungCounts, Scanner, ScannerSpec } from '../../scanner.ts';
import { JsonDecoder } from '../decoder.ts';
import { jsonDecodeSettings } from '../options.ts';
import { newEmit } from './emit.ts';
import { fitsFrame, Frame, head } from './frame.ts';
import { addGeneric, type ScanSettings } from './generic.ts';
import { addHelpers } from './helpers.ts';
import { readShape } from './fused.ts';
import { endRecord } from './record-end.ts';
import { declaredShape, isComplete, learn, type ObjectShape } from './shape.ts';

/** Records that a shape is learnt from at most. */
const lessonRecords = 64;
/** After this many rows the share of those that missed the fused scanner is looked at. */
const reviewRows = 20_000;
/** A new shape is tried when more than one row in this many missed, and not more often than `lessonsMax`
 *  times. */
const missesTolerated = 4;
const lessonsMax = 8;

type ScanFunction = (starts: number, ends: number, from: number, to: number, row: number) => number;

export class JsonScanner implements Scanner {
  readonly #memory: ThreadMemory;
  readonly #frame: Frame;
  readonly #settings: ScanSettings;
  readonly #reference: JsonDecoder;
  #shape: ObjectShape;
  #scan: ScanFunction | undefined;
  #lessons = 0;
  #reviewed: RungCounts = { fused: 0, generic: 0, reference: 0 };
  readonly counts: RungCounts = { fused: 0, generic: 0, reference: 0 };
  rows = 0;

  private constructor(memory: ThreadMemory, frame: Frame, fields: readonly Field[], options: FormatOptions) {
    const settings = jsonDecodeSettings(options);
    this.#memory = memory;
    this.#frame = frame;
    this.#settings = { style: settings.style, failOnMissing: settings.failOnMissing };
    this.#reference = new JsonDecoder(fields, options);
    this.#shape = declaredShape(frame.root);
  }

  /** Undefined when a field's type is not for scanners, or the memory has no room. */
  static create({ memory, fields, options, rowsMax }: ScannerSpec): JsonScanner | undefined {
    if (fields.length > 63 || !fields.every((f) => fitsFrame(f.type))) return undefined;
    const frame = Frame.create(memory, fields, rowsMax, jsonDecodeSettings(options).style);
    return frame && new JsonScanner(memory, frame, fields, options);
  }
  get skipsMalformed(): boolean {
    return this.#reference.skipsMalformed;
  }
  get onLoss(): ((loss: DecodeLoss) => void) | undefined {
    return this.#reference.onLoss;
  }
  set onLoss(callback: ((loss: DecodeLoss) => void) | undefined) {
    this.#reference.onLoss = callback;
  }
  release(): void {
    this.#frame.release();
  }

  begin(): void {
    this.#frame.reset();
    this.rows = 0;
  }
  get full(): boolean {
    return this.rows >= this.#frame.rowsMax;
  }
  columns(): Column[] {
    return this.#frame.columns(this.rows);
  }

  scan(positions: RecordPositions, from: number, to: number): number {
    this.#scan ??= this.#learn(positions, from, to);
    const limit = Math.min(to, from + this.#frame.rowsMax - this.rows);
    const { fusedRows, genericRows } = this.#frame;
    const taken = this.#scan(positions.startsAddress, positions.endsAddress, from, limit, this.rows);
    this.rows += taken;
    this.counts.fused += this.#frame.fusedRows - fusedRows;
    this.counts.generic += this.#frame.genericRows - genericRows;
    this.#review();
    return from + taken;
  }

  reference(positions: RecordPositions, record: number): boolean {
    const before = this.rows;
    let fits = true;
    const { bytes } = this.#memory;
    this.#reference.decode(bytes, positions.starts[record]!, positions.ends[record]!, (row) => {
      fits &&= !this.full && this.#frame.write(this.rows, row);
      if (fits) this.rows++;
    });
    if (!fits) this.rows = before;
    else this.counts.reference += this.rows - before;
    return fits;
  }

  /** Forgets the shape when the fused scanner misses too much; the next records teach a new one. */
  #review(): void {
    const { counts } = this;
    const fused = counts.fused - this.#reviewed.fused;
    const missed = counts.generic + counts.reference - this.#reviewed.generic - this.#reviewed.reference;
    if (fused + missed < reviewRows) return;
    this.#reviewed = { ...counts };
    if (missed * missesTolerated < fused + missed || this.#lessons >= lessonsMax) return;
    this.#shape = declaredShape(this.#frame.root);
    this.#scan = undefined;
  }

  #learn(positions: RecordPositions, from: number, to: number): ScanFunction {
    this.#lessons++;
    const { bytes } = this.#memory;
    for (let i = from; i < Math.min(to, from + lessonRecords) && !isComplete(this.#shape); i++) {
      if (positions.starts[i]! >= 0)
        learn(this.#shape, this.#frame.root, bytes, positions.starts[i]!, positions.ends[i]!);
    }
    const { scan } = this.#memory.instantiate(scannerModule(this.#frame, this.#shape, this.#settings));
    return scan as ScanFunction;
  }
}

/** (starts, ends, from, to, row) → how many records were read into rows from `row` on: all, or those
 *  before one that is for the reference. */
function scannerModule(frame: Frame, shape: ObjectShape, settings: ScanSettings): Uint8Array<ArrayBuffer> {
  const m = new ModuleBuilder();
  const helpers = addHelpers(m, frame);
  const generic = addGeneric(m, frame, helpers, settings);
  m.function({ params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'], name: 'scan' }, (f) => {
    const [starts, ends] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const record = f.param(2, 'i32');
    const to = f.param(3, 'i32');
    const row = f.param(4, 'i32');
    const first = f.let(record);
    const [start, end] = [f.local('i32'), f.local('i32')];
    const [fused, slow] = [f.local('i32'), f.local('i32')];
    const e = newEmit(f, helpers, frame.head, f.local('i32'), row, false);
    f.block((stop) => {
      f.loop((again) => {
        f.breakIf(stop, i32.geU(record, to));
        const at = i32.shl(record, i32.const(2));
        f.set(start, i32.load(i32.add(starts, at)));
        f.set(end, i32.load(i32.add(ends, at)));
        f.breakIf(stop, i32.ltS(start, i32.const(0)));
        f.block((done) => {
          f.block((bad) => {
            f.set(e.p, start);
            readShape(e, frame.root, shape, settings, bad);
            f.breakIf(bad, i32.ne(e.p, end));
            endRecord(e, start, end, bad);
            f.set(fused, i32.add(fused, i32.const(1)));
            f.break(done);
          });
          f.breakIf(stop, i32.eqz(f.call(generic, 'i32', start, end, row)));
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

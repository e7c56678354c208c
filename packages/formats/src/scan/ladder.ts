/* A scanner as a ladder of three rungs that give the same answer:
 *
 *   fused    what the data looks like as a rule, WebAssembly       ─┐ not this shape
 *   generic  everything that is common, WebAssembly                ◀┘ ─┐ anything unusual
 *   reference  decides what is malformed and why, TypeScript           ◀┘
 *
 * The records lie in the thread's memory; strings stay where they are and columns point at them. Counters tell which
 * rung rows took; when too many miss the first, a format that learns from its records is asked for a new one. */

import type { ThreadMemory } from '#wasm';
import type { Column } from '#data';
import type { DecodeLoss, Decoder } from '../decoder.ts';
import type { RecordPositions, RungCounts, Scanner } from '../scanner.ts';
import type { Frame } from './frame.ts';

/** After so many rows, and then after four times as many each time, the share of those that missed the fused rung is looked
 *  at. */
const reviewRowsFirst = 1000;
const reviewRowsMax = 64_000;
/** The module is written anew when more than one row in this many missed, and not more often than `lessonsMax`
 *  times. */
const missesTolerated = 20;
const lessonsMax = 8;

/** What a format brings. */
export interface ScannerFormat {
  readonly decoder: Decoder;
  /** Writes the module (`scannerModule`) for records of which [from, to) are the next. */
  write(positions: RecordPositions, from: number, to: number): Uint8Array<ArrayBuffer>;
  /** What `write` gives depends on the records that it is shown. */
  readonly learns: boolean;
}

type ScanFunction = (starts: number, ends: number, from: number, to: number, row: number) => number;

export class LadderScanner implements Scanner {
  readonly #memory: ThreadMemory;
  readonly #frame: Frame;
  readonly #format: ScannerFormat;
  #scan: ScanFunction | undefined;
  #lessons = 0;
  /** Since the last review. */
  #taken = 0;
  #missed = 0;
  #reviewRows = reviewRowsFirst;
  readonly counts: RungCounts = { fused: 0, generic: 0, reference: 0 };
  rows = 0;

  /** Takes over the frame. */
  constructor(memory: ThreadMemory, frame: Frame, format: ScannerFormat) {
    this.#memory = memory;
    this.#frame = frame;
    this.#format = format;
  }
  get skipsMalformed(): boolean {
    return this.#format.decoder.skipsMalformed;
  }
  get onLoss(): ((loss: DecodeLoss) => void) | undefined {
    return this.#format.decoder.onLoss;
  }
  set onLoss(callback: ((loss: DecodeLoss) => void) | undefined) {
    this.#format.decoder.onLoss = callback;
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
    this.#scan ??= this.#write(positions, from, to);
    const limit = Math.min(to, from + this.#frame.rowsMax - this.rows);
    const { fusedRows, genericRows } = this.#frame;
    const taken = this.#scan(positions.startsAddress, positions.endsAddress, from, limit, this.rows);
    this.rows += taken;
    this.counts.fused += this.#frame.fusedRows - fusedRows;
    this.counts.generic += this.#frame.genericRows - genericRows;
    this.#taken += taken;
    this.#missed += this.#frame.genericRows - genericRows;
    if (this.#format.learns && this.#taken >= this.#reviewRows) this.#review();
    return from + taken;
  }

  reference(positions: RecordPositions, record: number, ofFile = false): boolean {
    const before = this.rows;
    const { decoder } = this.#format;
    let fits = true;
    const emit: Parameters<Decoder['decode']>[3] = (row) => {
      fits &&= !this.full && this.#frame.write(this.rows, row);
      if (fits) this.rows++;
    };
    const start = positions.starts[record]!;
    const end = positions.ends[record]!;
    if (ofFile && start === end && decoder.decodeBlank !== undefined) decoder.decodeBlank(emit);
    else decoder.decode(this.#memory.bytes, start, end, emit);
    if (!fits) this.rows = before;
    this.counts.reference += this.rows - before;
    this.#taken += this.rows - before;
    this.#missed += this.rows - before;
    return fits;
  }

  /** Drops the module when the fused rung misses too much; the next records teach a new one. */
  #review(): void {
    const often = this.#missed * missesTolerated >= this.#taken;
    this.#taken = this.#missed = 0;
    this.#reviewRows = Math.min(reviewRowsMax, this.#reviewRows * 4);
    if (often && this.#lessons < lessonsMax) this.#scan = undefined;
  }
  #write(positions: RecordPositions, from: number, to: number): ScanFunction {
    this.#lessons++;
    const { scan } = this.#memory.instantiate(this.#format.write(positions, from, to));
    return scan as ScanFunction;
  }
}

/* A scanner for messages that a schema describes: one module a schema, written when the schema is known. What a module is not
 * sure of, the decoder decides.
 *
 *   id 7 │ … ──▶ module of 7        id 9 │ … ──▶ no module: the decoder asks for the schema */

import type { ThreadMemory } from '#wasm';
import type { Column } from '#data';
import type { ParsedSchema } from '#schemas';
import type { DecodeLoss, Decoder } from '../decoder.ts';
import type { RecordPositions, RungCounts, Scanner } from '../scanner.ts';
import type { Frame } from './frame.ts';

type ScanFunction = (starts: number, ends: number, from: number, to: number, row: number) => number;

/** What a format brings. */
export interface SchemaScan {
  readonly decoder: Decoder;
  /** As Decoder.learn, for formats with a registry: the decoder hears of it too. */
  learn?(id: number, schema: ParsedSchema | undefined): void;
  /** Which schema a message is of; undefined where it does not say. */
  keyOf(data: Uint8Array, start: number, end: number): number | undefined;
  /** Writes the module of a schema that was learnt, with `scannerModule`; undefined where there is none: then the decoder
   *  reads. A module leaves messages of other schemas alone. */
  write(key: number): Uint8Array<ArrayBuffer> | undefined;
  /** Gives back what its modules use. */
  release(): void;
}

const modulesMax = 100;

export class SchemaScanner implements Scanner {
  readonly #memory: ThreadMemory;
  readonly #frame: Frame;
  readonly #format: SchemaScan;
  /** Null where the decoder reads. */
  readonly #modules = new Map<number, ScanFunction | null>();
  readonly counts: RungCounts = { fused: 0, generic: 0, reference: 0 };
  rows = 0;

  /** Takes over the frame. */
  constructor(memory: ThreadMemory, frame: Frame, format: SchemaScan) {
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
  learn(id: number, schema: ParsedSchema | undefined): void {
    this.#format.decoder.learn?.(id, schema);
    this.#format.learn?.(id, schema);
    this.#modules.clear();
  }
  release(): void {
    this.#format.release();
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
    const limit = Math.min(to, from + this.#frame.rowsMax - this.rows);
    for (let at = from; at < limit; ) {
      const scan = this.#moduleOf(positions, at);
      const taken = scan?.(positions.startsAddress, positions.endsAddress, at, limit, this.rows) ?? 0;
      if (taken === 0) return at;
      this.rows += taken;
      this.counts.fused += taken;
      at += taken;
    }
    return limit;
  }
  #moduleOf({ starts, ends }: RecordPositions, record: number): ScanFunction | null {
    const start = starts[record]!;
    if (start < 0) return null;
    const key = this.#format.keyOf(this.#memory.bytes, start, ends[record]!);
    if (key === undefined) return null;
    let module = this.#modules.get(key);
    if (module !== undefined) return module;
    const code = this.#format.write(key);
    module = code === undefined ? null : (this.#memory.instantiate(code)['scan'] as ScanFunction);
    if (this.#modules.size >= modulesMax) this.#modules.clear();
    this.#modules.set(key, module);
    return module;
  }

  reference(positions: RecordPositions, record: number): boolean {
    const before = this.rows;
    let fits = true;
    this.#format.decoder.decode(
      this.#memory.bytes,
      positions.starts[record]!,
      positions.ends[record]!,
      (row) => {
        fits &&= !this.full && this.#frame.write(this.rows, row);
        if (fits) this.rows++;
      },
    );
    if (!fits) this.rows = before;
    this.counts.reference += this.rows - before;
    return fits;
  }
}

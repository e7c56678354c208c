/* JSON behind the id of its schema → columns: json's scanner, set behind the ids. A record without an id is for the
 * reference. */

import type { Column } from '#data';
import type { Region, ThreadMemory } from '#wasm';
import type { DecodeLoss } from '../decoder.ts';
import { createJsonScanner } from '../json/scan/scanner.ts';
import { headerBytes, readHeader } from '../registry/header.ts';
import type { RecordPositions, RungCounts, Scanner, ScannerSpec } from '../scanner.ts';

/** Records that are looked at together. */
const recordsMax = 4096;

export function createJsonRegistryScanner(spec: ScannerSpec, format: string): Scanner | undefined {
  const json = createJsonScanner(spec, format);
  const region = json && spec.memory.allocate(recordsMax * 8);
  if (json === undefined || region === undefined) {
    json?.release();
    return undefined;
  }
  return new JsonRegistryScanner(spec.memory, region, json, format);
}

class JsonRegistryScanner implements Scanner {
  readonly #memory: ThreadMemory;
  readonly #region: Region;
  readonly #json: Scanner;
  readonly #format: string;
  readonly #behind: RecordPositions & { readonly starts: Int32Array; readonly ends: Int32Array };

  constructor(memory: ThreadMemory, region: Region, json: Scanner, format: string) {
    this.#memory = memory;
    this.#region = region;
    this.#json = json;
    this.#format = format;
    const { buffer } = memory.memory;
    const endsAddress = region.address + recordsMax * 4;
    this.#behind = {
      starts: new Int32Array(buffer, region.address, recordsMax),
      ends: new Int32Array(buffer, endsAddress, recordsMax),
      startsAddress: region.address,
      endsAddress,
    };
  }
  get rows(): number {
    return this.#json.rows;
  }
  get full(): boolean {
    return this.#json.full;
  }
  get counts(): RungCounts {
    return this.#json.counts;
  }
  get skipsMalformed(): boolean {
    return this.#json.skipsMalformed;
  }
  get onLoss(): ((loss: DecodeLoss) => void) | undefined {
    return this.#json.onLoss;
  }
  set onLoss(callback: ((loss: DecodeLoss) => void) | undefined) {
    this.#json.onLoss = callback;
  }
  begin(): void {
    this.#json.begin();
  }
  columns(): Column[] {
    return this.#json.columns();
  }
  release(): void {
    this.#json.release();
    this.#memory.free(this.#region);
  }

  scan(positions: RecordPositions, from: number, to: number): number {
    for (let at = from; at < to; ) {
      const count = this.#shift(positions, at, Math.min(to, at + recordsMax));
      const taken = count === 0 ? 0 : this.#json.scan(this.#behind, 0, count);
      at += taken;
      if (taken < count || count === 0) return at;
    }
    return to;
  }
  /** Of records from `from` on: how many have an id in front, one behind the other. A record that is null has none. */
  #shift({ starts, ends }: RecordPositions, from: number, to: number): number {
    const { bytes } = this.#memory;
    let count = 0;
    for (let record = from; record < to; record++) {
      const start = starts[record]!;
      if (start < 0 || ends[record]! - start < headerBytes || bytes[start] !== 0) break;
      this.#behind.starts[count] = start + headerBytes;
      this.#behind.ends[count++] = ends[record]!;
    }
    return count;
  }
  reference(positions: RecordPositions, record: number, ofFile?: boolean): boolean {
    const start = positions.starts[record]!;
    const end = positions.ends[record]!;
    readHeader(this.#format, this.#memory.bytes, start, end);
    this.#behind.starts[0] = start + headerBytes;
    this.#behind.ends[0] = end;
    return this.#json.reference(this.#behind, 0, ofFile);
  }
}

/* Avro records → columns: what the avro formats bring to their scanner. */

import type { Field } from '#data';
import { AvroSchema, type AvroType, type ParsedSchema } from '#schemas';
import { i32, type Region, type ThreadMemory } from '#wasm';
import type { Decoder } from '../../decoder.ts';
import { headerBytes } from '../../registry/header.ts';
import { addVarint } from '../../scan/binary.ts';
import { expectBytes } from '../../scan/emit.ts';
import { Frame } from '../../scan/frame.ts';
import { scannerModule } from '../../scan/rungs.ts';
import { SchemaScanner, type SchemaScan } from '../../scan/schema-scanner.ts';
import { fitsFrame } from '../../scan/slots.ts';
import type { Scanner, ScannerSpec } from '../../scanner.ts';
import { hasDefaults, planRows, type AvroRecordPlan } from '../read-plan.ts';
import { readRecord, symbolsOf, type SymbolPlaces } from './read.ts';

/** Undefined when a field's type is not for scanners, or the memory has no room. `writer`: of all messages; without, each names
 *  its schema by an id, which `decoder` learns. `reader`: see planRows. */
export function createAvroScanner(
  { memory, fields, rowsMax }: ScannerSpec,
  decoder: Decoder,
  { writer, reader }: { readonly writer?: AvroType; readonly reader?: AvroType | undefined } = {},
): Scanner | undefined {
  if (!fields.every((f) => fitsFrame(f.type))) return undefined;
  const frame = Frame.create(memory, fields, rowsMax, 'SQL');
  return (
    frame &&
    new SchemaScanner(memory, frame, new AvroScan(memory, frame, { fields, decoder, writer, reader }))
  );
}

class AvroScan implements SchemaScan {
  readonly decoder: Decoder;
  readonly #memory: ThreadMemory;
  readonly #frame: Frame;
  readonly #fields: readonly Field[];
  readonly #reader: AvroType | undefined;
  readonly #writers = new Map<number, AvroType>();
  readonly #hasIds: boolean;
  readonly #regions: Region[] = [];

  constructor(
    memory: ThreadMemory,
    frame: Frame,
    {
      fields,
      decoder,
      writer,
      reader,
    }: {
      readonly fields: readonly Field[];
      readonly decoder: Decoder;
      readonly writer: AvroType | undefined;
      readonly reader: AvroType | undefined;
    },
  ) {
    this.#memory = memory;
    this.#frame = frame;
    this.#fields = fields;
    this.#reader = reader;
    this.#hasIds = writer === undefined;
    if (writer !== undefined) this.#writers.set(0, writer);
    this.decoder = decoder;
  }
  learn(id: number, schema: ParsedSchema | undefined): void {
    if (schema instanceof AvroSchema) this.#writers.set(id, schema.root);
    else this.#writers.delete(id);
  }
  release(): void {
    for (const region of this.#regions.splice(0)) this.#memory.free(region);
  }

  keyOf(data: Uint8Array, start: number, end: number): number | undefined {
    if (!this.#hasIds) return 0;
    if (end - start < headerBytes || data[start] !== 0) return undefined;
    return (data[start + 1]! << 24) | (data[start + 2]! << 16) | (data[start + 3]! << 8) | data[start + 4]!;
  }
  write(key: number): Uint8Array<ArrayBuffer> | undefined {
    const writer = this.#writers.get(key);
    const plan = writer && planRows(writer, this.#fields, this.#reader);
    // What the data lacks is not written by the scan: the decoder does.
    if (plan?.kind !== 'record' || hasDefaults(plan)) return undefined;
    const symbols = this.#placed(plan);
    if (symbols === undefined) return undefined;
    const head = Buffer.alloc(headerBytes);
    head.writeInt32BE(key, 1);
    return scannerModule(this.#frame, (m, shared) => {
      const varint = addVarint(m);
      return {
        generic: m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'] }, (f) =>
          f.return(i32.const(0)),
        ),
        fused: (e, bad) => {
          if (this.#hasIds) {
            e.f.breakIf(bad, i32.ltU(i32.sub(e.end, e.p), i32.const(headerBytes)));
            expectBytes(e, head, bad);
          }
          readRecord({ ...e, shared, varint, symbols }, plan, this.#frame.root, bad);
        },
      };
    });
  }
  /** Puts the texts of enums into the memory; undefined where there is no room. */
  #placed(plan: AvroRecordPlan): SymbolPlaces | undefined {
    const places = new Map<readonly string[], number>();
    for (const symbols of new Set(symbolsOf(plan))) {
      const texts = symbols.map((symbol) => Buffer.from(symbol));
      const bytes = texts.reduce((sum, text) => sum + text.length, symbols.length * 8);
      const region = this.#memory.allocate(bytes);
      if (region === undefined) return undefined;
      this.#regions.push(region);
      const list = new Int32Array(this.#memory.memory.buffer, region.address, symbols.length * 2);
      let at = region.address + symbols.length * 8;
      for (const [i, text] of texts.entries()) {
        list[i * 2] = at;
        list[i * 2 + 1] = text.length;
        this.#memory.bytes.set(text, at);
        at += text.length;
      }
      places.set(symbols, region.address);
    }
    return places;
  }
}

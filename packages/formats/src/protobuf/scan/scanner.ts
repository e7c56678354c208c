/* Protobuf messages → columns: what the protobuf formats bring to their scanner. */

import type { Field } from '#data';
import { messageAt, ProtoSchema, readMessageIndexes, writeMessageIndexes, type ParsedSchema } from '#schemas';
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
import { MessageTypes, type EnumValues, type MessageType } from '../message-type.ts';
import { PlanRefusal, planMessage, type ProtoMessagePlan } from '../read-plan.ts';
import { enumNumberMax, enumsOf, isScanned, readMessage } from './read.ts';

interface Written {
  readonly message: MessageType;
  /** What stands in front of the message. */
  readonly head: Uint8Array;
}

/** Undefined when a field's type is not for scanners, or the memory has no room. `message`: of all records; without, each names
 *  its schema by an id, which `decoder` learns, and its place in it; `toRead` says as what a message of theirs is read. */
export function createProtoScanner(
  { memory, fields, rowsMax, options }: ScannerSpec,
  decoder: Decoder,
  { message, toRead = (written) => written }: Partial<Pick<ScanParts, 'message' | 'toRead'>>,
): Scanner | undefined {
  if (!fields.every((f) => fitsFrame(f.type))) return undefined;
  const frame = Frame.create(memory, fields, rowsMax, 'SQL');
  const defaults = options.boolean('read-default-values');
  return (
    frame &&
    new SchemaScanner(
      memory,
      frame,
      new ProtoScan(memory, frame, { fields, defaults, decoder, message, toRead }),
    )
  );
}

interface ScanParts {
  readonly fields: readonly Field[];
  readonly defaults: boolean;
  readonly decoder: Decoder;
  readonly message: MessageType | undefined;
  readonly toRead: (written: MessageType) => MessageType;
}

class ProtoScan implements SchemaScan {
  readonly decoder: Decoder;
  readonly #memory: ThreadMemory;
  readonly #frame: Frame;
  readonly #parts: ScanParts;
  readonly #schemas = new Map<number, ProtoSchema>();
  /** By key: each place in a schema is one of its own. */
  readonly #written: (Written | undefined)[] = [];
  readonly #keys = new Map<string, number>();
  readonly #regions: Region[] = [];

  constructor(memory: ThreadMemory, frame: Frame, parts: ScanParts) {
    this.#memory = memory;
    this.#frame = frame;
    this.#parts = parts;
    this.decoder = parts.decoder;
    if (parts.message !== undefined) this.#written.push({ message: parts.message, head: new Uint8Array(0) });
  }
  learn(id: number, schema: ParsedSchema | undefined): void {
    if (schema instanceof ProtoSchema) this.#schemas.set(id, schema);
    this.#keys.clear();
    this.#written.length = 0;
  }
  release(): void {
    for (const region of this.#regions.splice(0)) this.#memory.free(region);
  }

  keyOf(data: Uint8Array, start: number, end: number): number | undefined {
    if (this.#parts.message !== undefined) return 0;
    if (end - start <= headerBytes || data[start] !== 0) return undefined;
    const id =
      (data[start + 1]! << 24) | (data[start + 2]! << 16) | (data[start + 3]! << 8) | data[start + 4]!;
    const schema = this.#schemas.get(id);
    const place = schema && readMessageIndexes(data.subarray(0, end), start + headerBytes);
    if (schema === undefined || place === undefined) return undefined;
    const name = `${id} ${place.indexes.join('.')}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = this.#written.length;
    this.#keys.set(name, key);
    const found = messageAt(schema.file, place.indexes);
    const message = found && new MessageTypes(schema.types).named(found.fullName);
    const head = Buffer.alloc(headerBytes);
    head.writeInt32BE(id, 1);
    this.#written.push(
      message && {
        message: this.#parts.toRead(message),
        head: Buffer.concat([head, writeMessageIndexes(place.indexes)]),
      },
    );
    return key;
  }
  write(key: number): Uint8Array<ArrayBuffer> | undefined {
    const written = this.#written[key];
    const plan = written && this.#plan(written.message);
    const names = plan && this.#placed(plan);
    if (written === undefined || plan === undefined || names === undefined) return undefined;
    const { head, message } = written;
    return scannerModule(this.#frame, (m, shared) => {
      const varint = addVarint(m);
      return {
        generic: m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'] }, (f) =>
          f.return(i32.const(0)),
        ),
        fused: (e, bad) => {
          e.f.breakIf(bad, i32.ltU(i32.sub(e.end, e.p), i32.const(head.length)));
          expectBytes(e, head, bad);
          readMessage({ ...e, shared, varint, names }, message, plan, this.#frame.root, bad);
        },
      };
    });
  }
  #plan(message: MessageType): ProtoMessagePlan | undefined {
    const { fields, defaults, message: only } = this.#parts;
    try {
      const plan = planMessage(message, fields, { defaults, mayLack: only === undefined });
      return isScanned(plan) ? plan : undefined;
    } catch (error) {
      if (error instanceof PlanRefusal) return undefined;
      throw error;
    }
  }
  /** Puts the names of enums into the memory; undefined where there is no room. */
  #placed(plan: ProtoMessagePlan): ReadonlyMap<EnumValues, number> | undefined {
    const places = new Map<EnumValues, number>();
    for (const values of new Set(enumsOf(plan))) {
      const names = [...values.names].filter(([number]) => number >= 0 && number <= enumNumberMax);
      const table = (enumNumberMax + 1) * 8;
      const bytes = names.reduce((sum, [, name]) => sum + Buffer.byteLength(name), table);
      const region = this.#memory.allocate(bytes);
      if (region === undefined) return undefined;
      this.#regions.push(region);
      const list = new Int32Array(this.#memory.memory.buffer, region.address, table / 4).fill(0);
      let at = region.address + table;
      for (const [number, name] of names) {
        const text = Buffer.from(name);
        list[number * 2] = at;
        list[number * 2 + 1] = text.length;
        this.#memory.bytes.set(text, at);
        at += text.length;
      }
      places.set(values, region.address);
    }
    return places;
  }
}

/* Messages through a scanner, what it leaves through its reference: the rows, and how many took the fast way. */

import { parseOptions } from '#catalog';
import { readValue, type Field, type Row } from '#data';
import { findFormat, FormatOptions, formatSpecs, type RecordPositions, type Scanner } from '#formats';
import type { AvroType } from '#schemas';
import { threadMemory } from '#wasm';
import { AvroDecoder } from '../src/avro/decoder.ts';
import { createAvroScanner } from '../src/avro/scan/scanner.ts';
import { ProtoDecoder } from '../src/protobuf/decoder.ts';
import type { MessageType } from '../src/protobuf/message-type.ts';
import { createProtoScanner } from '../src/protobuf/scan/scanner.ts';

function specOf(format: string, fields: readonly Field[]) {
  const specs = formatSpecs(findFormat(format), '').map((spec) => ({ ...spec, required: false }));
  const options = new FormatOptions(parseOptions({ owner: 'test', specs }, []), '');
  return { memory: threadMemory(), fields, record: fields, options, rowsMax: 64 };
}
export const avroScanner = (writer: AvroType, fields: readonly Field[]): Scanner =>
  createAvroScanner(specOf('avro', fields), new AvroDecoder(writer, fields), { writer })!;
export const protoScanner = (message: MessageType, fields: readonly Field[]): Scanner => {
  const settings = { format: 'protobuf', skipsMalformed: false, defaults: false };
  return createProtoScanner(specOf('protobuf', fields), new ProtoDecoder(message, fields, settings), {
    message,
  })!;
};

export interface Scanned {
  /** Undefined for a row that fits no frame. */
  readonly rows: (Row | undefined)[];
  readonly fused: number;
}

/** Closes the scanner. */
export function scanAll(scanner: Scanner, messages: readonly Buffer[], fields: readonly Field[]): Scanned {
  const memory = threadMemory();
  const region = memory.allocate(messages.reduce((sum, m) => sum + m.length, 64))!;
  const lists = memory.allocate((messages.length + 1) * 8)!;
  const { buffer } = memory.memory;
  const endsAddress = lists.address + (messages.length + 1) * 4;
  const starts = new Int32Array(buffer, lists.address, messages.length + 1);
  const ends = new Int32Array(buffer, endsAddress, messages.length + 1);
  let at = region.address;
  for (const [i, message] of messages.entries()) {
    memory.bytes.set(message, at);
    starts[i] = at;
    ends[i] = at += message.length;
  }
  const positions: RecordPositions = { starts, ends, startsAddress: lists.address, endsAddress };
  const rows: (Row | undefined)[] = [];
  scanner.begin();
  const take = (): void => {
    const columns = scanner.columns();
    for (let row = 0; row < scanner.rows; row++)
      rows.push(fields.map((f, i) => readValue(columns[i]!, f.type, row)));
    scanner.begin();
  };
  for (let record = 0; record < messages.length; record++) {
    record = scanner.scan(positions, record, messages.length);
    if (record === messages.length) break;
    if (scanner.full) {
      take();
      record--;
    } else if (!scanner.reference(positions, record)) {
      take();
      rows.push(undefined);
    }
  }
  take();
  const { fused } = scanner.counts;
  scanner.release();
  memory.free(region);
  memory.free(lists);
  return { rows, fused };
}

/** One message through a scanner, into the same memory each time: its row, or undefined where the scanner leaves it. */
export function fastRow(scanner: Scanner, message: Uint8Array, fields: readonly Field[]): Row | undefined {
  const memory = threadMemory();
  const region = memory.allocate(message.length + 64 + 16)!;
  const [starts, ends] = [0, 4].map((at) => new Int32Array(memory.memory.buffer, region.address + at, 1)) as [
    Int32Array,
    Int32Array,
  ];
  starts[0] = region.address + 16;
  ends[0] = starts[0] + message.length;
  memory.bytes.set(message, starts[0]);
  // What lies behind a message means nothing.
  memory.bytes.fill(2, ends[0], ends[0] + 64);
  scanner.begin();
  const positions = { starts, ends, startsAddress: region.address, endsAddress: region.address + 4 };
  const taken = scanner.scan(positions, 0, 1);
  const columns = scanner.columns();
  const row = taken === 1 ? fields.map((f, i) => readValue(columns[i]!, f.type, 0)) : undefined;
  memory.free(region);
  return row;
}

/* The protobuf format: what a table says of its message, what is malformed, and what is not there. */

import { describe, expect, test } from 'vitest';
import { ByteWriter, Rng } from '#base';
import { parseOptions } from '#catalog';
import { BatchBuilder, notNull, types, type LogicalType, type Row } from '#data';
import { ProtoSchema } from '#schemas';
import { findFormat, FormatOptions, formatSpecs } from '#formats';
import { ProtoDecoder } from '../src/protobuf/decoder.ts';
import { MessageTypes } from '../src/protobuf/message-type.ts';
import { rowsOfMessage } from '../src/protobuf/rows-of-message.ts';
import { MalformedRecord } from '../src/malformed.ts';
import { fitsFrame } from '../src/scan/slots.ts';
import { fastRow, protoScanner } from './scan-messages.ts';
import { RandomProtoRows } from './random-proto-rows.ts';

const format = findFormat('protobuf');
function optionsOf(file: string, more: Readonly<Record<string, string>> = {}): FormatOptions {
  const raw = { 'schema-file': 'shop/t.proto', 'message-class-name': 'T', ...more };
  const specs = formatSpecs(format, 'protobuf.');
  const options = Object.entries(raw).map(([key, value]) => ({ key: `protobuf.${key}`, value }));
  const files: Readonly<Record<string, string>> = {
    'shop/t.proto': file,
    'common/money.proto': 'syntax = "proto3"; package common; message Money { int64 cents = 1; }',
  };
  return new FormatOptions(
    parseOptions({ owner: 'test', specs }, options),
    'protobuf.',
    (path) => files[path],
  );
}
const fieldsOf = (columns: Readonly<Record<string, LogicalType>>) =>
  Object.entries(columns).map(([name, type]) => ({ name, type }));
function read(
  file: string,
  columns: Readonly<Record<string, LogicalType>>,
  bytes: readonly number[],
  more: Readonly<Record<string, string>> = {},
): Row {
  const rows: Row[] = [];
  const data = Uint8Array.from(bytes);
  format.decoder!(fieldsOf(columns), optionsOf(file, more)).decode(data, 0, data.length, (row) =>
    rows.push(row),
  );
  return rows[0]!;
}
function write(
  file: string,
  columns: Readonly<Record<string, LogicalType>>,
  row: Row,
  more: Readonly<Record<string, string>> = {},
): number[] {
  const fields = fieldsOf(columns);
  const builder = new BatchBuilder(fields.map((f) => f.type));
  builder.appendRow(row);
  const to = new ByteWriter();
  format.encoder!(fields, optionsOf(file, more)).encode(builder.build().columns, 0, 0, to);
  return [...to.finish()];
}
const proto2 = (body: string): string => `syntax = "proto2"; message T { ${body} }`;
const proto3 = (body: string): string => `syntax = "proto3"; message T { ${body} }`;

describe('the message of a table', () => {
  const file =
    'syntax = "proto3"; package shop; message T { message U { int32 y = 1; } int32 x = 1; } message V { int32 z = 1; }';
  test.each([
    ['T', 'x'],
    ['shop.T', 'x'],
    ['com.example.ShopProtos$T', 'x'],
    ['com.example.T$U', 'y'],
    ['shop.V', 'z'],
  ])('%s', (name, column) => {
    expect(read(file, { [column]: types.INT }, [8, 5], { 'message-class-name': name })).toEqual([5]);
  });
  test('errors name the option', () => {
    expect(() => read(file, {}, [], { 'message-class-name': 'W' })).toThrow(
      "option 'protobuf.message-class-name': no message 'W'",
    );
    expect(() => read(file, {}, [], { 'schema-file': 'nowhere.proto' })).toThrow(
      "cannot read 'nowhere.proto'",
    );
    expect(() => read('message T {', {}, [])).toThrow("option 'protobuf.schema-file': 'shop/t.proto'");
  });
  test('a column that the message does not have, or of another type', () => {
    expect(() => read(file, { y: types.INT }, [])).toThrow(
      "column 'y': the message 'shop.T' has no such field",
    );
    expect(() => read(file, { x: types.STRING }, [])).toThrow(
      "column 'x': its field is int32, which is no STRING",
    );
  });
  test('imports lie beside the file or above', () => {
    const imports = 'syntax = "proto3"; import "common/money.proto"; message T { common.Money m = 1; }';
    expect(read(imports, { m: types.row([{ name: 'cents', type: types.BIGINT }]) }, [10, 2, 8, 7])).toEqual([
      [7n],
    ]);
  });
});

describe('what is not there', () => {
  test('is NULL where the message can tell, else the default', () => {
    expect(read(proto2('optional int32 x = 1 [default = 7];'), { x: types.INT }, [])).toEqual([null]);
    expect(read(proto3('int32 x = 1;'), { x: types.INT }, [])).toEqual([0]);
    expect(read(proto3('optional int32 x = 1;'), { x: types.INT }, [])).toEqual([null]);
    expect(read(proto3('oneof o { int32 x = 1; }'), { x: types.INT }, [])).toEqual([null]);
    expect(read(proto3('repeated int32 x = 1;'), { x: types.array(types.INT) }, [])).toEqual([null]);
  });
  test('is the default of the file where the table asks for it, or the column is NOT NULL', () => {
    const file = proto2('optional int32 x = 1 [default = 7]; repeated int32 y = 2;');
    const columns = { x: types.INT, y: types.array(types.INT) };
    expect(read(file, columns, [], { 'read-default-values': 'true' })).toEqual([7, []]);
    expect(read(file, { x: notNull(types.INT) }, [])).toEqual([7]);
  });
  test('is an error where the field is required', () => {
    expect(() => read(proto2('required int32 x = 1;'), { x: types.INT }, [])).toThrow(
      "the required field 'x' is missing",
    );
  });
});

describe('on the wire', () => {
  test('of a field that comes twice the last counts, messages are merged, lists go on', () => {
    expect(read(proto3('int32 x = 1;'), { x: types.INT }, [8, 1, 8, 2])).toEqual([2]);
    const nested = proto3('message U { int32 a = 1; int32 b = 2; } U u = 1;');
    const u = types.row([
      { name: 'a', type: types.INT },
      { name: 'b', type: types.INT },
    ]);
    expect(read(nested, { u }, [10, 2, 8, 1, 10, 2, 16, 2])).toEqual([[1, 2]]);
    // Packed, then not, then packed.
    const list = proto3('repeated int32 x = 1;');
    expect(read(list, { x: types.array(types.INT) }, [10, 2, 1, 2, 8, 3, 10, 1, 4])).toEqual([[1, 2, 3, 4]]);
  });
  test('unknown fields, also groups and those of another wire type, are passed over', () => {
    expect(read(proto3('int32 x = 1;'), { x: types.INT }, [83, 91, 92, 84, 13, 0, 0, 0, 0, 8, 3])).toEqual([
      3,
    ]);
  });
  test('of a oneof the last one read, and the last one written, is there', () => {
    const file = proto3('oneof o { int32 x = 1; string y = 2; }');
    expect(read(file, { x: types.INT, y: types.STRING }, [8, 1, 18, 1, 65])).toEqual([null, 'A']);
    expect(write(file, { x: types.INT, y: types.STRING }, [1, 'A'])).toEqual([18, 1, 65]);
    expect(write(file, { y: types.STRING, x: types.INT }, ['A', 1])).toEqual([8, 1]);
  });
  test('enums: numbers that have no name', () => {
    const file = (syntax: string) =>
      `syntax = "${syntax}"; enum E { A = 0; B = 1; } message T { optional E x = 1; }`;
    expect(read(file('proto2'), { x: types.STRING }, [8, 9])).toEqual([null]);
    expect(() => read(file('proto3'), { x: types.STRING }, [8, 9])).toThrow('has no constant 9');
    expect(read(file('proto3'), { x: types.INT }, [8, 9])).toEqual([9]);
    expect(() => write(file('proto3'), { x: types.STRING }, ['C'])).toThrow(
      "'C' is no constant of the enum 'E'",
    );
  });
  test('NULL in a list or map is the default', () => {
    const file = proto3('repeated string x = 1; map<string, int32> y = 2;');
    const columns = { x: types.array(types.STRING), y: types.map(types.STRING, types.INT) };
    const row: Row = [['a', null], { entries: [['k', null]] }];
    const written = write(file, columns, row, { 'write-null-string-literal': 'n/a' });
    expect(read(file, columns, written)).toEqual([['a', 'n/a'], { entries: [['k', 0]] }]);
  });
  test('unsigned numbers: as signed ones of their width, or wider', () => {
    const file = proto3('uint32 x = 1; uint64 y = 2;');
    const bytes = [8, 255, 255, 255, 255, 15, 16, ...Array<number>(9).fill(255), 1];
    expect(read(file, { x: types.INT, y: types.BIGINT }, bytes)).toEqual([-1, -1n]);
    expect(read(file, { x: types.BIGINT, y: types.decimal(20, 0) }, bytes)).toEqual([
      2n ** 32n - 1n,
      2n ** 64n - 1n,
    ]);
  });
  test.each([
    ['a length that is not there', [10, 255, 255, 255, 255, 15]],
    ['field number 0', [0]],
    ['a group that does not end', [19, 8, 1]],
    ['an end without a group', [20]],
    ['a number of too many bits', [8, ...Array<number>(10).fill(255), 1]],
    ['text that is no UTF-8', [10, 1, 255]],
    ['groups without end', Array<number>(1000).fill(19)],
  ])('%s is malformed', (_, bytes) => {
    expect(() => read(proto3('string x = 1;'), { x: types.STRING }, bytes)).toThrow(MalformedRecord);
  });

  test('every cut and many changed bytes are read or malformed, and nothing else', () => {
    const rng = new Rng(12);
    let agreed = 0;
    for (let round = 0; round < 100; round++) {
      const schema = ProtoSchema.parse(new RandomProtoRows(rng).file(), []);
      const type = new MessageTypes(schema.types).named('a.b.Root')!;
      const decoder = new ProtoDecoder(type, rowsOfMessage(type), {
        format: 'protobuf',
        skipsMalformed: false,
        defaults: false,
      });
      const framed = rowsOfMessage(type).filter((f) => fitsFrame(f.type));
      const settings = { format: 'protobuf', skipsMalformed: false, defaults: false };
      const reference = new ProtoDecoder(type, framed, settings);
      const scanner = protoScanner(type, framed);
      for (let attempt = 0; attempt < 60; attempt++) {
        const bytes = Uint8Array.from({ length: rng.below(50) }, () =>
          rng.pick([8, 10, 16, 18, 24, 26, 1, 2, 128, rng.below(256)]),
        );
        const quick = fastRow(scanner, bytes, framed);
        if (quick !== undefined) {
          reference.decode(bytes, 0, bytes.length, (row) => expect(quick).toEqual(row));
          agreed++;
        }
        try {
          decoder.decode(bytes, 0, bytes.length, () => {});
        } catch (error) {
          if (!(error instanceof MalformedRecord)) throw error;
          expect(error.position).toBeLessThanOrEqual(bytes.length);
        }
      }
      scanner.release();
    }
    expect(agreed).toBeGreaterThan(100);
  });
});

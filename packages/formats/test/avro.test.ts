/* The avro decoder where a message is not what its schema says, and how schemas are resolved. */

import { describe, expect, test } from 'vitest';
import { ByteWriter, Rng } from '#base';
import { parseOptions } from '#catalog';
import { BatchBuilder, notNull, types, type Field, type LogicalType, type Row } from '#data';
import { findFormat, FormatOptions, formatSpecs } from '#formats';
import { parseAvro, printAvro } from '#schemas';
import { AvroDecoder } from '../src/avro/decoder.ts';
import { rowsOfSchema } from '../src/avro/rows-of-schema.ts';
import { schemaOfRows } from '../src/avro/schema-of-rows.ts';
import { MalformedRecord } from '../src/malformed.ts';
import { fitsFrame } from '../src/scan/slots.ts';
import { avroScanner, fastRow } from './scan-messages.ts';
import { RandomAvroRows } from './random-avro-rows.ts';

const fieldsOf = (columns: Readonly<Record<string, LogicalType>>): Field[] =>
  Object.entries(columns).map(([name, type]) => ({ name, type }));
function read(schema: unknown, columns: Readonly<Record<string, LogicalType>>, ...bytes: number[]): Row {
  const writer = parseAvro(JSON.stringify({ type: 'record', name: 'R', fields: schema }));
  const rows: Row[] = [];
  new AvroDecoder(writer, fieldsOf(columns)).decode(Uint8Array.from(bytes), 0, bytes.length, (row) =>
    rows.push(row),
  );
  return rows[0]!;
}
const one = (type: unknown): unknown => [{ name: 'x', type }];
const zigzag = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
};

describe('malformed messages', () => {
  test.each([
    [
      'a length that is not there',
      one('string'),
      types.STRING,
      [...zigzag(2 ** 40)],
      'a length of 1099511627776',
    ],
    ['a negative length', one('bytes'), types.BYTES, [1], 'the length -1'],
    [
      'a count that is not there',
      one({ type: 'array', items: 'int' }),
      types.array(types.INT),
      zigzag(2 ** 31),
      'a block of',
    ],
    [
      'nulls without end',
      one({ type: 'array', items: 'null' }),
      types.array(types.NULL),
      zigzag(2 ** 40),
      'take no bytes',
    ],
    ['a branch that is not there', one(['null', 'int']), types.INT, [6], 'branch 3 of a union of 2'],
    [
      'a symbol that is not there',
      one({ type: 'enum', name: 'E', symbols: ['A'] }),
      types.STRING,
      [2],
      'symbol 1',
    ],
    ['an int of too many bits', one('int'), types.INT, [255, 255, 255, 255, 31], 'more than 32 bits'],
    ['a long of too many bits', one('long'), types.BIGINT, Array<number>(10).fill(255), 'more than 64 bits'],
    ['text that is no UTF-8', one('string'), types.STRING, [2, 0xff], 'no UTF-8'],
    ['a boolean of 2', one('boolean'), types.BOOLEAN, [2], 'expected 0 or 1'],
    ['a number beyond its column', one('int'), types.TINYINT, zigzag(300), '300 is no TINYINT'],
    [
      'a decimal beyond its column',
      one({ type: 'bytes', logicalType: 'decimal', precision: 9, scale: 0 }),
      types.decimal(2, 0),
      [2, 100],
      'more than 2 digits',
    ],
    ['null where the column is NOT NULL', one(['null', 'int']), notNull(types.INT), [0], 'NOT NULL'],
    ['an end within a value', one('double'), types.DOUBLE, [1, 2, 3], 'ends within'],
  ] as const)('%s', (_, schema, type, bytes, message) => {
    expect(() => read(schema, { x: type }, ...bytes)).toThrow(message);
    expect(() => read(schema, { x: type }, ...bytes)).toThrow(MalformedRecord);
  });

  test('a type that holds itself, deeper than a message may be', () => {
    const schema = [
      { name: 'list', type: { type: 'record', name: 'L', fields: [{ name: 'next', type: ['null', 'L'] }] } },
      { name: 'x', type: 'int' },
    ];
    expect(read(schema, { x: types.INT }, ...Array<number>(50).fill(2), 0, 4)).toEqual([2]);
    expect(() => read(schema, { x: types.INT }, ...Array<number>(100_000).fill(2), 0, 4)).toThrow(
      'deep in each other',
    );
  });

  test('every cut and many changed bytes are read or malformed, and nothing else', () => {
    const rng = new Rng(11);
    let agreed = 0;
    for (let round = 0; round < 60; round++) {
      const writer = parseAvro(JSON.stringify(new RandomAvroRows(rng).record()));
      const fields = rowsOfSchema(writer, false);
      const decoders = [new AvroDecoder(writer, fields), new AvroDecoder(writer, fields.slice(1))];
      const framed = fields.filter((f) => fitsFrame(f.type));
      const reference = new AvroDecoder(writer, framed);
      const scanner = avroScanner(writer, framed);
      for (let attempt = 0; attempt < 60; attempt++) {
        const bytes = Uint8Array.from({ length: rng.below(60) }, () =>
          rng.pick([0, 2, 4, 6, 128, 255, rng.below(256)]),
        );
        for (let cut = attempt < 10 ? 0 : bytes.length; cut <= bytes.length; cut++) {
          const quick = fastRow(scanner, bytes.subarray(0, cut), framed);
          if (quick === undefined) continue;
          reference.decode(bytes, 0, cut, (row) => expect(quick).toEqual(row));
          agreed++;
        }
        for (const decoder of decoders)
          try {
            decoder.decode(bytes, 0, bytes.length, () => {});
          } catch (error) {
            if (!(error instanceof MalformedRecord)) throw error;
            expect(error.position).toBeGreaterThanOrEqual(0);
            expect(error.position).toBeLessThanOrEqual(bytes.length);
          }
      }
      scanner.release();
    }
    expect(agreed).toBeGreaterThan(20);
  });
});

describe('what a writer has and a table has', () => {
  test('blocks that say their size', () => {
    const array = { type: 'array', items: 'int' };
    const bytes = [3, 4, 2, 4, 2, 6, 0];
    expect(read(one(array), { x: types.array(types.INT) }, ...bytes)).toEqual([[1, 2, 3]]);
    expect(
      read([...(one(array) as object[]), { name: 'y', type: 'int' }], { y: types.INT }, ...bytes, 8),
    ).toEqual([4]);
  });
  test('numbers get wider, never narrower', () => {
    expect(read(one('int'), { x: types.BIGINT }, 2)).toEqual([1n]);
    expect(read(one('long'), { x: types.DOUBLE }, 2)).toEqual([1]);
    expect(() => read(one('long'), { x: types.INT }, 2)).toThrow("field 'x' is a long, which is no INT");
    expect(() => read(one('double'), { x: types.FLOAT }, ...Array<number>(8).fill(0))).toThrow('is no FLOAT');
  });
  test('a column that the writer lacks is NULL, or an error where it may not be', () => {
    expect(read(one('int'), { y: types.INT }, 2)).toEqual([null]);
    expect(() => read(one('int'), { y: notNull(types.INT) }, 2)).toThrow("has no field 'y'");
  });
  test('times count by their logical type, whatever the column', () => {
    const micros = { type: 'long', logicalType: 'timestamp-micros' };
    expect(read(one(micros), { x: types.timestampLtz(6) }, ...zigzag(-1))).toEqual([{ ms: -1, ns: 999_000 }]);
    expect(read(one(micros), { x: types.timestamp(3) }, ...zigzag(1_500))).toEqual([{ ms: 1, ns: 0 }]);
    expect(read(one('long'), { x: types.timestamp(3) }, ...zigzag(1_500))).toEqual([{ ms: 1500, ns: 0 }]);
    const nanos = { type: 'long', logicalType: 'timestamp-nanos' };
    expect(read(one(nanos), { x: types.timestampLtz(9) }, ...zigzag(1_000_001))).toEqual([{ ms: 1, ns: 1 }]);
  });
  test('decimals of another scale are another type', () => {
    const decimal = { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 };
    expect(() => read(one(decimal), { x: types.decimal(9, 3) }, 2, 1)).toThrow(
      "field 'x' is a bytes (decimal(9, 2)), which is no DECIMAL(9, 3)",
    );
  });
  test('a UUID in 16 bytes is text', () => {
    const uuid = { type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' };
    const bytes = Array.from({ length: 16 }, (_, i) => i);
    expect(read(one(uuid), { x: types.STRING }, ...bytes)).toEqual(['00010203-0405-0607-0809-0a0b0c0d0e0f']);
  });
});

describe("a table's schema", () => {
  const schema = (type: LogicalType, legacyTimes = true): string =>
    printAvro(schemaOfRows([{ name: 'x', type: notNull(type) }], { format: 'avro', legacyTimes })).replace(
      /^.*?"name":"x","type":(.*)\}\]\}$/,
      '$1',
    );
  test('times in both mappings', () => {
    expect(schema(types.timestamp(3))).toBe('{"type":"long","logicalType":"timestamp-millis"}');
    expect(schema(types.timestamp(3), false)).toBe('{"type":"long","logicalType":"local-timestamp-millis"}');
    expect(schema(types.timestampLtz(6), false)).toBe('{"type":"long","logicalType":"timestamp-micros"}');
    expect(() => schema(types.timestampLtz(3))).toThrow(
      "column 'x': the format 'avro' has nothing for TIMESTAMP_LTZ(3)",
    );
    expect(() => schema(types.timestamp(9), false)).toThrow('nothing for TIMESTAMP(9)');
    expect(() => schema(types.time(6))).toThrow('nothing for TIME(6)');
  });
  test('rows in rows are named by their path', () => {
    const row = types.row([{ name: 'a', type: types.row([{ name: 'b', type: types.INT }]) }]);
    expect(schema(row)).toContain('"name":"record_x_a"');
  });
  test('keys of maps are strings', () => {
    expect(() => schema(types.map(types.INT, types.INT))).toThrow('nothing for MAP<INT, INT>');
  });
});

describe('the JSON encoding', () => {
  const fields = fieldsOf({
    id: notNull(types.BIGINT),
    note: types.STRING,
    raw: types.BYTES,
    tags: types.array(types.DOUBLE),
  });
  const format = findFormat('avro');
  const options = new FormatOptions(
    parseOptions({ owner: 'test', specs: formatSpecs(format, '') }, [{ key: 'encoding', value: 'json' }]),
    '',
  );
  const readJson = (text: string): Row => {
    const rows: Row[] = [];
    const data = Buffer.from(text);
    format.decoder!(fields, options).decode(data, 0, data.length, (row) => rows.push(row));
    return rows[0]!;
  };
  const row: Row = [9007199254740993n, 'é\n', Uint8Array.of(0, 255), [1, Number.NaN, null]];
  const text =
    '{"id":9007199254740993,"note":{"string":"é\\n"},"raw":{"bytes":"\\u0000ÿ"},"tags":{"array":[{"double":1.0},{"double":"NaN"},null]}}';
  test('is written and read', () => {
    const builder = new BatchBuilder(fields.map((f) => f.type));
    builder.appendRow(row);
    const to = new ByteWriter();
    format.encoder!(fields, options).encode(builder.build().columns, 0, 0, to);
    expect(Buffer.from(to.finish()).toString()).toBe(text);
    expect(readJson(text)).toEqual(row);
    expect(readJson('{"tags":null,"raw":null,"id":1,"note":null}')).toEqual([1n, null, null, null]);
  });
  test.each([
    ['{"id":1', 'not JSON'],
    ['{"id":"x","note":null,"raw":null,"tags":null}', `field 'id': found the string "x"`],
    ['{"id":1,"note":"a","raw":null,"tags":null}', "field 'note': found the string"],
    ['{"id":1,"note":{"int":1},"raw":null,"tags":null}', 'expected one of null, string'],
    ['{"id":1}', "field 'note': found nothing"],
  ])('%s is malformed', (message, problem) => {
    expect(() => readJson(message)).toThrow(problem);
    expect(() => readJson(message)).toThrow(MalformedRecord);
  });
});

/* Random batches for block encoders: all types, NULLs, and values at the edge of something. */

import type { Rng } from '#base';
import {
  BatchBuilder,
  instant,
  notNull,
  types,
  type Batch,
  type Field,
  type LogicalType,
  type Value,
} from '#data';

const letters = [
  ...'abcdefghijklmnopqrstuvwxyz0123456789 ,;|"\'\\\t\n\r\b\f\v\0\u001f\u007f/:-.~é€ßя漢字\ufeff😀🎉',
  '\u{10ffff}',
  '\ud7ff',
  '\ue000',
];
const plain = [...'abcdefghijklmnopqrstuvwxyz0123456789_/'];

function text(rng: Rng): string {
  const from = rng.below(3) === 0 ? letters : plain;
  const length = rng.pick([0, 1, 3, 8, 15, 16, 17, 24, 25, 31, 32, 33, rng.below(100)]);
  let made = '';
  for (let i = 0; i < length; i++) made += rng.pick(from);
  return rng.below(40) === 0 ? made + rng.pick(letters) : made;
}

const power = (rng: Rng, bits: number): bigint => {
  const value = BigInt.asUintN(
    rng.below(bits) + 1,
    (BigInt(rng.uint32()) << 96n) |
      (BigInt(rng.uint32()) << 64n) |
      (BigInt(rng.uint32()) << 32n) |
      BigInt(rng.uint32()),
  );
  return rng.below(2) === 0 ? -value : value;
};

function integer(rng: Rng, bits: number): bigint {
  const edge = (1n << BigInt(bits - 1)) - 1n;
  const ten = 10n ** BigInt(rng.below(Math.floor(bits / 3.33)));
  return rng.pick([power(rng, bits - 1), power(rng, bits - 1), ten, ten - 1n, -ten, edge, -edge - 1n, 0n]);
}

function decimal(rng: Rng, precision: number): bigint {
  const most = 10n ** BigInt(precision);
  const round = power(rng, 20) * 10n ** BigInt(rng.below(precision));
  return rng.pick([power(rng, 127), power(rng, 40), round, most - 1n, 0n]) % most;
}

function double(rng: Rng): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, rng.uint32());
  view.setUint32(4, rng.uint32());
  return rng.pick([
    rng.double(),
    rng.below(1000),
    view.getFloat64(0),
    -0,
    1e7,
    0.001,
    Number.NaN,
    Infinity,
    5e-324,
    -1.5,
  ]);
}

const minute = Date.UTC(2024, 1, 29, 12, 34);
function millis(rng: Rng): number {
  return rng.pick([
    minute + rng.below(60_000),
    minute + rng.below(60) * 1000,
    Math.floor(rng.double() * 4e12) - 2e12,
    -62_135_596_800_000 + rng.below(1000),
    253_402_300_799_999 - rng.below(1000),
    ...(rng.below(50) === 0 ? [-62_135_596_800_001, 253_402_300_800_000, -1, 0] : [-1, 0]),
  ]);
}

/** A value of the type. `wide`: numbers may pass what a double holds. */
export function valueOf(rng: Rng, type: LogicalType, wide: boolean): Value {
  if (type.nullable && rng.below(8) === 0) return null;
  switch (type.kind) {
    case 'NULL':
      return null;
    case 'BOOLEAN':
      return rng.below(2) === 0;
    case 'TINYINT':
      return Number(integer(rng, 8));
    case 'SMALLINT':
      return Number(integer(rng, 16));
    case 'INT':
    case 'INTERVAL_YEAR_MONTH':
      return Number(integer(rng, 32));
    case 'DATE':
      return rng.below(100) === 0
        ? rng.pick([-719_163, 2_932_897, -800_000])
        : rng.between(-719_162, 2_932_896);
    case 'TIME':
      return rng.pick([rng.below(86_400) * 1000, rng.below(86_400_000), 0, 86_399_999]);
    case 'FLOAT':
      return Math.fround(double(rng));
    case 'DOUBLE':
      return double(rng);
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return wide ? integer(rng, 64) : integer(rng, 54);
    case 'DECIMAL':
      return decimal(rng, wide ? type.precision : Math.min(15, type.precision));
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return instant(millis(rng), type.precision > 3 ? rng.pick([0, rng.below(1_000_000), 500_000, 1]) : 0);
    case 'CHAR':
    case 'VARCHAR':
      return text(rng);
    case 'BINARY':
    case 'VARBINARY':
      return Buffer.from(text(rng));
    case 'ROW':
      return type.fields.map((f) => valueOf(rng, f.type, wide));
    case 'ARRAY':
      return Array.from({ length: rng.below(4) }, () => valueOf(rng, type.element, wide));
    case 'MAP':
      return {
        entries: Array.from({ length: rng.below(4) }, () => [
          valueOf(rng, type.key, wide),
          valueOf(rng, type.value, wide),
        ]),
      };
    default:
      throw new TypeError(type.kind);
  }
}

export const scalars: readonly LogicalType[] = [
  types.BOOLEAN,
  types.TINYINT,
  types.SMALLINT,
  types.INT,
  types.BIGINT,
  types.decimal(10, 2),
  types.decimal(15, 15),
  types.decimal(18, 0),
  types.decimal(38, 20),
  types.DATE,
  types.time(3),
  types.timestamp(3),
  types.timestamp(9),
  types.timestampLtz(6),
  types.STRING,
  types.STRING,
  notNull(types.STRING),
  notNull(types.BIGINT),
  types.DOUBLE,
  types.FLOAT,
  types.BYTES,
];

/** Between one and six columns of these types, named oddly. */
export function fieldsOf(rng: Rng, from: readonly LogicalType[], depth = 0): Field[] {
  return Array.from({ length: rng.between(1, 6) }, (_, i) => {
    const nested = depth > 0 && rng.below(4) === 0;
    const type = nested ? types.row(fieldsOf(rng, from, depth - 1)) : rng.pick(from);
    return { name: rng.pick([`c${i}`, `a"b${i}`, `é${i}`, `a longer name of a column ${i}`]), type };
  });
}

export function batchOf(rng: Rng, fields: readonly Field[], rows: number, wide: boolean): Batch {
  const builder = new BatchBuilder(fields.map((f) => f.type));
  for (let row = 0; row < rows; row++) builder.appendRow(fields.map((f) => valueOf(rng, f.type, wide)));
  return builder.build();
}

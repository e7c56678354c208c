/* One random value of any type, and the values of a sequence, with the bounds that the options of a field
 * set. */

import { UserError, type Rng } from '#base';
import type { Options } from '#catalog';
import {
  typeText,
  unboundedLength,
  type DecimalType,
  type LengthType,
  type LogicalType,
  type MapValue,
  type Value,
} from '#data';
import { parseDecimal, toDecimalType, type Decimal } from '#formats';

/** Draws a value; `now` is the clock, for types that tell the time. */
export type Draw = (rng: Rng, now: number) => Value;

const stringLength = 100;
const collectionLength = 3;
/** The greatest length that a field may ask for: one value has to fit a batch. */
const lengthMax = 1 << 20;
const dayMs = 86_400_000;

const wholeBounds = {
  TINYINT: [-128n, 127n],
  SMALLINT: [-32768n, 32767n],
  INT: [-2147483648n, 2147483647n],
  BIGINT: [-9223372036854775808n, 9223372036854775807n],
  INTERVAL_YEAR_MONTH: [0n, 120000n],
  INTERVAL_DAY_TIME: [-9223372036854775808n, 9223372036854775807n],
} as const;

/** The generator of random values of `type`, whose options stand under `path` (`fields.price`). */
export function randomDraw(type: LogicalType, path: string, options: Options): Draw {
  const draw = plainDraw(type, path, options);
  const rate = options.number(`${path}.null-rate`) ?? 0;
  if (rate < 0 || rate > 1) throw refuse(options, `${path}.null-rate`, 'a share from 0 to 1');
  if (rate === 0) return draw;
  if (!type.nullable) throw refuse(options, `${path}.null-rate`, `0, because the type is ${typeText(type)}`);
  return (rng, now) => (rng.double() < rate ? null : draw(rng, now));
}

function plainDraw(type: LogicalType, path: string, options: Options): Draw {
  switch (type.kind) {
    case 'BOOLEAN':
      return (rng) => rng.uint32() >= 2147483648;
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'INTERVAL_YEAR_MONTH':
      return wholeDraw(type.kind, path, options, Number);
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return wholeDraw(type.kind, path, options, (v) => v);
    case 'FLOAT':
      return approximateDraw(path, options, 3.4028234663852886e38, Math.fround);
    case 'DOUBLE':
      return approximateDraw(path, options, Number.MAX_VALUE, (v) => v);
    case 'DECIMAL':
      return decimalDraw(type, path, options);
    case 'CHAR':
      return (rng) => hexText(rng, type.length);
    case 'VARCHAR':
      return lengthDraw(type, path, options, hexText);
    case 'BINARY':
      return (rng) => randomBytes(rng, type.length);
    case 'VARBINARY':
      return lengthDraw(type, path, options, randomBytes);
    case 'DATE':
      return (_, now) => Math.floor(now / dayMs);
    case 'TIME':
      return (_, now) => now - Math.floor(now / dayMs) * dayMs;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const past = options.durationMs(`${path}.max-past`) ?? 0;
      return (rng, now) => ({ ms: now - (past > 0 ? rng.below(past) : 0), ns: 0 });
    }
    case 'ROW': {
      const fields = type.fields.map((f) => randomDraw(f.type, `${path}.${f.name}`, options));
      return (rng, now) => fields.map((draw) => draw(rng, now));
    }
    case 'ARRAY': {
      const element = randomDraw(type.element, `${path}.element`, options);
      const length = lengthOf(path, options, collectionLength);
      return (rng, now) => Array.from({ length }, () => element(rng, now));
    }
    case 'MAP':
      return mapDraw(
        randomDraw(type.key, `${path}.key`, options),
        randomDraw(type.value, `${path}.value`, options),
        path,
        options,
      );
    case 'MULTISET':
      return mapDraw(
        randomDraw(type.element, `${path}.element`, options),
        (rng) => rng.between(1, 10),
        path,
        options,
      );
    case 'NULL':
      return () => null;
    case 'VARIANT':
    case 'BITMAP':
    case 'SYMBOL':
      throw new UserError('CAT1002', { message: `${path}: datagen makes no ${typeText(type)}` });
  }
}

function refuse(options: Options, key: string, expected: string): UserError {
  return new UserError('CAT1002', {
    at: options.at(key),
    message: `option '${key}': found '${options.string(key) ?? ''}', expected ${expected}`,
  });
}

function wholeOption(options: Options, key: string, low: bigint, high: bigint, fallback: bigint): bigint {
  const text = options.string(key)?.trim();
  if (text === undefined) return fallback;
  if (!/^[+-]?\d{1,40}$/.test(text)) throw refuse(options, key, 'a whole number');
  const value = BigInt(text.replace('+', ''));
  if (value < low || value > high) throw refuse(options, key, `a number from ${low} to ${high}`);
  return value;
}

/** A bigint of [low, high]: from 53 random bits where they are enough, else from 64 more than the span has.
 *  */
function bigintDraw(low: bigint, high: bigint): (rng: Rng) => bigint {
  const span = high - low + 1n;
  if (span <= 9007199254740991n) {
    const narrow = Number(span);
    return (rng) => low + BigInt(rng.below(narrow));
  }
  const words = Math.ceil((span.toString(2).length + 64) / 32);
  return (rng) => {
    let bits = 0n;
    for (let i = 0; i < words; i++) bits = (bits << 32n) | BigInt(rng.uint32());
    return low + (bits % span);
  };
}

function wholeDraw(
  kind: keyof typeof wholeBounds,
  path: string,
  options: Options,
  toValue: (v: bigint) => Value,
): Draw {
  const [least, greatest] = wholeBounds[kind];
  const low = wholeOption(options, `${path}.min`, least, greatest, least);
  const high = wholeOption(options, `${path}.max`, least, greatest, greatest);
  if (low > high) throw refuse(options, `${path}.min`, `at most '${path}.max', ${high}`);
  if (typeof toValue(0n) === 'number') {
    const [a, b] = [Number(low), Number(high)];
    return (rng) => rng.between(a, b);
  }
  return bigintDraw(low, high);
}

/** As in Flink, the least value by default is not the most negative one but 0. */
function approximateDraw(
  path: string,
  options: Options,
  greatest: number,
  round: (v: number) => number,
): Draw {
  const bound = (key: string, fallback: number): number => {
    const text = options.string(key);
    const value = text === undefined ? fallback : Number(text);
    if (text?.trim() === '' || !Number.isFinite(value)) throw refuse(options, key, 'a number');
    return value;
  };
  const low = bound(`${path}.min`, 0);
  const high = bound(`${path}.max`, greatest);
  if (low > high) throw refuse(options, `${path}.min`, `at most '${path}.max', ${high}`);
  return (rng) => {
    const share = rng.double();
    return round(low * (1 - share) + high * share);
  };
}

function decimalDraw(type: DecimalType, path: string, options: Options): Draw {
  const bound = (key: string, fallback: bigint): bigint => {
    const text = options.string(key);
    if (text === undefined) return fallback;
    const value: Decimal | undefined = parseDecimal(text.trim());
    const unscaled = value === undefined ? null : toDecimalType(value, type);
    if (unscaled === null) throw refuse(options, key, `a ${typeText(type)}`);
    return unscaled;
  };
  const low = bound(`${path}.min`, 0n);
  const high = bound(`${path}.max`, 10n ** BigInt(type.precision) - 1n);
  if (low > high) throw refuse(options, `${path}.min`, `at most '${path}.max'`);
  return bigintDraw(low, high);
}

function lengthOf(path: string, options: Options, fallback: number): number {
  const length = options.number(`${path}.length`) ?? fallback;
  if (length < 0 || length > lengthMax)
    throw refuse(options, `${path}.length`, `a length from 0 to ${lengthMax}`);
  return length;
}

function lengthDraw(
  type: LengthType,
  path: string,
  options: Options,
  make: (rng: Rng, length: number) => Value,
): Draw {
  const length = lengthOf(path, options, type.length === unboundedLength ? stringLength : type.length);
  if (length > type.length)
    throw refuse(options, `${path}.length`, `at most ${type.length}, as the type is ${typeText(type)}`);
  if (!options.boolean(`${path}.var-len`) || length <= 1) return (rng) => make(rng, length);
  return (rng) => make(rng, rng.between(1, length));
}

/** Random hexadecimal digits, eight from each draw. */
function hexText(rng: Rng, length: number): string {
  let text = '';
  while (text.length < length) text += rng.uint32().toString(16).padStart(8, '0');
  return text.slice(0, length);
}

function randomBytes(rng: Rng, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = rng.uint32() & 255;
  return bytes;
}

/** Keys that come up twice count once, so a map may be smaller than `length`. */
function mapDraw(key: Draw, value: Draw, path: string, options: Options): Draw {
  const length = lengthOf(path, options, collectionLength);
  return (rng, now): MapValue => {
    const seen = new Set<string>();
    const entries: (readonly [Value, Value])[] = [];
    for (let i = 0; i < length; i++) {
      const [k, v] = [key(rng, now), value(rng, now)];
      const text = JSON.stringify(k, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
      if (!seen.has(text)) entries.push([k, v]);
      seen.add(text);
    }
    return { entries };
  };
}

/** A field that counts up: how many values it has, and the value of row `row`. */
export interface Sequence {
  readonly rows: number;
  at(row: number): Value;
}

/** The sequence that the options under `path` describe. Throws for a start or an end that is missing or out
 *  of range. */
export function sequence(type: LogicalType, path: string, options: Options): Sequence {
  const [least, greatest] =
    wholeBounds[
      type.kind === 'TINYINT' || type.kind === 'SMALLINT' || type.kind === 'INT' ? type.kind : 'BIGINT'
    ];
  for (const key of [`${path}.start`, `${path}.end`]) {
    if (!options.has(key))
      throw new UserError('CAT1003', {
        at: options.at(`${path}.kind`),
        message: `a sequence needs the option '${key}'`,
      });
  }
  const start = wholeOption(options, `${path}.start`, least, greatest, 0n);
  const end = wholeOption(options, `${path}.end`, least, greatest, 0n);
  if (start > end) throw refuse(options, `${path}.start`, `at most '${path}.end', ${end}`);
  const toValue = countedValue(type);
  return { rows: Number(end - start + 1n), at: (row) => toValue(start + BigInt(row)) };
}

function countedValue(type: LogicalType): (value: bigint) => Value {
  switch (type.kind) {
    case 'BIGINT':
      return (v) => v;
    case 'DECIMAL':
      return (v) => toDecimalType({ unscaled: v, scale: 0 }, type);
    case 'CHAR':
    case 'VARCHAR':
      return String;
    case 'BINARY':
    case 'VARBINARY':
      return (v) => {
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64BE(v);
        return new Uint8Array(bytes);
      };
    case 'FLOAT':
      return (v) => Math.fround(Number(v));
    default:
      return Number;
  }
}

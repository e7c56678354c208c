/* Functions of numbers: rounding, powers, logarithms, trigonometry, chance, bases. */

import { isInteger, layoutOf, notNull, types, type DecimalType, type LogicalType, type Value } from '#data';
import { anyNull, type CallCompiler } from '../compile/code.ts';
import { bindCall } from '../bind/bind-call.ts';
import type { CallExpr, Expr } from '../expression.ts';
import { roundResult } from '../types/decimal-types.ts';
import { badArgument } from '../values/data-errors.ts';
import { fit, pow10, rescale } from '../values/decimal.ts';
import { JavaRandom } from '../values/java-random.ts';
import { roundDecimal, roundDouble, type Rounding } from '../values/rounding.ts';
import { define, samplesOf, type Sample } from './define.ts';
import type { BoundCall, FunctionEntry } from './entry.ts';
import { bigint, dec, double, float, int, str } from './examples.ts';
import { gives, implicitly, parameters, signatures, strictResult } from './parameters.ts';
import { temporalRounding } from './temporal-rounding.ts';

const { double: aDouble, numeric, bigint: aBigint, int: anInt, string } = parameters;

/** A function of doubles that is one JavaScript expression. */
function ofDoubles(
  name: string,
  count: number,
  compute: (...x: number[]) => number,
  js: string,
  doc: string,
  samples: readonly Sample[],
  aliases: readonly string[] = [],
): FunctionEntry {
  return define('arithmetic', name, {
    takes: [{ takes: new Array<typeof aDouble>(count).fill(aDouble), gives: gives.double }],
    aliases,
    body: () => compute,
    compile: doubleCode(js),
    doc,
    samples,
  });
}

/** `$0`, `$1` stand for the arguments. */
const doubleCode =
  (js: string): CallCompiler =>
  (code, call) => {
    const registers = call.args.map((arg) => code.expr(arg));
    if (registers.some((r) => r.isNull === 'true')) return code.literal(null, call.type);
    const isNull = anyNull(...registers.map((r) => r.isNull));
    return {
      type: call.type,
      value: code.keep(js.replace(/\$(\d)/g, (_, i: string) => registers[Number(i)]!.value)),
      nanos: '0',
      isNull,
    };
  };

const degrees = 180 / Math.PI;

const elementary: readonly FunctionEntry[] = [
  ofDoubles('POWER', 2, (a, b) => a ** b, '$0 ** $1', 'The first number to the power of the second.', [
    ['POWER(2, 3)', [int(2), int(3)], 8],
  ]),
  // To Flink the power of a half, whose bounds differ from Math.sqrt: of -Infinity Infinity, of -0 zero.
  ofDoubles(
    'SQRT',
    1,
    (a) => (a === -Infinity ? Infinity : Math.sqrt(a) + 0),
    '($0 === -Infinity ? Infinity : Math.sqrt($0) + 0)',
    'Square root.',
    [['SQRT(4)', [int(4)], 2]],
  ),
  ofDoubles('LN', 1, Math.log, 'Math.log($0)', 'Natural logarithm.', [
    ['LN(10)', [int(10)], 2.302585092994046],
  ]),
  ofDoubles('LOG10', 1, Math.log10, 'Math.log10($0)', 'Logarithm to base 10.', [
    ['LOG10(100)', [int(100)], 2],
  ]),
  ofDoubles('LOG2', 1, (a) => Math.log(a) / Math.log(2), 'Math.log($0) / Math.LN2', 'Logarithm to base 2.', [
    ['LOG2(8)', [int(8)], 3],
  ]),
  ofDoubles('EXP', 1, Math.exp, 'Math.exp($0)', 'e to the power of the number.', [['EXP(0)', [int(0)], 1]]),
  ofDoubles('SIN', 1, Math.sin, 'Math.sin($0)', 'Sine of radians.', [
    ['SIN(1)', [int(1)], 0.8414709848078965],
  ]),
  ofDoubles('COS', 1, Math.cos, 'Math.cos($0)', 'Cosine of radians.', [['COS(0)', [int(0)], 1]]),
  ofDoubles('TAN', 1, Math.tan, 'Math.tan($0)', 'Tangent of radians.', [['TAN(0)', [int(0)], 0]]),
  ofDoubles('COT', 1, (a) => 1 / Math.tan(a), '1 / Math.tan($0)', 'Cotangent of radians.', [
    ['COT(1)', [int(1)], 0.6420926159343306],
  ]),
  ofDoubles('ASIN', 1, Math.asin, 'Math.asin($0)', 'Arc sine in radians.', [['ASIN(0)', [int(0)], 0]]),
  ofDoubles('ACOS', 1, Math.acos, 'Math.acos($0)', 'Arc cosine in radians.', [['ACOS(1)', [int(1)], 0]]),
  ofDoubles('ATAN', 1, Math.atan, 'Math.atan($0)', 'Arc tangent in radians.', [['ATAN(0)', [int(0)], 0]]),
  ofDoubles('ATAN2', 2, Math.atan2, 'Math.atan2($0, $1)', 'Angle of the point (second, first) in radians.', [
    ['ATAN2(1, 2)', [int(1), int(2)], 0.4636476090008061],
  ]),
  ofDoubles('SINH', 1, Math.sinh, 'Math.sinh($0)', 'Hyperbolic sine.', [['SINH(0)', [int(0)], 0]]),
  ofDoubles('COSH', 1, Math.cosh, 'Math.cosh($0)', 'Hyperbolic cosine.', [['COSH(0)', [int(0)], 1]]),
  ofDoubles('TANH', 1, Math.tanh, 'Math.tanh($0)', 'Hyperbolic tangent.', [['TANH(0)', [int(0)], 0]]),
  ofDoubles('DEGREES', 1, (a) => a * degrees, '$0 * (180 / Math.PI)', 'Radians as degrees.', [
    ['DEGREES(1)', [int(1)], 57.29577951308232],
  ]),
  ofDoubles('RADIANS', 1, (a) => a / degrees, '$0 / (180 / Math.PI)', 'Degrees as radians.', [
    ['RADIANS(180)', [int(180)], Math.PI],
  ]),
  ofDoubles('PI', 0, () => Math.PI, 'Math.PI', 'The number pi; also without parentheses.', [
    ['PI()', [], Math.PI],
  ]),
  ofDoubles('E', 0, () => Math.E, 'Math.E', 'The base of natural logarithms.', [['E()', [], Math.E]]),
  define('arithmetic', 'LOG', {
    takes: [
      { takes: [aDouble], gives: gives.double },
      { takes: [aDouble, aDouble], gives: gives.double },
    ],
    body: (call) =>
      call.args.length === 1 ? Math.log : (base: number, x: number) => Math.log(x) / Math.log(base),
    doc: 'Natural logarithm, or the logarithm of the second number to the base of the first.',
    samples: [
      ['LOG(10)', [int(10)], 2.302585092994046],
      ['LOG(2, 8)', [int(2), int(8)], 3],
    ],
  }),
];

const isSmall = (type: LogicalType): boolean => layoutOf(type) === 'i32';
const wrapTo = (type: LogicalType): ((v: number) => number) =>
  type.kind === 'INT'
    ? (v) => v | 0
    : type.kind === 'SMALLINT'
      ? (v) => (v << 16) >> 16
      : (v) => (v << 24) >> 24;

const absolute = define('arithmetic', 'ABS', {
  takes: [{ takes: [numeric], gives: gives.first }],
  body: (call) => {
    if (isSmall(call.type)) {
      const wrap = wrapTo(call.type);
      return (v: number) => wrap(Math.abs(v));
    }
    if (layoutOf(call.type) === 'f64') return Math.abs;
    return (v: bigint) =>
      call.type.kind === 'BIGINT' ? BigInt.asIntN(64, v < 0n ? -v : v) : v < 0n ? -v : v;
  },
  compile: (code, call) => {
    const operand = code.expr(call.args[0]!);
    if (operand.isNull === 'true' || (code.wide && layoutOf(call.type) === 'exact')) return undefined;
    const value = `Math.abs(${operand.value})`;
    const wrapped =
      call.type.kind === 'INT'
        ? `${value} | 0`
        : call.type.kind === 'SMALLINT'
          ? `${value} << 16 >> 16`
          : `${value} << 24 >> 24`;
    return { ...operand, value: code.keep(isSmall(call.type) ? wrapped : value) };
  },
  doc: 'The number without its sign.',
  samples: [
    ['ABS(-5)', [int(-5)], 5],
    ['ABS(-1.5)', [dec('-1.5')], 15n],
  ],
});

const sign = define('arithmetic', 'SIGN', {
  takes: [{ takes: [numeric], gives: gives.first }],
  body: (call) => {
    const one = call.type.kind === 'DECIMAL' ? pow10(call.type.scale) : 1n;
    if (layoutOf(call.type) !== 'exact') return Math.sign;
    return (v: bigint) => (v > 0n ? one : v < 0n ? -one : 0n);
  },
  doc: '-1, 0 or 1, in the type of the argument.',
  samples: [
    ['SIGN(-5)', [int(-5)], -1],
    ['SIGN(-1.5)', [dec('-1.5')], -10n],
  ],
});

/** FLOOR and CEIL of numbers; with a unit in the flags, of times. */
function toWhole(
  name: 'FLOOR' | 'CEIL',
  aliases: readonly string[],
  samples: readonly Sample[],
): FunctionEntry {
  const round = name === 'FLOOR' ? Math.floor : Math.ceil;
  const gives = ([type]: readonly LogicalType[]): LogicalType =>
    type!.kind === 'DECIMAL' ? { ...type!, scale: 0 } : type!;
  const parts = signatures(name, { takes: [numeric], gives });
  return {
    name,
    aliases,
    family: 'arithmetic',
    ...parts,
    takes: [...parts.takes, `${name}(time TO unit)`],
    flags: 'A unit of time: FLOOR(ts TO HOUR).',
    bind: (args, options) =>
      options.flags?.length ? temporalRounding(name, args, options) : parts.bind(args, options),
    body: (call) => {
      const { type } = call.args[0]!;
      if (type.kind !== 'DECIMAL') return layoutOf(type) === 'f64' ? round : (v: Value) => v;
      const unit = pow10(type.scale);
      return (v: bigint) => {
        const cut = v / unit;
        const back = cut * unit;
        return back === v ? cut : name === 'FLOOR' ? (v < 0n ? cut - 1n : cut) : v > 0n ? cut + 1n : cut;
      };
    },
    compile: (code, call) => {
      const { type } = call.args[0]!;
      const operand = code.expr(call.args[0]!);
      if (operand.isNull === 'true' || type.kind === 'DECIMAL') return undefined;
      return layoutOf(type) === 'f64'
        ? { ...operand, value: code.keep(`Math.${name.toLowerCase()}(${operand.value})`) }
        : operand;
    },
    doc:
      name === 'FLOOR'
        ? 'The greatest whole number not above; of a time, the start of its unit.'
        : 'The least whole number not below; of a time, the end of its unit.',
    examples: samplesOf(name, samples),
  };
}

/** ROUND and TRUNCATE to a number of digits, 0 if not given. */
function toDigits(name: string, mode: Rounding, doc: string, samples: readonly Sample[]): FunctionEntry {
  return {
    name,
    family: 'arithmetic',
    takes: [`${name}(number[, INT])`],
    count: { min: 1, max: 2 },
    bind: (args) => bindDigits(args),
    body: (call) => digitsBody(call, mode),
    doc,
    examples: samplesOf(name, samples),
  };
}

function bindDigits(args: readonly Expr[]): BoundCall | undefined {
  const target = numeric.accept(args[0]!.type);
  const digits = args[1] ?? int(0);
  const digitsType = anInt.accept(digits.type);
  if (target === undefined || digitsType === undefined) return undefined;
  const cast = [implicitly(args[0]!, target), implicitly(digits, digitsType)];
  const places = constantDigits(digits);
  const type = target.kind !== 'DECIMAL' || places === undefined ? target : roundResult(target, places);
  return { args: cast, type: strictResult(type, cast) };
}

/** The number of a literal, perhaps cast between integers. */
function constantDigits(expr: Expr): number | undefined {
  if (expr.kind === 'literal') return typeof expr.value === 'number' ? expr.value : undefined;
  return expr.kind === 'call' && expr.fn === 'CAST' && isInteger(expr.type)
    ? constantDigits(expr.args[0]!)
    : undefined;
}

function digitsBody(call: CallExpr, mode: Rounding): (v: never, digits: number) => Value {
  const { type } = call.args[0]!;
  switch (type.kind) {
    case 'DECIMAL': {
      const { precision, scale } = call.type as DecimalType;
      return (v: bigint, digits) =>
        fit(rescale(roundDecimal(v, type.scale, digits, mode), type.scale, scale), precision);
    }
    case 'BIGINT':
      return (v: bigint, digits) => (digits >= 0 ? v : BigInt.asIntN(64, roundDecimal(v, 0, digits, mode)));
    case 'FLOAT':
      return (v: number, digits) => Math.fround(roundDouble(v, digits, mode));
    case 'DOUBLE':
      return (v: number, digits) => roundDouble(v, digits, mode);
    default: {
      const wrap = wrapTo(type);
      return (v: number, digits) =>
        digits >= 0 ? v : wrap(Number(BigInt.asIntN(32, roundDecimal(BigInt(v), 0, digits, mode))));
    }
  }
}

function seeded(call: CallExpr, count: number): JavaRandom | undefined {
  const seed = call.args[0];
  return call.args.length === count && seed?.kind === 'literal' && typeof seed.value === 'number'
    ? new JavaRandom(seed.value)
    : undefined;
}

const hexDigits = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

/** The bytes of hexadecimal text, or null; of an odd number of digits the first is dropped, as Flink does. */
function unhex(text: string): Uint8Array | null {
  if (!/^[0-9a-fA-F]*$/.test(text)) return null;
  const even = text.length % 2 === 0 ? text : `00${text.slice(1)}`;
  return new Uint8Array(Buffer.from(even, 'hex'));
}

const chance: readonly FunctionEntry[] = [
  define('arithmetic', 'RAND', {
    takes: [
      { takes: [], gives: gives.double },
      { takes: [anInt], gives: gives.double },
    ],
    deterministic: false,
    body: (call, { rng }) => {
      const random = seeded(call, 1);
      return random === undefined ? () => rng.double() : () => random.double();
    },
    doc: 'A number in [0, 1), anew for every row; with a constant seed, the same sequence in every run.',
    samples: [['RAND(1)', [int(1)], 0.7308781907032909]],
  }),
  define('arithmetic', 'RAND_INTEGER', {
    takes: [
      { takes: [anInt], gives: gives.int },
      { takes: [anInt, anInt], gives: gives.int },
    ],
    deterministic: false,
    body: (call, { rng }) => {
      const random = seeded(call, 2);
      return (...args: number[]) => {
        const bound = args.at(-1)!;
        if (bound <= 0) badArgument('RAND_INTEGER', `the bound ${bound} is not above 0`);
        return random === undefined ? rng.below(bound) : random.below(bound);
      };
    },
    doc: 'An integer in [0, bound); the seed, if given, comes first.',
    samples: [['RAND_INTEGER(1, 10)', [int(1), int(10)], 5]],
  }),
  {
    name: 'UUID',
    family: 'arithmetic',
    ...signatures('UUID', { takes: [], gives: notNull(types.char(36)) }),
    deterministic: false,
    body:
      (_call, { rng }) =>
      () => {
        const hex = Array.from({ length: 4 }, () => rng.uint32().toString(16).padStart(8, '0')).join('');
        const variant = '89ab'[parseInt(hex[16]!, 16) & 3]!;
        return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
      },
    doc: 'A random UUID (version 4), anew for every row.',
    examples: [
      { sql: 'CHAR_LENGTH(UUID())', call: () => bindCall('CHAR_LENGTH', [bindCall('UUID', [])]), result: 36 },
    ],
  },
];

export const numbers: readonly FunctionEntry[] = [
  ...elementary,
  absolute,
  sign,
  toWhole(
    'FLOOR',
    [],
    [
      ['FLOOR(-1.2)', [dec('-1.2')], -2n],
      ['FLOOR(CAST(1.7 AS DOUBLE))', [double(1.7)], 1],
    ],
  ),
  toWhole(
    'CEIL',
    ['CEILING'],
    [
      ['CEIL(1.2)', [dec('1.2')], 2n],
      ['CEIL(5)', [int(5)], 5],
    ],
  ),
  toDigits(
    'ROUND',
    'half-up',
    'The number rounded to digits after the point, 0 if not given; halves away from zero.',
    [
      ['ROUND(1.25, 1)', [dec('1.25'), int(1)], 13n],
      ['ROUND(125, -1)', [int(125), int(-1)], 130],
      ['ROUND(CAST(2.675 AS DOUBLE), 2)', [double(2.675), int(2)], 2.68],
      ['ROUND(2.5)', [dec('2.5')], 3n],
    ],
  ),
  toDigits('TRUNCATE', 'down', 'The number cut off after digits, 0 if not given.', [
    ['TRUNCATE(42.324, 2)', [dec('42.324'), int(2)], 4232n],
    ['TRUNCATE(CAST(42.324 AS FLOAT), 1)', [float(42.324), int(1)], Math.fround(42.3)],
  ]),
  ...chance,
  define('arithmetic', 'BIN', {
    takes: [{ takes: [aBigint], gives: gives.string }],
    body: () => (v: bigint) => BigInt.asUintN(64, v).toString(2),
    doc: 'The integer in binary.',
    samples: [
      ['BIN(4)', [int(4)], '100'],
      ['BIN(-1)', [int(-1)], '1'.repeat(64)],
    ],
  }),
  define('arithmetic', 'HEX', {
    takes: [
      { takes: [string], gives: gives.string },
      { takes: [aBigint], gives: gives.string },
    ],
    body: (call) =>
      call.args[0]!.type.kind === 'BIGINT'
        ? (v: bigint) => BigInt.asUintN(64, v).toString(16).toUpperCase()
        : (s: string) => hexDigits(Buffer.from(s, 'utf8')),
    doc: 'The integer, or the bytes of the text, in hexadecimal.',
    samples: [
      ['HEX(20)', [bigint(20n)], '14'],
      ["HEX('hello')", [str('hello')], '68656C6C6F'],
    ],
  }),
  define('arithmetic', 'UNHEX', {
    takes: [{ takes: [string], gives: types.BYTES }],
    body: () => unhex,
    doc: 'The bytes of hexadecimal text; NULL where it is none.',
    samples: [["UNHEX('616263')", [str('616263')], new Uint8Array([0x61, 0x62, 0x63])]],
  }),
];

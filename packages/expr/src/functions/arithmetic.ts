/* + - * / % on numbers. Integers wrap as in Java; DECIMAL overflow is NULL; integer and DECIMAL division by zero fails,
 * DOUBLE gives infinity. On times and intervals the operators are rewritten to functions of temporal-arithmetic.ts. */

import {
  isApproximate,
  isExactNumeric,
  isInterval,
  isNumeric,
  layoutOf,
  narrowMax,
  notNull,
  sameType,
  types,
  type DecimalType,
  type LogicalType,
  type Value,
} from '#data';
import { anyNull, not, type CallCompiler, type Code, type Register } from '../compile/code.ts';
import { bindCall } from '../bind/bind-call.ts';
import type { CallExpr, Expr } from '../expression.ts';
import { commonType, computedInterval } from '../types/common-type.ts';
import { asDecimal, decimalResult } from '../types/decimal-types.ts';
import { divisionByZero } from '../values/data-errors.ts';
import { decimalText, divideDecimal, fit, pow10, rescale } from '../values/decimal.ts';
import type { Binding, FunctionEntry } from './entry.ts';
import { bigint, cast, dec, double, int, tinyint } from './examples.ts';
import { implicitly, strictResult } from './parameters.ts';
import { temporalArithmetic } from './temporal-arithmetic.ts';

type Operator = '+' | '-' | '*' | '/' | '%';

function bindNumeric(operator: Operator, args: readonly Expr[]): Binding | undefined {
  const [a, b] = args.map((arg) => (arg.type.kind === 'NULL' ? implicitly(arg, types.INT) : arg)) as [
    Expr,
    Expr,
  ];
  if (!isNumeric(a.type) || !isNumeric(b.type)) return undefined;
  if (
    isExactNumeric(a.type) &&
    isExactNumeric(b.type) &&
    (a.type.kind === 'DECIMAL' || b.type.kind === 'DECIMAL')
  ) {
    const [x, y] = [asDecimal(a.type), asDecimal(b.type)];
    const cast = [implicitly(a, x), implicitly(b, y)];
    if (operator === '%' && x.scale === 0 && y.scale === 0) return wholeRemainder(cast, b.type);
    return { args: cast, type: strictResult(decimalResult(operator, x, y), cast) };
  }
  if (operator === '%' && (isApproximate(a.type) || isApproximate(b.type))) return undefined;
  const common = commonType([a.type, b.type])!;
  if (isApproximate(a.type) && isApproximate(b.type)) {
    // In the type of the first, as in Flink.
    const both = [a, implicitly(b, a.type)];
    return { args: both, type: strictResult(notNull(a.type), both) };
  }
  const cast = [implicitly(a, common), implicitly(b, common)];
  if (operator !== '%') return { args: cast, type: strictResult(notNull(common), cast) };
  // The remainder is no wider than its divisor, whose type it has.
  const whole: Expr = {
    kind: 'call',
    fn: '%',
    args: cast,
    type: strictResult(notNull(common), cast),
    flags: [],
  };
  return common.kind === b.type.kind ? { args: cast, type: whole.type } : { expr: narrowed(whole, b.type) };
}

/** Without digits behind the point the remainder has the type of its divisor, whatever that is. */
function wholeRemainder(cast: readonly Expr[], type: LogicalType): Binding {
  const [x, y] = cast.map((c) => c.type) as [DecimalType, DecimalType];
  const whole: Expr = {
    kind: 'call',
    fn: '%',
    args: cast,
    type: strictResult(decimalResult('%', x, y), cast),
    flags: [],
  };
  return sameType(whole.type, type, false)
    ? { args: cast, type: whole.type }
    : { expr: narrowed(whole, type) };
}

const narrowed = (expr: Expr, type: LogicalType): Expr => ({
  kind: 'call',
  fn: 'CAST',
  args: [expr],
  type: { ...type, nullable: expr.type.nullable },
  flags: [],
});

function integerBody(operator: Operator, call: CallExpr): (a: number, b: number) => number {
  const wrap =
    call.type.kind === 'INT'
      ? (v: number) => v | 0
      : call.type.kind === 'SMALLINT'
        ? (v: number) => (v << 16) >> 16
        : (v: number) => (v << 24) >> 24;
  switch (operator) {
    case '+':
      return (a, b) => wrap(a + b);
    case '-':
      return (a, b) => wrap(a - b);
    case '*':
      return (a, b) => wrap(Math.imul(a, b));
    case '/':
      return (a, b) => (b === 0 ? divisionByZero('/', String(a)) : wrap(Math.trunc(a / b)));
    case '%':
      return (a, b) => (b === 0 ? divisionByZero('%', String(a)) : (a % b) + 0);
  }
}

function bigintBody(operator: Operator): (a: bigint, b: bigint) => bigint {
  switch (operator) {
    case '+':
      return (a, b) => BigInt.asIntN(64, a + b);
    case '-':
      return (a, b) => BigInt.asIntN(64, a - b);
    case '*':
      return (a, b) => BigInt.asIntN(64, a * b);
    case '/':
      return (a, b) => (b === 0n ? divisionByZero('/', String(a)) : BigInt.asIntN(64, a / b));
    case '%':
      return (a, b) => (b === 0n ? divisionByZero('%', String(a)) : a % b);
  }
}

function floatBody(operator: Operator, round: (v: number) => number): (a: number, b: number) => number {
  switch (operator) {
    case '+':
      return (a, b) => round(a + b);
    case '-':
      return (a, b) => round(a - b);
    case '*':
      return (a, b) => round(a * b);
    case '/':
      return (a, b) => round(a / b);
    case '%':
      return (a, b) => round(a % b);
  }
}

function decimalBody(operator: Operator, call: CallExpr): (a: bigint, b: bigint) => bigint | null {
  const [x, y] = call.args.map((arg) => arg.type) as [DecimalType, DecimalType];
  const { precision, scale } = call.type as DecimalType;
  const common = Math.max(x.scale, y.scale);
  const [upA, upB] = [pow10(common - x.scale), pow10(common - y.scale)];
  const rounded = (v: bigint, from: number): bigint | null => fit(rescale(v, from, scale), precision);
  switch (operator) {
    case '+':
      return (a, b) => rounded(a * upA + b * upB, common);
    case '-':
      return (a, b) => rounded(a * upA - b * upB, common);
    case '*':
      return (a, b) => rounded(a * b, x.scale + y.scale);
    case '/':
      return (a, b) =>
        b === 0n
          ? divisionByZero('/', decimalText(a, x.scale))
          : divideDecimal(a, x.scale, b, y.scale, precision, scale);
    case '%':
      return (a, b) =>
        b === 0n ? divisionByZero('%', decimalText(a, x.scale)) : rounded((a * upA) % (b * upB), common);
  }
}

function numericBody(operator: Operator, call: CallExpr): (...args: never[]) => Value {
  switch (call.type.kind) {
    case 'BIGINT':
      return bigintBody(operator);
    case 'DECIMAL':
      return decimalBody(operator, call);
    case 'FLOAT':
      return floatBody(operator, Math.fround);
    case 'DOUBLE':
      return floatBody(operator, (v) => v);
    default:
      return integerBody(operator, call);
  }
}

const plain = (call: CallExpr, value: string, isNull: string): Register => ({
  type: call.type,
  value,
  nanos: '0',
  isNull,
});

/** Small integers and floats: one JavaScript operator, then Java's rounding or wrapping. */
function compileSmall(
  code: Code,
  operator: Operator,
  call: CallExpr,
  a: Register,
  b: Register,
  isNull: string,
): Register {
  const { kind } = call.type;
  if (isApproximate(call.type)) {
    const value = `${a.value} ${operator} ${b.value}`;
    return plain(call, code.keep(kind === 'FLOAT' ? `Math.fround(${value})` : value), isNull);
  }
  if (operator === '/' || operator === '%') {
    guardZero(code, operator, a, b, isNull, '0');
    return plain(call, code.keep(wrapped(kind, `${a.value} ${operator} ${b.value}`)), isNull);
  }
  if (operator === '*')
    return plain(call, code.keep(wrapped(kind, `Math.imul(${a.value}, ${b.value})`)), isNull);
  return plain(call, code.keep(wrapped(kind, `${a.value} ${operator} ${b.value}`)), isNull);
}

/** Java's narrowing of a small result. */
function wrapped(kind: LogicalType['kind'], value: string): string {
  return kind === 'INT'
    ? `(${value}) | 0`
    : kind === 'SMALLINT'
      ? `(${value}) << 16 >> 16`
      : `(${value}) << 24 >> 24`;
}

/** Fails on a zero divisor, unless the row's result is NULL anyway. */
function guardZero(
  code: Code,
  operator: Operator,
  a: Register,
  b: Register,
  isNull: string,
  zero: string,
): void {
  if (b.constant !== undefined && b.constant !== 0 && b.constant !== 0n) return;
  const guard = isNull === 'false' ? '' : `${not(isNull)} && `;
  code.emit(`if (${guard}${b.value} === ${zero}) divisionByZero('${operator}', String(${a.value}));`);
}

/** BIGINT. Narrow: exact in doubles while it stays below 2^53. */
function compileBigint(
  code: Code,
  operator: Operator,
  call: CallExpr,
  a: Register,
  b: Register,
  isNull: string,
): Register {
  if (operator === '/' || operator === '%') guardZero(code, operator, a, b, isNull, code.wide ? '0n' : '0');
  if (code.wide) {
    const zeroSafe = (operator === '/' || operator === '%') && isNull !== 'false';
    const value = `BigInt.asIntN(64, ${a.value} ${operator} ${b.value})`;
    return plain(call, code.keep(zeroSafe ? `${isNull} ? 0n : ${value}` : value), isNull);
  }
  // Adding 0 turns -0 into 0; the remainder first makes the quotient exact.
  if (operator === '/')
    return plain(call, code.keep(`(${a.value} - ${a.value} % ${b.value}) / ${b.value} + 0`), isNull);
  if (operator === '%') return plain(call, code.keep(`${a.value} % ${b.value} + 0`), isNull);
  const value = code.keep(`${a.value} ${operator} ${b.value}${operator === '*' ? ' + 0' : ''}`);
  code.checkNarrow(value, isNull);
  return plain(call, value, isNull);
}

/** DECIMAL + - * whose result keeps every digit: the same in doubles. Others go through the body. */
function compileDecimal(
  code: Code,
  operator: Operator,
  call: CallExpr,
  a: Register,
  b: Register,
  isNull: string,
): Register | undefined {
  const [x, y] = call.args.map((arg) => arg.type) as [DecimalType, DecimalType];
  const { precision, scale } = call.type as DecimalType;
  const exactScale = operator === '*' ? x.scale + y.scale : Math.max(x.scale, y.scale);
  if (code.wide || operator === '/' || operator === '%' || scale !== exactScale) return undefined;
  const up = (r: Register, from: number): string => {
    if (operator === '*' || from === scale) return r.value;
    const value = code.keep(`${r.value} * ${10 ** (scale - from)}`);
    code.checkNarrow(value, isNull);
    return value;
  };
  if (scale > 15) return undefined;
  const [left, right] = [up(a, x.scale), up(b, y.scale)];
  const value = code.keep(`${left} ${operator} ${right}${operator === '*' ? ' + 0' : ''}`);
  code.checkNarrow(value, isNull);
  if (10 ** precision > narrowMax) return plain(call, value, isNull);
  return plain(call, value, anyNull(isNull, `(Math.abs(${value}) >= ${10 ** precision})`));
}

const compileNumeric =
  (operator: Operator): CallCompiler =>
  (code, call) => {
    const layout = layoutOf(call.type);
    if (call.args.length !== 2) return undefined;
    const [a, b] = [code.expr(call.args[0]!), code.expr(call.args[1]!)];
    const isNull = anyNull(a.isNull, b.isNull);
    if (isNull === 'true') return code.literal(null, call.type);
    if (layout !== 'exact') return compileSmall(code, operator, call, a, b, isNull);
    if (call.type.kind === 'BIGINT') return compileBigint(code, operator, call, a, b, isNull);
    return compileDecimal(code, operator, call, a, b, isNull);
  };

function binary(
  operator: Operator,
  doc: string,
  examples: FunctionEntry['examples'],
  aliases: readonly string[] = [],
): FunctionEntry {
  return {
    name: operator,
    aliases,
    family: 'arithmetic',
    takes: [`number ${operator} number`],
    count: { min: operator === '+' || operator === '-' ? 1 : 2, max: 2 },
    bind(args) {
      if (args.length === 1) return bindSign(operator, args[0]!);
      return bindNumeric(operator, args) ?? temporalArithmetic(operator, args);
    },
    body: (call) => numericBody(operator, call),
    compile: compileNumeric(operator),
    doc,
    examples,
  };
}

function bindSign(operator: Operator, arg: Expr): Binding | undefined {
  if (operator === '+') {
    if (isInterval(arg.type)) return { expr: { ...arg, type: computedInterval(arg.type) } };
    return isNumeric(arg.type) || arg.type.kind === 'NULL' ? { expr: arg } : undefined;
  }
  return { expr: bindCall('NEGATE', [arg]) };
}

const negate: FunctionEntry = {
  name: 'NEGATE',
  family: 'arithmetic',
  takes: ['-number', '-INTERVAL'],
  count: { min: 1, max: 1 },
  bind([operand]) {
    const arg = operand!.type.kind === 'NULL' ? implicitly(operand!, types.INT) : operand!;
    const fits =
      isNumeric(arg.type) || arg.type.kind === 'INTERVAL_DAY_TIME' || arg.type.kind === 'INTERVAL_YEAR_MONTH';
    return fits
      ? { args: [arg], type: isInterval(arg.type) ? computedInterval(arg.type) : arg.type }
      : undefined;
  },
  body: (call) => {
    switch (call.type.kind) {
      case 'BIGINT':
      case 'INTERVAL_DAY_TIME':
        return (v: bigint) => BigInt.asIntN(64, -v);
      case 'DECIMAL':
        return (v: bigint) => -v;
      case 'FLOAT':
      case 'DOUBLE':
        return (v: number) => -v;
      case 'SMALLINT':
        return (v: number) => (-v << 16) >> 16;
      case 'TINYINT':
        return (v: number) => (-v << 24) >> 24;
      default:
        return (v: number) => -v | 0;
    }
  },
  compile: (code, call) => {
    const operand = code.expr(call.args[0]!);
    if (operand.isNull === 'true') return operand;
    if (isApproximate(call.type))
      return { type: call.type, value: code.keep(`-${operand.value}`), nanos: '0', isNull: operand.isNull };
    if (layoutOf(call.type) !== 'exact')
      return plain(
        call,
        code.keep(
          wrapped(call.type.kind === 'INTERVAL_YEAR_MONTH' ? 'INT' : call.type.kind, `-${operand.value}`),
        ),
        operand.isNull,
      );
    if (!code.wide) return plain(call, code.keep(`0 - ${operand.value}`), operand.isNull);
    return call.type.kind === 'DECIMAL'
      ? plain(call, code.keep(`-${operand.value}`), operand.isNull)
      : plain(call, code.keep(`BigInt.asIntN(64, -${operand.value})`), operand.isNull);
  },
  doc: 'The number or interval with the other sign.',
  examples: [
    { sql: '-(5)', call: () => bindCall('-', [int(5)]), result: -5 },
    { sql: '-(CAST(-128 AS TINYINT))', call: () => bindCall('-', [tinyint(-128)]), result: -128 },
  ],
};

const call = (operator: Operator, a: Expr, b: Expr) => (): Expr => bindCall(operator, [a, b]);

export const arithmetic: readonly FunctionEntry[] = [
  binary('+', 'Sum; also a time plus an interval.', [
    { sql: '1 + 2', call: call('+', int(1), int(2)), result: 3 },
    { sql: '2147483647 + 1', call: call('+', int(2147483647), int(1)), result: -2147483648 },
    {
      sql: 'CAST(9223372036854775807 AS BIGINT) + 1',
      call: call('+', bigint(2n ** 63n - 1n), int(1)),
      result: -(2n ** 63n),
    },
    { sql: '1 + 1.50', call: call('+', int(1), dec('1.50')), result: 250n },
  ]),
  binary('-', 'Difference; also a time minus an interval.', [
    { sql: '1 - 2.5', call: call('-', int(1), dec('2.5')), result: -15n },
  ]),
  binary('*', 'Product; also an interval times a number.', [
    { sql: '3 * 4', call: call('*', int(3), int(4)), result: 12 },
    { sql: '1.5 * 1.5', call: call('*', dec('1.5'), dec('1.5')), result: 225n },
  ]),
  binary('/', 'Quotient: of integers cut off, of decimals rounded.', [
    { sql: '10 / 3', call: call('/', int(10), int(3)), result: 3 },
    { sql: '10 / CAST(4 AS DOUBLE)', call: call('/', int(10), double(4)), result: 2.5 },
    {
      sql: 'CAST(10 AS DECIMAL(10, 2)) / 3',
      call: () => bindCall('/', [cast(int(10), types.decimal(10, 2)), int(3)]),
      result: 33333333333333n,
    },
  ]),
  binary(
    '%',
    'Remainder, with the sign of the dividend.',
    [
      { sql: 'MOD(7, -3)', call: call('%', int(7), int(-3)), result: 1 },
      {
        sql: 'MOD(CAST(7.5 AS DECIMAL(5, 1)), 2)',
        call: () => bindCall('MOD', [cast(dec('7.5'), types.decimal(5, 1)), int(2)]),
        result: 15n,
      },
    ],
    ['MOD'],
  ),
  negate,
];

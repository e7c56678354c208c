/* CAST, TRY_CAST and TYPEOF. */

import { UserError } from '#base';
import { layoutOf, narrowMax, types, typeText, type DecimalType, type LogicalType, type Value } from '#data';
import { anyNull, type CallCompiler, type Code, type Register } from '../compile/code.ts';
import { bindCall } from '../bind/bind-call.ts';
import { castFunction } from '../values/cast.ts';
import type { CallExpr } from '../expression.ts';
import type { FunctionEntry } from './entry.ts';
import { bool, cast, dec, double, int, str } from './examples.ts';
import { castTo } from '../bind/cast-to.ts';

/** The type's text without short names, which Flink gives where it is to be read back. */
const serializableText = (text: string): string =>
  text.replace(
    /`(?:[^`]|``)*`|\b(?:STRING|BYTES)\b|\bTIMESTAMP_LTZ(\(\d\))/g,
    (word, precision: string | undefined) => {
      if (precision !== undefined) return `TIMESTAMP${precision} WITH LOCAL TIME ZONE`;
      return word === 'STRING' ? 'VARCHAR(2147483647)' : word === 'BYTES' ? 'VARBINARY(2147483647)' : word;
    },
  );

/** Casts that generated code does itself; the others go through castFunction. */
const compileCast: CallCompiler = (code, call) => {
  const from = call.args[0]!.type;
  const to = call.type;
  const operand = code.expr(call.args[0]!);
  if (operand.isNull === 'true') return code.literal(null, to);
  const result = (value: string, isNull = operand.isNull): Register => ({
    type: to,
    value,
    nanos: '0',
    isNull,
  });
  const small = from.kind === 'TINYINT' || from.kind === 'SMALLINT' || from.kind === 'INT';
  switch (to.kind) {
    case 'VARCHAR':
      if ((from.kind !== 'VARCHAR' && from.kind !== 'CHAR') || from.length > to.length) return undefined;
      return { ...operand, type: to };
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
      return compileToSmall(code, operand, to.kind, from, result);
    case 'BIGINT':
      if (small) return result(code.wide ? code.keep(`BigInt(${operand.value})`) : operand.value);
      return undefined;
    case 'DECIMAL':
      return compileToDecimal(code, operand, from, to, result);
    case 'DOUBLE':
      if (small || from.kind === 'FLOAT') return result(operand.value);
      if (from.kind === 'BIGINT')
        return result(code.wide ? code.keep(`Number(${operand.value})`) : operand.value);
      if (from.kind === 'DECIMAL' && !code.wide && from.scale <= 22)
        return result(code.keep(`${operand.value} / ${10 ** from.scale}`));
      return undefined;
    case 'FLOAT':
      if (small || from.kind === 'DOUBLE' || (from.kind === 'BIGINT' && !code.wide))
        return result(code.keep(`Math.fround(${operand.value})`));
      return undefined;
    case 'BOOLEAN':
      return layoutOf(from) === 'i32' ? result(code.keep(`${operand.value} !== 0`)) : undefined;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      if (from.kind !== to.kind) return undefined;
      return compileTruncation(code, operand, to.precision, to);
    default:
      return undefined;
  }
};

function compileToSmall(
  code: Code,
  operand: Register,
  kind: 'TINYINT' | 'SMALLINT' | 'INT',
  from: LogicalType,
  result: (v: string) => Register,
): Register | undefined {
  const cut = kind === 'INT' ? ' | 0' : kind === 'SMALLINT' ? ' << 16 >> 16' : ' << 24 >> 24';
  switch (from.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
      return result(code.keep(`${operand.value}${cut}`));
    // ToInt32 takes the low 32 bits of an exact integer, as Java does.
    case 'BIGINT':
      return code.wide ? undefined : result(code.keep(`${operand.value}${cut}`));
    case 'DECIMAL':
      if (code.wide || from.scale > 15) return undefined;
      return result(
        code.keep(`(${operand.value} - ${operand.value} % ${10 ** from.scale}) / ${10 ** from.scale}${cut}`),
      );
    case 'BOOLEAN':
      return result(code.keep(`${operand.value} ? 1 : 0`));
    default:
      return undefined;
  }
}

function compileToDecimal(
  code: Code,
  operand: Register,
  from: LogicalType,
  to: DecimalType,
  result: (v: string, isNull?: string) => Register,
): Register | undefined {
  const isInteger =
    from.kind === 'TINYINT' || from.kind === 'SMALLINT' || from.kind === 'INT' || from.kind === 'BIGINT';
  const scale = from.kind === 'DECIMAL' ? from.scale : 0;
  if (code.wide || (!isInteger && from.kind !== 'DECIMAL') || to.scale < scale || to.scale - scale > 15)
    return undefined;
  const value = code.keep(
    to.scale === scale ? operand.value : `${operand.value} * ${10 ** (to.scale - scale)}`,
  );
  if (to.scale !== scale) code.checkNarrow(value, operand.isNull);
  if (10 ** to.precision > narrowMax) return result(value);
  return result(value, anyNull(operand.isNull, `(Math.abs(${value}) >= ${10 ** to.precision})`));
}

function compileTruncation(code: Code, operand: Register, precision: number, to: LogicalType): Register {
  const fine = precision > 3;
  if (fine) {
    const unit = 10 ** (9 - precision);
    const nanos =
      operand.nanos === '0' || unit === 1
        ? operand.nanos
        : code.keep(`${operand.nanos} - ${operand.nanos} % ${unit}`);
    return { ...operand, type: to, nanos };
  }
  if (precision === 3) return { ...operand, type: to, nanos: '0' };
  const unit = 10 ** (3 - precision);
  return {
    type: to,
    value: code.keep(`Math.floor(${operand.value} / ${unit}) * ${unit}`),
    nanos: '0',
    isNull: operand.isNull,
  };
}

/** TRY_CAST: what DATA3002 would say is NULL. */
function safely(
  call: CallExpr,
  context: Parameters<NonNullable<FunctionEntry['body']>>[1],
): (value: Value) => Value {
  const body = castFunction(call.args[0]!.type, call.type) as (value: Value, c: typeof context) => Value;
  return (value) => {
    try {
      return body(value, context);
    } catch (error) {
      if (error instanceof UserError && error.code === 'DATA3002') return null;
      throw error;
    }
  };
}

export const conversion: readonly FunctionEntry[] = [
  {
    name: 'CAST',
    family: 'conversion',
    takes: ['CAST(value AS type)'],
    count: { min: 1, max: 1 },
    bind: ([value], { returning, at }) => returning && { expr: castTo(value!, returning, { at }) },
    body: (call, context) => {
      // The legacy behaviour of Flink: NULL instead of an error.
      if (context.legacyCast) return safely(call, context);
      const body = castFunction(call.args[0]!.type, call.type) as (value: Value, c: typeof context) => Value;
      return (value: Value) => body(value, context);
    },
    compile: compileCast,
    doc: 'The value as another type. Text that cannot be read is an error; a DECIMAL too large is NULL.',
    examples: [
      { sql: "CAST('42' AS INT)", call: () => cast(str('42'), types.INT), result: 42 },
      {
        sql: 'CAST(1.005 AS DECIMAL(5, 2))',
        call: () => cast(dec('1.005'), types.decimal(5, 2)),
        result: 101n,
      },
      {
        sql: 'CAST(CAST(100000000 AS DOUBLE) AS STRING)',
        call: () => cast(double(1e8), types.STRING),
        result: '1.0E8',
      },
      { sql: 'CAST(TRUE AS STRING)', call: () => cast(bool(true), types.STRING), result: 'TRUE' },
      { sql: 'CAST(300 AS TINYINT)', call: () => cast(int(300), types.TINYINT), result: 44 },
    ],
  },
  {
    name: 'TRY_CAST',
    family: 'conversion',
    takes: ['TRY_CAST(value AS type)'],
    count: { min: 1, max: 1 },
    bind: ([value], { returning, at }) =>
      returning && { expr: castTo(value!, returning, { safe: true, at }) },
    body: safely,
    doc: 'As CAST, but NULL where CAST fails.',
    examples: [
      {
        sql: "TRY_CAST('abc' AS INT)",
        call: () => castTo(str('abc'), types.INT, { safe: true }),
        result: null,
      },
    ],
  },
  {
    name: 'TYPEOF',
    family: 'conversion',
    takes: ['TYPEOF(value[, BOOLEAN])'],
    count: { min: 1, max: 2 },
    bind: ([value, serializable]) => {
      const text = typeText(value!.type);
      const full = serializable?.kind === 'literal' && serializable.value === true;
      return { expr: { kind: 'literal', value: full ? serializableText(text) : text, type: types.STRING } };
    },
    doc: 'The name of the value’s type.',
    examples: [{ sql: 'TYPEOF(1)', call: () => bindCall('TYPEOF', [int(1)]), result: 'INT NOT NULL' }],
  },
];

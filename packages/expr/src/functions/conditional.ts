/* CASE and what is a short form of it. Branches are evaluated only where they are taken. */

import {
  compareValues,
  isOrderable,
  isInteger,
  isInterval,
  isNumeric,
  isString,
  notNull,
  types,
  withNullable,
  type LogicalType,
  type Value,
} from '#data';
import { not, type CallCompiler } from '../compile/code.ts';
import { bindCall } from '../bind/bind-call.ts';
import { castTo } from '../bind/cast-to.ts';
import type { Expr } from '../expression.ts';
import { canCastExplicitly } from '../types/cast-rules.ts';
import { commonType, mergedType } from '../types/common-type.ts';
import { parseDouble } from '../values/number-text.ts';
import type { Binding, FunctionEntry } from './entry.ts';
import { bool, dec, int, nullOf, str } from './examples.ts';
import { implicitly } from './parameters.ts';

/** [when, then, when, then, …, else] with conditions BOOLEAN and results of one type. */
function bindCase(args: readonly Expr[]): Binding | undefined {
  const all = args.length % 2 === 0 ? [...args, nullOf(types.NULL)] : [...args];
  const isResult = (i: number): boolean => i % 2 === 1 || i === all.length - 1;
  const type = commonType(all.filter((_, i) => isResult(i)).map((a) => a.type));
  if (type === undefined) return undefined;
  for (const [i, arg] of all.entries()) {
    if (!isResult(i) && arg.type.kind !== 'BOOLEAN' && arg.type.kind !== 'NULL') return undefined;
  }
  return { args: all.map((a, i) => implicitly(a, isResult(i) ? type : types.BOOLEAN)), type };
}

const compileCase: CallCompiler = (code, call) => {
  const { args } = call;
  const { register, assign } = code.variable(call.type);
  const done = code.name('case');
  code.block(`${done}:`, () => {
    for (let i = 0; i + 1 < args.length; i += 2) {
      const when = code.truth(code.expr(args[i]!));
      if (when === 'false') continue;
      code.block(`if (${when})`, () => {
        assign(code.expr(args[i + 1]!));
        code.emit(`break ${done};`);
      });
    }
    assign(code.expr(args.at(-1)!));
  });
  return register;
};

const caseEntry: FunctionEntry = {
  name: 'CASE',
  family: 'conditional',
  takes: ['CASE WHEN condition THEN result … [ELSE result] END'],
  count: { min: 2, max: Infinity },
  bind: bindCase,
  strict: false,
  lazy(args) {
    for (let i = 0; i + 1 < args.length; i += 2) if (args[i]!() === true) return args[i + 1]!();
    return args.at(-1)!();
  },
  compile: compileCase,
  doc: 'The result of the first condition that is TRUE.',
  examples: [
    {
      sql: 'CASE WHEN 1 > 2 THEN 1 ELSE 2.5 END',
      call: () => bindCall('CASE', [bindCall('>', [int(1), int(2)]), int(1), dec('2.5')]),
      result: 25n,
    },
    {
      sql: "CASE WHEN FALSE THEN 'a' END",
      call: () => bindCall('CASE', [bool(false), str('a')]),
      result: null,
    },
  ],
};

const compileCoalesce: CallCompiler = (code, call) => {
  const { register, assign } = code.variable(call.type);
  const done = code.name('coalesce');
  code.block(`${done}:`, () => {
    for (const arg of call.args) {
      const value = code.expr(arg);
      if (value.isNull === 'true') continue;
      if (value.isNull === 'false') {
        assign(value);
        break;
      }
      code.block(`if (${not(value.isNull)})`, () => {
        assign(value);
        code.emit(`break ${done};`);
      });
    }
  });
  return register;
};

const coalesce: FunctionEntry = {
  name: 'COALESCE',
  family: 'conditional',
  takes: ['COALESCE(value, …)'],
  count: { min: 1, max: Infinity },
  bind(args) {
    const type = mergedType(args.map((a) => a.type));
    if (type === undefined) return undefined;
    const nullable = args.every((a) => a.type.nullable);
    if (args.length === 1 && !isInterval(type)) return { expr: args[0]! };
    return { args: args.map((a) => implicitly(a, type)), type: withNullable(type, nullable) };
  },
  strict: false,
  lazy(args) {
    for (const arg of args) {
      const value = arg();
      if (value !== null) return value;
    }
    return null;
  },
  compile: compileCoalesce,
  doc: 'The first value that is not NULL.',
  examples: [
    {
      sql: 'COALESCE(CAST(NULL AS INT), 5)',
      call: () => bindCall('COALESCE', [nullOf(types.INT), int(5)]),
      result: 5,
    },
    {
      sql: 'COALESCE(NULL, 1, 2.5)',
      call: () => bindCall('COALESCE', [nullOf(types.NULL), int(1), dec('2.5')]),
      result: 10n,
    },
  ],
};

/** GREATEST and LEAST: NULL when any is. */
function extreme(
  name: string,
  wanted: (order: number) => boolean,
  doc: string,
  examples: FunctionEntry['examples'],
): FunctionEntry {
  return {
    name,
    family: 'conditional',
    takes: [`${name}(value, …)`],
    count: { min: 1, max: Infinity },
    bind(args) {
      const type = mergedType(args.map((a) => a.type));
      if (type === undefined || !isOrderable(type)) return undefined;
      if (['ARRAY', 'MAP', 'ROW', 'MULTISET'].includes(type.kind)) return undefined;
      return { args: args.map((a) => implicitly(a, type)), type };
    },
    body:
      () =>
      (...values: Value[]) =>
        values.reduce((best, v) => (wanted(compareValues(v, best)) ? v : best)),
    doc,
    examples,
  };
}

/** A test of a string's characters; FALSE for NULL. */
function shape(
  name: string,
  test: (text: string) => boolean,
  always: (type: LogicalType) => boolean,
  doc: string,
  examples: FunctionEntry['examples'],
): FunctionEntry {
  return {
    name,
    family: 'conditional',
    takes: [`${name}(STRING or number)`],
    count: { min: 1, max: 1 },
    bind: ([arg]) =>
      isString(arg!.type) || isNumeric(arg!.type) || arg!.type.kind === 'NULL'
        ? {
            args: [arg!.type.kind === 'NULL' ? castTo(arg!, types.STRING) : arg!],
            type: notNull(types.BOOLEAN),
          }
        : undefined,
    strict: false,
    // Of numbers Flink asks for the type alone: TRUE even for NULL.
    body: (call) => {
      const { type } = call.args[0]!;
      if (!isString(type)) return () => always(type);
      return (value: string | null) => value !== null && test(value);
    },
    doc,
    examples,
  };
}

const rewriting = (
  name: string,
  takes: string,
  min: number,
  max: number,
  rewrite: (args: readonly Expr[]) => Expr,
  doc: string,
  examples: FunctionEntry['examples'],
): FunctionEntry => ({
  name,
  family: 'conditional',
  takes: [takes],
  count: { min, max },
  bind: (args) => ({ expr: rewrite(args) }),
  doc,
  examples,
});

export const conditional: readonly FunctionEntry[] = [
  caseEntry,
  coalesce,
  rewriting(
    'IF',
    'IF(BOOLEAN, value, value)',
    3,
    3,
    bindIf,
    'The second value where the condition is TRUE, else the third.',
    [
      {
        sql: 'IF(1 = 1, 1, 2)',
        call: () => bindCall('IF', [bindCall('=', [int(1), int(1)]), int(1), int(2)]),
        result: 1,
      },
    ],
  ),
  rewriting(
    'IFNULL',
    'IFNULL(value, value)',
    2,
    2,
    ifNull,
    'The first value, or the second where the first is NULL.',
    [
      {
        sql: 'IFNULL(CAST(NULL AS INT), 5)',
        call: () => bindCall('IFNULL', [nullOf(types.INT), int(5)]),
        result: 5,
      },
    ],
  ),
  rewriting(
    'NULLIF',
    'NULLIF(value, value)',
    2,
    2,
    nullIf,
    'The first value, or NULL where both are equal.',
    [
      { sql: 'NULLIF(1, 1)', call: () => bindCall('NULLIF', [int(1), int(1)]), result: null },
      { sql: 'NULLIF(1, 2)', call: () => bindCall('NULLIF', [int(1), int(2)]), result: 1 },
    ],
  ),
  extreme('GREATEST', (o) => o > 0, 'The greatest value; NULL when one is NULL.', [
    { sql: 'GREATEST(1, 3, 2)', call: () => bindCall('GREATEST', [int(1), int(3), int(2)]), result: 3 },
    {
      sql: 'GREATEST(1, CAST(NULL AS INT))',
      call: () => bindCall('GREATEST', [int(1), nullOf(types.INT)]),
      result: null,
    },
  ]),
  extreme('LEAST', (o) => o < 0, 'The least value; NULL when one is NULL.', [
    { sql: "LEAST('b', 'a')", call: () => bindCall('LEAST', [str('b'), str('a')]), result: 'a' },
  ]),
  shape(
    'IS_ALPHA',
    (s) => s !== '' && /^\p{L}*$/u.test(s),
    () => false,
    'Whether every character is a letter.',
    [
      { sql: "IS_ALPHA('abc')", call: () => bindCall('IS_ALPHA', [str('abc')]), result: true },
      { sql: "IS_ALPHA('a1')", call: () => bindCall('IS_ALPHA', [str('a1')]), result: false },
    ],
  ),
  shape(
    'IS_DIGIT',
    (s) => s !== '' && /^\p{Nd}*$/u.test(s),
    isInteger,
    'Whether every character is a digit.',
    [{ sql: "IS_DIGIT('123')", call: () => bindCall('IS_DIGIT', [str('123')]), result: true }],
  ),
  shape(
    'IS_DECIMAL',
    (s) => parseDouble(s.trim()) !== undefined,
    (t) => t.kind !== 'DECIMAL',
    'Whether the text is a number.',
    [
      { sql: "IS_DECIMAL('1.5')", call: () => bindCall('IS_DECIMAL', [str('1.5')]), result: true },
      { sql: "IS_DECIMAL('abc')", call: () => bindCall('IS_DECIMAL', [str('abc')]), result: false },
    ],
  ),
];

/** CASE, but NULL is in its type where the condition may be NULL, as in Flink. */
function bindIf([condition, yes, no]: readonly Expr[]): Expr {
  // Times come in the type of the first value.
  const times = ['TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'];
  const both = times.includes(yes!.type.kind) && times.includes(no!.type.kind);
  const other = both && canCastExplicitly(no!.type, yes!.type) ? implicitly(no!, yes!.type) : no!;
  const args = [condition!, yes!, other];
  const expr = bindCall('CASE', args);
  return { ...expr, type: withNullable(expr.type, expr.type.nullable || args[0]!.type.nullable) };
}

/** A text that is never NULL keeps its type; numbers are brought to one. */
function ifNull([a, b]: readonly Expr[]): Expr {
  return isString(a!.type) && !a!.type.nullable && isString(b!.type) ? a! : bindCall('COALESCE', [a!, b!]);
}

function nullIf([a, b]: readonly Expr[]): Expr {
  const type: LogicalType = withNullable(a!.type, true);
  return bindCall('CASE', [bindCall('=', [a!, b!]), nullOf(type), a!]);
}

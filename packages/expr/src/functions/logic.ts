/* AND, OR, NOT and the IS tests, in three-valued logic. AND and OR stop at the first operand that decides. */

import { notNull, types, type Value } from '#data';
import { anyNull, not as negated, type CallCompiler, type Code, type Register } from '../compile/code.ts';
import { bindCall } from '../bind/bind-call.ts';
import type { CallExpr, Expr } from '../expression.ts';
import type { FunctionEntry } from './entry.ts';
import { bool, int, nullOf } from './examples.ts';
import { gives, implicitly, parameters, signatures, strictResult } from './parameters.ts';

const unknown = nullOf(types.BOOLEAN);

/** The register and the lines that make it, to be emitted here or inside a branch. */
function apart(code: Code, expr: Expr): { lines: readonly string[]; register: Register } {
  return code.apart(() => code.expr(expr));
}

/** Statements that are cheaper to run always than to branch around, and that cannot fail. */
const cheap = (lines: readonly string[]): boolean =>
  lines.length <= 3 && lines.every((l) => /^\s*const v\d+ = [^;]*;$/.test(l) && !/[a-zA-Z]\w*\(|\?/.test(l));

/** A boolean register as "not FALSE" (for AND) or "TRUE" (for OR), the half that decides. */
const half = (isAnd: boolean, r: Register): string => {
  if (r.isNull === 'true') return String(isAnd);
  if (r.isNull === 'false') return r.value;
  return isAnd ? `(${r.isNull} || ${r.value})` : `(${negated(r.isNull)} && ${r.value})`;
};

const compileJunction =
  (isAnd: boolean): CallCompiler =>
  (code, call) => {
    let left = code.expr(call.args[0]!);
    for (const arg of call.args.slice(1)) left = compilePair(code, isAnd, left, arg, call);
    return left;
  };

function compilePair(code: Code, isAnd: boolean, left: Register, arg: Expr, call: CallExpr): Register {
  const right = apart(code, arg);
  const operator = isAnd ? '&&' : '||';
  const combined = (r: Register): { value: string; isNull: string } => {
    const nulls = anyNull(left.isNull, r.isNull);
    return { value: `${half(isAnd, left)} ${operator} ${half(isAnd, r)}`, isNull: nulls };
  };
  if (cheap(right.lines)) {
    code.append(right.lines);
    const { value, isNull } = combined(right.register);
    const name = code.keep(value);
    const unknowns = isNull === 'false' ? 'false' : `(${isAnd ? name : `!${name}`} && ${isNull})`;
    return {
      type: call.type,
      value: name,
      nanos: '0',
      isNull: unknowns === 'false' ? unknowns : code.keep(unknowns, 'n'),
    };
  }
  const value = code.name();
  const { isNull } = combined(right.register);
  const nulls = isNull === 'false' ? undefined : code.name('n');
  code.emit(`let ${value} = ${half(isAnd, left)}${nulls === undefined ? '' : `, ${nulls} = false`};`);
  code.block(`if (${isAnd ? value : `!${value}`})`, () => {
    code.append(right.lines, 1);
    code.emit(`${value} = ${half(isAnd, right.register)};`);
    if (nulls !== undefined) code.emit(`${nulls} = ${isAnd ? value : `!${value}`} && ${isNull};`);
  });
  return { type: call.type, value, nanos: '0', isNull: nulls ?? 'false' };
}

function junction(name: 'AND' | 'OR', doc: string, examples: FunctionEntry['examples']): FunctionEntry {
  const decides = name === 'OR';
  return {
    name,
    family: 'logic',
    takes: [`a ${name} b`],
    count: { min: 2, max: Infinity },
    bind(args) {
      if (!args.every((a) => a.type.kind === 'BOOLEAN' || a.type.kind === 'NULL')) return undefined;
      const cast = args.map((a) => implicitly(a, types.BOOLEAN));
      return { args: cast, type: strictResult(notNull(types.BOOLEAN), cast) };
    },
    strict: false,
    lazy(args) {
      let result: Value = !decides;
      for (const arg of args) {
        const value = arg();
        if (value === decides) return decides;
        if (value === null) result = null;
      }
      return result;
    },
    compile: compileJunction(name === 'AND'),
    doc,
    examples,
  };
}

const not: FunctionEntry = {
  name: 'NOT',
  family: 'logic',
  ...signatures('NOT', { takes: [parameters.boolean], gives: gives.boolean }),
  takes: ['NOT a'],
  body: () => (value: boolean) => !value,
  compile: (code, call) => {
    const operand = code.expr(call.args[0]!);
    return { ...operand, type: call.type, value: code.keep(`!${operand.value}`) };
  },
  doc: 'The opposite; NULL stays NULL.',
  examples: [
    { sql: 'NOT TRUE', call: () => bindCall('NOT', [bool(true)]), result: false },
    { sql: 'NOT CAST(NULL AS BOOLEAN)', call: () => bindCall('NOT', [unknown]), result: null },
  ],
};

/** A test for what never is NULL itself. */
function test(
  name: string,
  takes: 'boolean' | 'anything',
  body: (value: Value) => boolean,
  js: (r: Register) => string,
  doc: string,
  examples: FunctionEntry['examples'],
): FunctionEntry {
  return {
    name,
    family: 'logic',
    ...signatures(name, { takes: [parameters[takes]], gives: gives.boolean }),
    bind: (args) => {
      const arg = takes === 'anything' ? args[0]! : implicitlyBoolean(args[0]!);
      return arg && { args: [arg], type: notNull(types.BOOLEAN) };
    },
    takes: [`a ${name}`],
    strict: false,
    body: () => body,
    compile: (code, call) => {
      const operand = code.expr(call.args[0]!);
      return { type: call.type, value: js(operand), nanos: '0', isNull: 'false' };
    },
    doc,
    examples,
  };
}

const implicitlyBoolean = (arg: Expr): Expr | undefined =>
  arg.type.kind === 'BOOLEAN' || arg.type.kind === 'NULL' ? implicitly(arg, types.BOOLEAN) : undefined;

const isTrue = (r: Register): string =>
  r.isNull === 'true' ? 'false' : r.isNull === 'false' ? r.value : `(${negated(r.isNull)} && ${r.value})`;
const isFalse = (r: Register): string =>
  r.isNull === 'true'
    ? 'false'
    : r.isNull === 'false'
      ? `!${r.value}`
      : `(${negated(r.isNull)} && !${r.value})`;
const example = (name: string, sql: string, arg: Expr, result: boolean): FunctionEntry['examples'] => [
  { sql: `${sql} ${name}`, call: () => bindCall(name, [arg]), result },
];

export const logic: readonly FunctionEntry[] = [
  junction('AND', 'TRUE when both are; FALSE when one is FALSE, whatever the other is.', [
    { sql: 'TRUE AND FALSE', call: () => bindCall('AND', [bool(true), bool(false)]), result: false },
    {
      sql: 'CAST(NULL AS BOOLEAN) AND FALSE',
      call: () => bindCall('AND', [unknown, bool(false)]),
      result: false,
    },
    {
      sql: 'CAST(NULL AS BOOLEAN) AND TRUE',
      call: () => bindCall('AND', [unknown, bool(true)]),
      result: null,
    },
  ]),
  junction('OR', 'TRUE when one is TRUE, whatever the other is.', [
    { sql: 'CAST(NULL AS BOOLEAN) OR TRUE', call: () => bindCall('OR', [unknown, bool(true)]), result: true },
    {
      sql: 'CAST(NULL AS BOOLEAN) OR FALSE',
      call: () => bindCall('OR', [unknown, bool(false)]),
      result: null,
    },
  ]),
  not,
  test(
    'IS NULL',
    'anything',
    (v) => v === null,
    (r) => r.isNull,
    'TRUE for NULL.',
    example('IS NULL', '1', int(1), false),
  ),
  test(
    'IS NOT NULL',
    'anything',
    (v) => v !== null,
    (r) => (r.isNull === 'false' ? 'true' : `${negated(r.isNull)}`),
    'TRUE for anything but NULL.',
    example('IS NOT NULL', '1', int(1), true),
  ),
  test(
    'IS TRUE',
    'boolean',
    (v) => v === true,
    isTrue,
    'TRUE for TRUE, else FALSE.',
    example('IS TRUE', 'CAST(NULL AS BOOLEAN)', unknown, false),
  ),
  test(
    'IS NOT TRUE',
    'boolean',
    (v) => v !== true,
    (r) => `!${isTrue(r)}`,
    'TRUE for FALSE and NULL.',
    example('IS NOT TRUE', 'CAST(NULL AS BOOLEAN)', unknown, true),
  ),
  test(
    'IS FALSE',
    'boolean',
    (v) => v === false,
    isFalse,
    'TRUE for FALSE.',
    example('IS FALSE', 'FALSE', bool(false), true),
  ),
  test(
    'IS NOT FALSE',
    'boolean',
    (v) => v !== false,
    (r) => `!${isFalse(r)}`,
    'TRUE for TRUE and NULL.',
    example('IS NOT FALSE', 'FALSE', bool(false), false),
  ),
  test(
    'IS UNKNOWN',
    'boolean',
    (v) => v === null,
    (r) => r.isNull,
    'TRUE for a NULL boolean.',
    example('IS UNKNOWN', 'CAST(NULL AS BOOLEAN)', unknown, true),
  ),
  test(
    'IS NOT UNKNOWN',
    'boolean',
    (v) => v !== null,
    (r) => (r.isNull === 'false' ? 'true' : `${negated(r.isNull)}`),
    'TRUE for TRUE and FALSE.',
    example('IS NOT UNKNOWN', 'TRUE', bool(true), true),
  ),
];

/* = <> < <= > >=, IS [NOT] DISTINCT FROM, BETWEEN, IN. NULL compares as unknown; NaN as in Java, equal to nothing. */

import { compareValues, layoutOf, notNull, types, withNullable, type LogicalType, type Value } from '#data';
import { lengthTest, sameAsConstant } from '../compile/bytes-test.ts';
import { anyNull, not, type CallCompiler, type Code, type Register } from '../compile/code.ts';
import type { CallExpr, Expr } from '../expression.ts';
import { pow10 } from '../values/decimal.ts';
import { valueKey } from '../values/value-key.ts';
import { bindCall } from '../bind/bind-call.ts';
import { literal } from '../bind/literal.ts';
import { comparable, equatable, listed, listFor } from './comparable.ts';
import type { FunctionEntry } from './entry.ts';
import { dec, double, int, nullOf, str, ts } from './examples.ts';
import { strictResult } from './parameters.ts';
import { byFields } from './row-comparison.ts';

type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=';
const jsOperator = { '=': '===', '<>': '!==', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const;

const scaleOf = (type: LogicalType): number => (type.kind === 'DECIMAL' ? type.scale : 0);

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** The comparison as a function on values of two comparable types. */
export function comparer(
  operator: Operator,
  a: LogicalType,
  b: LogicalType,
): (x: Value, y: Value) => boolean {
  if (layoutOf(a) === 'f64') {
    return (x, y) =>
      Number.isNaN(x) || Number.isNaN(y) ? operator === '<>' : holds(operator, compareValues(x, y));
  }
  const [scaleA, scaleB] = [scaleOf(a), scaleOf(b)];
  if (scaleA === scaleB) return (x, y) => holds(operator, compareValues(x, y));
  const scale = Math.max(scaleA, scaleB);
  const [upA, upB] = [pow10(scale - scaleA), pow10(scale - scaleB)];
  return (x, y) => holds(operator, compareValues((x as bigint) * upA, (y as bigint) * upB));
}

/** JS expression of `a operator b` for registers that are not null. */
export function comparisonCode(code: Code, operator: Operator, a: Register, b: Register): string | undefined {
  const js = jsOperator[operator];
  switch (layoutOf(a.type)) {
    case 'i32':
    case 'f64':
      return `${a.value} ${js} ${b.value}`;
    case 'exact':
      return `${scaled(code, a, b)} ${js} ${scaled(code, b, a)}`;
    case 'time':
      if (a.nanos === '0' && b.nanos === '0') return `${a.value} ${js} ${b.value}`;
      if (operator === '=') return `${a.value} === ${b.value} && ${a.nanos} === ${b.nanos}`;
      if (operator === '<>') return `${a.value} !== ${b.value} || ${a.nanos} !== ${b.nanos}`;
      return `${a.value} === ${b.value} ? ${a.nanos} ${js} ${b.nanos} : ${a.value} ${js} ${b.value}`;
    case 'bytes':
      return bytesComparison(code, operator, a, b);
    default:
      return undefined;
  }
}

/** `a` at the greater scale of both. Narrow: a product beyond 2^53 still compares right with a number below it. */
function scaled(code: Code, a: Register, b: Register): string {
  const up = scaleOf(b.type) - scaleOf(a.type);
  if (up <= 0) return a.value;
  return `(${a.value} * ${code.wide ? `${pow10(up)}n` : String(10 ** up)})`;
}

function bytesComparison(code: Code, operator: Operator, a: Register, b: Register): string | undefined {
  if (operator === '=' || operator === '<>') {
    const [sliced, other] = a.slice === undefined ? [b, a] : [a, b];
    const bytes = constantBytes(other);
    const test = sliced.slice && bytes && sameAsConstant(code, sliced.slice, bytes);
    if (test !== undefined) return `${operator === '=' ? '' : '!'}${test}`;
  }
  const [x, y] = [bytesOf(code, a), bytesOf(code, b)];
  if (x === undefined || y === undefined) {
    if (a.type.kind !== 'CHAR' && a.type.kind !== 'VARCHAR') return undefined;
    // Equality of texts is that of their UTF-16; order is that of code points.
    if (operator !== '=' && operator !== '<>') return undefined;
    return `${code.text(a)} ${jsOperator[operator]} ${code.text(b)}`;
  }
  if (operator === '=' || operator === '<>') return `${operator === '=' ? '' : '!'}sameBytes(${x}, ${y})`;
  return `orderBytes(${x}, ${y}) ${operator} 0`;
}

/** The three arguments that name the bytes of a column's slice or of a literal. */
function bytesOf(code: Code, register: Register): string | undefined {
  if (register.slice !== undefined)
    return `${register.slice.data}, ${register.slice.start}, ${register.slice.length}`;
  const bytes = constantBytes(register);
  return bytes && `${code.constant(bytes)}, 0, ${bytes.length}`;
}
function constantBytes({ constant }: Register): Uint8Array | undefined {
  if (constant === undefined || constant === null) return undefined;
  return typeof constant === 'string' ? new Uint8Array(Buffer.from(constant)) : (constant as Uint8Array);
}

const compileComparison =
  (operator: Operator): CallCompiler =>
  (code, call) => {
    const length = lengthComparison(code, operator, call);
    if (length !== undefined) return length;
    const [a, b] = [code.expr(call.args[0]!), code.expr(call.args[1]!)];
    const isNull = anyNull(a.isNull, b.isNull);
    if (isNull === 'true') return code.literal(null, call.type);
    const test = comparisonCode(code, operator, a, b);
    if (test === undefined) return undefined;
    const guarded = a.slice !== undefined && isNull !== 'false' ? `${not(isNull)} && (${test})` : test;
    return { type: call.type, value: code.keep(guarded), nanos: '0', isNull };
  };

/** CHAR_LENGTH(text) against a constant; undefined for any other comparison. */
function lengthComparison(code: Code, operator: Operator, call: CallExpr): Register | undefined {
  const [left, right] = call.args;
  if (left?.kind !== 'call' || left.fn !== 'CHAR_LENGTH' || right?.kind !== 'literal') return undefined;
  const bound = right.value;
  const { slice, isNull } = code.expr(left.args[0]!);
  if (slice === undefined || typeof bound !== 'number') return undefined;
  const test = lengthTest(code, slice, operator, bound);
  const value = code.keep(isNull === 'false' ? test : `${not(isNull)} && ${test}`);
  return { type: call.type, value, nanos: '0', isNull };
}

const compared = (fn: Operator, args: readonly [Expr, Expr]): CallExpr => ({
  kind: 'call',
  fn,
  args,
  type: withNullable(
    types.BOOLEAN,
    args.some((a) => holdsNull(a.type)),
  ),
  flags: [],
});
/** Whether a value may be NULL, or a field of a row in it: what Calcite asks for the type of a comparison. */
const holdsNull = (type: LogicalType): boolean =>
  type.nullable || (type.kind === 'ROW' && type.fields.some((f) => holdsNull(f.type)));

/** Fields of two rows as = has them: no digit is lost, and a row within is one value. */
function equalFields(a: Expr, b: Expr): Expr | undefined {
  const pair = comparable(a, b, false);
  return pair && compared('=', pair);
}
/** Fields of rows in a list of IN. */
function equalListed(a: Expr, b: Expr): Expr | undefined {
  const pair = equatable(a, b);
  return pair && compared('=', pair);
}

function comparison_(
  operator: Operator,
  ordered: boolean,
  doc: string,
  examples: FunctionEntry['examples'],
): FunctionEntry {
  return {
    name: operator,
    family: 'comparison',
    takes: [`a ${operator} b`],
    count: { min: 2, max: 2 },
    bind([a, b]) {
      const fields = operator === '=' ? byFields(a!, b!, equalFields, 'AND') : undefined;
      if (fields !== undefined) return { expr: fields };
      const pair = ordered ? comparable(a!, b!, true) : equatable(a!, b!);
      return pair && compared(operator, pair);
    },
    body: (call) => comparer(operator, call.args[0]!.type, call.args[1]!.type),
    compile: compileComparison(operator),
    doc,
    examples,
  };
}

const distinct = (name: string, negated: boolean): FunctionEntry => ({
  name,
  family: 'comparison',
  takes: [`a ${name} b`],
  count: { min: 2, max: 2 },
  bind([a, b]) {
    const fields = byFields(a!, b!, (x, y) => bindCall(name, [x, y]), negated ? 'AND' : 'OR');
    if (fields !== undefined) return { expr: fields };
    const pair = comparable(a!, b!, false);
    if (pair === undefined) return undefined;
    const call: CallExpr = { kind: 'call', fn: name, args: pair, type: notNull(types.BOOLEAN), flags: [] };
    if (pair.every((e, i) => e === [a, b][i] || e.kind !== 'call' || e.fn !== 'TRY_CAST'))
      return { expr: call };
    // A text that is no time is no NULL for that.
    const [isNull, isOtherNull] = [bindCall('IS NULL', [a!]), bindCall('IS NULL', [b!])];
    const nulls = bindCall(negated ? '=' : '<>', [isNull, isOtherNull]);
    return { expr: bindCall(negated ? 'AND' : 'OR', [nulls, call]) };
  },
  strict: false,
  body: (call) => {
    const equal = comparer('=', call.args[0]!.type, call.args[1]!.type);
    return (a: Value, b: Value) => (a === null || b === null ? a === b : equal(a, b)) === negated;
  },
  compile: (code, call) => {
    const [a, b] = [code.expr(call.args[0]!), code.expr(call.args[1]!)];
    if (a.isNull === 'true' || b.isNull === 'true') {
      const same = a.isNull === 'true' ? b.isNull : a.isNull;
      return { type: call.type, value: code.keep(negated ? same : not(same)), nanos: '0', isNull: 'false' };
    }
    const test = comparisonCode(code, '=', a, b);
    if (test === undefined) return undefined;
    const isNull = anyNull(a.isNull, b.isNull);
    const same = isNull === 'false' ? test : `${isNull} ? ${a.isNull} === ${b.isNull} : ${test}`;
    return { type: call.type, value: code.keep(negated ? same : `!(${same})`), nanos: '0', isNull: 'false' };
  },
  doc: negated
    ? 'TRUE when both are equal or both NULL; never NULL.'
    : 'TRUE when they differ or exactly one is NULL; never NULL.',
  examples: negated
    ? [
        {
          sql: 'CAST(NULL AS INT) IS NOT DISTINCT FROM CAST(NULL AS INT)',
          call: () => bindCall(name, [nullOf(types.INT), nullOf(types.INT)]),
          result: true,
        },
      ]
    : [
        {
          sql: '1 IS DISTINCT FROM NULL',
          call: () => bindCall(name, [int(1), nullOf(types.NULL)]),
          result: true,
        },
      ],
});

const between: FunctionEntry = {
  name: 'BETWEEN',
  family: 'comparison',
  takes: ['a [NOT] BETWEEN [SYMMETRIC] b AND c'],
  count: { min: 3, max: 3 },
  flags: 'SYMMETRIC: the bounds may come in either order.',
  bind([value, low, high], { flags = [] }) {
    const within = (from: Expr, to: Expr): Expr =>
      bindCall('AND', [bindCall('>=', [value!, from]), bindCall('<=', [value!, to])]);
    const plain = within(low!, high!);
    return { expr: flags.includes('SYMMETRIC') ? bindCall('OR', [plain, within(high!, low!)]) : plain };
  },
  doc: 'TRUE when low <= a and a <= high.',
  examples: [
    { sql: '2 BETWEEN 1 AND 3', call: () => bindCall('BETWEEN', [int(2), int(1), int(3)]), result: true },
    {
      sql: '2 BETWEEN SYMMETRIC 3 AND 1',
      call: () => bindCall('BETWEEN', [int(2), int(3), int(1)], { flags: ['SYMMETRIC'] }),
      result: true,
    },
    {
      sql: '2 NOT BETWEEN 1 AND 3',
      call: () => bindCall('NOT BETWEEN', [int(2), int(1), int(3)]),
      result: false,
    },
  ],
};

/** Above this many constants a list is searched by hash. */
const comparedOneByOneMax = 6;

function listBody(call: CallExpr): (...args: Value[]) => Value {
  const [subject, ...items] = call.args;
  const constant =
    items.every((i) => i.kind === 'literal' && scaleOf(i.type) === scaleOf(subject!.type)) &&
    isHashable(subject!.type);
  if (!constant) {
    const tests = items.map((item) => comparer('=', subject!.type, item.type));
    return (value, ...list) => {
      if (value === null) return null;
      if (list.some((item, i) => item !== null && tests[i]!(value, item))) return true;
      return list.includes(null) ? null : false;
    };
  }
  const values = items.map((i) => (i.kind === 'literal' ? i.value : null));
  const keys = new Set(values.filter((v) => v !== null && !Number.isNaN(v)).map(valueKey));
  const otherwise = values.includes(null) ? null : false;
  return (value) => (value === null ? null : keys.has(valueKey(value)) ? true : otherwise);
}

const isHashable = (type: LogicalType): boolean => !['row', 'list', 'map'].includes(layoutOf(type));

const inList: FunctionEntry = {
  name: 'IN',
  family: 'comparison',
  takes: ['a [NOT] IN (b, …)'],
  count: { min: 2, max: Infinity },
  bind([subject, ...given]) {
    const rows = given.map((item) => byFields(subject!, item, equalListed, 'AND'));
    if (rows.every((r) => r !== undefined))
      return { expr: rows.length === 1 ? rows[0]! : bindCall('OR', rows) };
    const items = listFor(subject!.type, given);
    const pairOf = items.length === 1 ? equatable : listed;
    let value = subject!;
    const list: Expr[] = [];
    for (const item of items) {
      const pair = pairOf(value, item);
      if (pair === undefined) return undefined;
      value = pair[0];
    }
    for (const item of items) list.push(pairOf(value, item)![1]);
    return { args: [value, ...list], type: strictResult(notNull(types.BOOLEAN), [value, ...list]) };
  },
  strict: false,
  body: listBody,
  compile: (code, call) => {
    const [subject, ...items] = call.args;
    if (!items.every((i) => i.kind === 'literal')) return undefined;
    const value = code.expr(subject!);
    const hasNull = items.some((i) => i.kind === 'literal' && i.value === null);
    if (items.length > comparedOneByOneMax || value.isNull === 'true') {
      const raw = code.keep(
        `${value.isNull === 'false' ? '' : `${value.isNull} ? null : `}${code.callee(call)}(${code.toValue(value)})`,
        'r',
      );
      return code.fromValue(call.type, raw);
    }
    const tests: string[] = [];
    for (const item of items) {
      if (item.kind === 'literal' && item.value === null) continue;
      const test = comparisonCode(code, '=', value, code.expr(item));
      if (test === undefined) return undefined;
      tests.push(tests.length === 0 && items.length === 1 ? test : `(${test})`);
    }
    const guard = value.slice !== undefined && value.isNull !== 'false' ? `${not(value.isNull)} && ` : '';
    const found = code.keep(`${guard}(${tests.join(' || ') || 'false'})`);
    return {
      type: call.type,
      value: found,
      nanos: '0',
      isNull: hasNull ? `(${value.isNull} || !${found})` : value.isNull,
    };
  },
  doc: 'TRUE when a equals one of the list; NULL when it does not and the list has a NULL. Other types beside a string, and strings beside other types, are taken as the type of a.',
  examples: [
    { sql: '2 IN (1, 2, 3)', call: () => bindCall('IN', [int(2), int(1), int(2), int(3)]), result: true },
    {
      sql: "'c' NOT IN ('a', 'b')",
      call: () => bindCall('NOT IN', [str('c'), str('a'), str('b')]),
      result: true,
    },
    {
      sql: '3 IN (1, CAST(NULL AS INT))',
      call: () => bindCall('IN', [int(3), int(1), literal(null, types.INT)]),
      result: null,
    },
  ],
};

const call = (operator: Operator, a: Expr, b: Expr) => (): Expr => bindCall(operator, [a, b]);

export const comparison: readonly FunctionEntry[] = [
  comparison_(
    '=',
    false,
    'Equal. A string beside a date or time is read as one, and NULL where it is none. ROW(…) = ROW(…) compares field by field.',
    [
      { sql: '1 = 1.0', call: call('=', int(1), dec('1.0')), result: true },
      { sql: "'a' = 'b'", call: call('=', str('a'), str('b')), result: false },
      {
        sql: "TIMESTAMP '2024-01-01 00:00:00' = '2024-01-01 00:00:00'",
        call: call('=', ts('2024-01-01 00:00:00', 0), str('2024-01-01 00:00:00')),
        result: true,
      },
    ],
  ),
  comparison_('<>', false, 'Not equal; also written !=.', [
    { sql: '1 <> 2', call: call('<>', int(1), int(2)), result: true },
  ]),
  comparison_('<', true, 'Less; strings by code point.', [
    { sql: "'a' < 'B'", call: call('<', str('a'), str('B')), result: false },
    { sql: '1.5 < CAST(2 AS DOUBLE)', call: call('<', dec('1.5'), double(2)), result: true },
  ]),
  comparison_('<=', true, 'Less or equal.', [
    { sql: '2 <= 2', call: call('<=', int(2), int(2)), result: true },
  ]),
  comparison_('>', true, 'Greater than.', [
    { sql: '1.5 > 1', call: call('>', dec('1.5'), int(1)), result: true },
  ]),
  comparison_('>=', true, 'Greater or equal.', [
    { sql: '2 >= 3', call: call('>=', int(2), int(3)), result: false },
  ]),
  distinct('IS DISTINCT FROM', false),
  distinct('IS NOT DISTINCT FROM', true),
  between,
  inList,
];

/* Signatures as data: parameters that say what they take, and a bind rule made of them. */

import {
  isBinary,
  isExactNumeric,
  isInteger,
  isInterval,
  isNumeric,
  isString,
  isTimestamp,
  notNull,
  sameType,
  types,
  withNullable,
  type LogicalType,
} from '#data';
import { canCastImplicitly } from '../types/cast-rules.ts';
import { castTo } from '../bind/cast-to.ts';
import type { Expr } from '../expression.ts';
import type { BoundCall, CallOptions, FunctionEntry } from './entry.ts';

/** What a parameter takes. `accept` gives the type that the argument is cast to, or undefined. */
export interface Parameter {
  readonly text: string;
  accept(type: LogicalType): LogicalType | undefined;
}

/** Takes what passes `test` as it is, and NULL as `fallback`. */
const kinds = (text: string, test: (type: LogicalType) => boolean, fallback: LogicalType): Parameter => ({
  text,
  accept: (type) => (type.kind === 'NULL' ? fallback : test(type) ? type : undefined),
});
/** Takes what casts to `target` implicitly, and casts it. */
const exactly = (text: string, target: LogicalType): Parameter => ({
  text,
  accept: (type) =>
    sameType(type, target, false) || (type.kind === target.kind && type.kind !== 'ARRAY')
      ? type
      : canCastImplicitly(type, target)
        ? target
        : undefined,
});

export const parameters = {
  string: kinds('STRING', isString, types.STRING),
  bytes: kinds('BYTES', isBinary, types.BYTES),
  text: kinds('STRING or BYTES', (t) => isString(t) || isBinary(t), types.STRING),
  boolean: kinds('BOOLEAN', (t) => t.kind === 'BOOLEAN', types.BOOLEAN),
  int: exactly('INT', types.INT),
  bigint: exactly('BIGINT', types.BIGINT),
  double: exactly('DOUBLE', types.DOUBLE),
  integer: kinds('integer', isInteger, types.INT),
  /** Any integer, taken as INT. */
  asInt: {
    text: 'integer',
    accept: (type: LogicalType) => (isInteger(type) || type.kind === 'NULL' ? types.INT : undefined),
  },
  exact: kinds('exact number', isExactNumeric, types.INT),
  numeric: kinds('number', isNumeric, types.INT),
  date: kinds('DATE', (t) => t.kind === 'DATE', types.DATE),
  time: kinds('TIME', (t) => t.kind === 'TIME', types.time()),
  timestamp: kinds('TIMESTAMP', (t) => t.kind === 'TIMESTAMP', types.timestamp(3)),
  timestampLtz: kinds('TIMESTAMP_LTZ', (t) => t.kind === 'TIMESTAMP_LTZ', types.timestampLtz(3)),
  anyTimestamp: kinds('TIMESTAMP', isTimestamp, types.timestamp(3)),
  datetime: kinds(
    'date or time',
    (t) => ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'].includes(t.kind),
    types.timestamp(3),
  ),
  interval: kinds('INTERVAL', isInterval, types.dayTime()),
  array: kinds('ARRAY', (t) => t.kind === 'ARRAY', types.array(types.NULL)),
  map: kinds('MAP', (t) => t.kind === 'MAP', types.map(types.NULL, types.NULL)),
  row: kinds('ROW', (t) => t.kind === 'ROW', types.row([])),
  bitmap: kinds('BITMAP', (t) => t.kind === 'BITMAP', types.BITMAP),
  /** Arrays of INT and smaller, taken as arrays of INT. */
  ints: exactly('ARRAY<INT>', types.array(types.INT)),
  anything: kinds('any type', () => true, types.NULL),
} as const;

/** The result's type from the arguments' as cast. NOT NULL means: null only when an argument is. */
export type ResultType =
  | LogicalType
  | ((types: readonly LogicalType[], args: readonly Expr[], options: CallOptions) => LogicalType | undefined);

export interface Signature {
  readonly takes: readonly Parameter[];
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  /** The last parameter may be repeated. */
  readonly variadic?: boolean;
  readonly gives: ResultType;
}

type SignatureParts = Pick<FunctionEntry, 'takes' | 'count' | 'bind'>;

/** The parts of an entry that its signatures determine; the first signature that fits is taken. */
export function signatures(name: string, ...all: readonly Signature[]): SignatureParts {
  return {
    takes: all.map((signature) => signatureText(name, signature)),
    count: {
      min: Math.min(...all.map((s) => s.takes.length - (s.optional ?? 0))),
      max: Math.max(...all.map((s) => (s.variadic ? Infinity : s.takes.length))),
    },
    bind(args, options) {
      for (const signature of all) {
        const binding = bindSignature(signature, args, options);
        if (binding !== undefined) return binding;
      }
      return undefined;
    },
  };
}

function signatureText(name: string, { takes, optional = 0, variadic = false }: Signature): string {
  const required = takes
    .slice(0, takes.length - optional)
    .map((p) => p.text)
    .join(', ');
  const rest = takes
    .slice(takes.length - optional)
    .map((p) => `, ${p.text}`)
    .join('');
  const inside = `${required}${rest === '' ? '' : `[${required === '' ? rest.slice(2) : rest}]`}${variadic ? ', …' : ''}`;
  return `${name}(${inside})`;
}

function bindSignature(
  signature: Signature,
  args: readonly Expr[],
  options: CallOptions,
): BoundCall | undefined {
  const { takes, optional = 0, variadic = false } = signature;
  if (args.length < takes.length - optional) return undefined;
  if (args.length > takes.length && !variadic) return undefined;
  const cast: Expr[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const target = takes[Math.min(i, takes.length - 1)]!.accept(arg.type);
    if (target === undefined) return undefined;
    cast.push(implicitly(arg, target));
  }
  const given = cast.map((a) => a.type);
  const type =
    typeof signature.gives === 'function' ? signature.gives(given, cast, options) : signature.gives;
  return type && { args: cast, type: strictResult(type, cast) };
}

/** The argument as `target`, nullability kept; the caller knows that this is safe, or what Flink does. */
export function implicitly(arg: Expr, target: LogicalType): Expr {
  if (sameType(arg.type, target, false)) return arg;
  return castTo(arg, withNullable(target, arg.type.nullable || arg.type.kind === 'NULL'));
}

/** The type of a strict call: nullable when it says so or when an argument is nullable. */
export function strictResult(type: LogicalType, args: readonly Expr[]): LogicalType {
  return withNullable(type, type.nullable || args.some((a) => a.type.nullable));
}

/** Results that are null only when an argument is. */
export const gives = {
  boolean: notNull(types.BOOLEAN),
  int: notNull(types.INT),
  bigint: notNull(types.BIGINT),
  double: notNull(types.DOUBLE),
  string: notNull(types.STRING),
  bytes: notNull(types.BYTES),
  first: (given: readonly LogicalType[]): LogicalType => given[0]!,
} as const;

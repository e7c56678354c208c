/* Calls of aggregates, as GROUP BY and OVER both bind them: which function is meant, its arguments, and what is reduced to
 * others. */

import { UserError } from '#base';
import { isString, types, typeText, withNullable, type LogicalType } from '#data';
import {
  bindAggregate,
  bindCall,
  canCastImplicitly,
  castTo,
  declaredArguments,
  literal,
  type Expr,
} from '#expr';
import type { Expression, FunctionCall } from '#sql';
import { shortText } from './expressions.ts';
import { notYet } from './not-yet.ts';
import { severalHint } from './other-dialects.ts';
import { percentileArguments } from './percentile.ts';

/** The name of an aggregate that passes over NULLs, or that does not, if that is not what it does by itself. */
function variant({ nulls, json }: FunctionCall, name: string): string {
  if (name === 'ARRAY_AGG' && nulls === 'IGNORE') return '$ARRAY_AGG_IGNORE_NULLS';
  if (name === 'JSON_ARRAYAGG' && json?.onNull === 'NULL') return '$JSON_ARRAYAGG_NULL_ON_NULL';
  if (name === 'JSON_OBJECTAGG' && json?.onNull === 'ABSENT') return '$JSON_OBJECTAGG_ABSENT_ON_NULL';
  return name;
}
/** JSON goes into JSON as it is, anything else as JSON_STRING writes it. */
const jsonText = (e: Expr): Expr =>
  e.kind === 'call' && ['JSON_OBJECT', 'JSON_ARRAY', 'JSON'].includes(e.fn)
    ? e
    : bindCall('JSON_STRING', [e]);

export interface BoundAggregate {
  readonly fn: string;
  readonly args: readonly Expr[];
  readonly type: LogicalType;
  readonly distinct: boolean;
}

/** The call of an aggregate by its name in upper case. Throws what is wrong with its arguments. */
export function aggregateCall(
  node: FunctionCall,
  name: string,
  bind: (node: Expression) => Expr,
  batch = false,
): BoundAggregate {
  if (node.withinGroup.length > 0) throw notYet('WITHIN GROUP', node.span);
  let args = node.args.length === 1 && node.args[0]!.kind === 'star' ? [] : node.args.map(bind);
  if (name !== 'COUNT' && args.length === 0)
    throw new UserError('SQL3002', {
      at: node.span,
      message: `${name.replace(/^USER\$/, '')} needs an argument`,
    });
  const hint = severalHint(name, node.distinct, node.args.map(shortText));
  if (hint !== undefined)
    throw new UserError('SQL3002', {
      at: node.span,
      message: `COUNT takes one argument, found ${args.length}`,
      hint,
    });
  const asked = variant(node, name);
  const json = asked.startsWith('$JSON_') || asked.startsWith('JSON_');
  if (json && args.length === 2 && !isString(args[0]!.type) && args[0]!.type.kind !== 'NULL')
    throw new UserError('SQL3003', { at: node.span, message: 'the key of JSON_OBJECTAGG must be text' });
  if (json) args = args.map(jsonText);
  const { fn, type } = bindAggregate(
    asked,
    args.map((a) => a.type),
    node.span,
  );
  const declared = declaredArguments(fn);
  if (declared !== undefined) args = castArguments(args, declared, node);
  if (fn === 'PERCENTILE') args = percentileArguments(args, node.distinct, node.span);
  if (fn !== 'APPROX_COUNT_DISTINCT') return { fn, args, type, distinct: node.distinct };
  if (batch) return { fn: 'COUNT', args, type, distinct: true };
  throw new UserError('PLAN1007', {
    at: node.span,
    message: 'APPROX_COUNT_DISTINCT aggregate function does not support yet for streaming',
    hint: `COUNT(DISTINCT ${shortText(node.args[0]!)}) counts them. Or SET 'execution.runtime-mode' = 'batch', where all sources are bounded.`,
  });
}

/** Arguments of an aggregate of the program, as it takes them. */
function castArguments(args: readonly Expr[], types: readonly LogicalType[], node: FunctionCall): Expr[] {
  return args.map((arg, i) => {
    if (canCastImplicitly(arg.type, types[i]!))
      return castTo(arg, { ...types[i]!, nullable: arg.type.nullable }, { implicit: true });
    throw new UserError('SQL3003', {
      at: node.args[i]!.span,
      message: `argument ${i + 1} must be ${typeText(types[i]!)}, found ${typeText(arg.type)}`,
    });
  });
}

const variances = /^(STDDEV|VAR)_(POP|SAMP)$/;
export const isVariance = (fn: string): boolean => variances.test(fn);

/** As Flink 2.3 reduces it: the sum of squared distances from the mean over n, its root for STDDEV; n − 1 below for the
 *  sample, NULL when n is 1. All in DOUBLE, and cast once. `add` makes the calls that it is reduced to. */
export function variance(
  name: string,
  arg: Expr,
  type: LogicalType,
  add: (fn: string, arg: Expr, type: LogicalType) => Expr,
): Expr {
  const [, root, over] = variances.exec(name)!;
  const called = (fn: string, e: Expr): Expr => add(fn, e, bindAggregate(fn, [e.type]).type);
  const squares = called('$WELFORD_M2', castTo(arg, withNullable(types.DOUBLE, arg.type.nullable)));
  const ratio = bindCall('/', [squares, divisor(called('COUNT', arg), over!)]);
  return castTo(root === 'STDDEV' ? squareRoot(ratio) : ratio, withNullable(type, true));
}
const divisor = (count: Expr, over: string): Expr => {
  const one = literal(1n, withNullable(types.BIGINT, false));
  return over === 'POP'
    ? count
    : bindCall('CASE', [bindCall('=', [count, one]), literal(null, types.NULL), bindCall('-', [count, one])]);
};
const squareRoot = (of: Expr): Expr =>
  bindCall('POWER', [of, literal(0.5, withNullable(types.DOUBLE, false))]);

/** As Flink writes it out where no GROUP BY is (OVER, MATCH_RECOGNIZE): by sums of squares, each step in the type of the result: integers are divided as
 *  integers, and of numbers that lie near each other digits are lost. Calcite: AvgVarianceConvertlet. */
export function varianceOfSums(
  name: string,
  arg: Expr,
  type: LogicalType,
  add: (fn: string, arg: Expr, type: LogicalType) => Expr,
): Expr {
  const [, root, over] = variances.exec(name)!;
  const cast = (e: Expr): Expr => castTo(e, withNullable(type, true));
  const called = (fn: string, e: Expr): Expr => add(fn, e, bindAggregate(fn, [e.type]).type);
  const value = castTo(arg, withNullable(type, arg.type.nullable));
  const square = castTo(bindCall('*', [value, value]), withNullable(type, arg.type.nullable));
  const squares = cast(called('SUM', square));
  const sum = cast(called('SUM', value));
  const count = called('COUNT', value);
  const ofMean = cast(bindCall('/', [cast(bindCall('*', [sum, sum])), count]));
  const ratio = cast(bindCall('/', [cast(bindCall('-', [squares, ofMean])), divisor(count, over!)]));
  return cast(root === 'STDDEV' ? squareRoot(ratio) : ratio);
}

/* Calls that only MATCH_RECOGNIZE has, or that mean something else there: FIRST and LAST, aggregates over the rows of a
 * variable, the time of the match. */

import { UserError, type Span } from '#base';
import { notNull, types, type LogicalType } from '#data';
import { bindCall, columnsOf, isAggregate, isDeterministic, type Expr } from '#expr';
import { anyVariable } from '#job';
import type { FunctionCall } from '#sql';
import { aggregateCall, isVariance, varianceOfSums } from './aggregate-call.ts';
import { bindExpression, shortText, type BindHooks } from './expressions.ts';
import type { MatchScope } from './match-scope.ts';
import { notYet } from './not-yet.ts';

/** Flink finds no implementation of them here. */
const jsonAggregates = /^\$?JSON_/;

const refused = (at: Span, message: string, hint?: string): UserError =>
  new UserError('SQL2027', { at, message, hint });

/** `time`: the rowtime's column, whose last value is the time of the match. */
export function matchHooks(
  scope: MatchScope,
  clause: 'MEASURES' | 'DEFINE',
  time: number | undefined,
  around: BindHooks,
): BindHooks {
  const hooks: BindHooks = { ...around, call: (node) => bound(node) };
  const bound = (node: FunctionCall): Expr | undefined => {
    const name = node.name
      .map((n) => n.text)
      .join('.')
      .toUpperCase();
    checkForm(node, name, clause);
    if (name === 'FIRST' || name === 'LAST') return navigation(node, name, scope, hooks);
    if (name === 'MATCH_ROWTIME') return matchTime(node, scope, time);
    if (name === 'MATCH_PROCTIME' && node.args.length === 0)
      return bindCall('PROCTIME', [], { at: node.span });
    if (isAggregate(name)) return aggregate(node, name, scope, hooks);
    return around.call?.(node, scope);
  };
  return hooks;
}

/** Throws what Flink refuses, or what is not written yet. */
function checkForm(node: FunctionCall, name: string, clause: string): void {
  const { flags, span } = node;
  if (node.over !== undefined) throw refused(span, `OVER (…) has no place in ${clause}`);
  if (flags[0] === 'RUNNING' || (flags[0] === 'FINAL' && clause === 'DEFINE'))
    throw refused(
      span,
      `Unsupported call: ${flags[0]} in ${clause}`,
      'Leave it out: DEFINE sees the rows so far, and MEASURES the whole match.',
    );
  if (name === 'PREV' || name === 'NEXT')
    throw refused(
      span,
      'Flink does not support physical offsets within partition.',
      'LAST(A.col, 1) is the row before the last one of A; LAST(col, 1) that before the current row of the match.',
    );
  if (name.startsWith('MATCH_') && clause === 'DEFINE') throw notYet(`${name} in DEFINE`, span);
  if (name === 'CLASSIFIER' || name === 'MATCH_NUMBER') throw refused(span, `Unsupported call: ${name}()`);
}

function navigation(node: FunctionCall, name: 'FIRST' | 'LAST', scope: MatchScope, hooks: BindHooks): Expr {
  const [value, offset, ...more] = node.args;
  if (value === undefined || more.length > 0)
    throw new UserError('SQL3002', {
      at: node.span,
      message: `${name} takes a value and how many rows away it is, found ${node.args.length} arguments`,
    });
  const rows = offset === undefined ? 0 : offset.kind === 'number' ? Number(offset.text) : NaN;
  if (!Number.isSafeInteger(rows))
    throw refused(offset!.span, `${name} takes a whole number for how many rows away its row is`);
  const expr = bindExpression(value, scope, hooks);
  scope.ofOne(expr, shortText(node), node.span);
  return scope.navigated(expr, name === 'FIRST' ? 'first' : 'last', rows);
}

function matchTime(node: FunctionCall, scope: MatchScope, time: number | undefined): Expr {
  const [of] = node.args;
  const named =
    of === undefined ? undefined : scope.ofOne(bindExpression(of, scope), 'MATCH_ROWTIME', of.span);
  const isTime = named === undefined || (named.expr.kind === 'column' && named.expr.index === time);
  if (time === undefined || !isTime || node.args.length > 1)
    throw refused(node.span, 'MATCH_ROWTIME takes the rowtime that ORDER BY begins with, or nothing');
  // Without an argument it is the moment in UTC, whatever the rowtime's type.
  const type = named === undefined ? notNull(types.timestamp(3)) : scope.fields[time]!.type;
  return scope.part({ kind: 'rowtime', type });
}

function aggregate(node: FunctionCall, name: string, scope: MatchScope, hooks: BindHooks): Expr {
  if (node.distinct || node.filter !== undefined)
    throw refused(node.span, `DISTINCT and FILTER are not allowed with ${name} in MATCH_RECOGNIZE`);
  const call = aggregateCall(node, name, (e) => bindExpression(e, scope, hooks));
  if (node.nulls === 'IGNORE')
    throw refused(node.span, 'Unsupported call: IGNORE NULLS', 'Define a variable for the rows that count.');
  if (jsonAggregates.test(call.fn))
    throw refused(
      node.span,
      `${name} has no place in MATCH_RECOGNIZE`,
      'ARRAY_AGG gathers values; make JSON of what the match gives, behind it.',
    );
  const [arg, ...more] = call.args;
  if (more.some((e) => columnsOf(e).size > 0 || !isDeterministic(e)))
    throw refused(
      node.span,
      `what stands behind the first argument of ${name} must be a constant in MATCH_RECOGNIZE`,
    );
  if (arg === undefined)
    return scope.part({ kind: 'aggregate', fn: call.fn, variable: anyVariable, arg, type: call.type });
  const { variable, expr } = scope.ofOne(arg, shortText(node), node.span);
  if (scope.readsNow(arg))
    throw refused(
      node.span,
      `${name} over a processing time has no place in MATCH_RECOGNIZE: rows have none of their own`,
    );
  const part = (fn: string, of: Expr, type: LogicalType): Expr =>
    scope.part({ kind: 'aggregate', fn, variable, arg: of, ...(more.length > 0 && { more }), type });
  return isVariance(call.fn)
    ? varianceOfSums(call.fn, expr, call.type, part)
    : part(call.fn, expr, call.type);
}

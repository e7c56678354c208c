/* OVER (…) in a SELECT: calls are bound with placeholders in their place; once the rows below are known, the relations that
 * compute them are made, and the expressions are carried over to their fields.
 *
 *   SELECT id, SUM(v) OVER (PARTITION BY k ORDER BY ts) + 1 …
 *   bind    [id, +($OVER 0, 1)]      over [SUM] by k, ts      resolve [id, +(column n, 1)]
 */

import { UserError, type Span } from '#base';
import { withNullable, type LogicalType } from '#data';
import {
  isNullableAggregate,
  bindOverFunction,
  isAggregate,
  isDeterministic,
  overFunction,
  type Expr,
  type OverCall,
  type OverFunction,
} from '#expr';
import type { Expression, FunctionCall } from '#sql';
import { digest } from '../digest.ts';
import { identity, type OverWindow } from '../logical/field.ts';
import { over } from '../logical/nodes/over.ts';
import { column, project } from '../logical/nodes/project.ts';
import { refused, type Refusal } from '../logical/nodes/refused.ts';
import type { Rel } from '../logical/rel.ts';
import { aggregateCall, isVariance, varianceOfSums } from './aggregate-call.ts';
import { asFlinkFrames, type OverWindows, type PendingWindow } from './over-window.ts';

interface PendingCall {
  readonly fn: string;
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  readonly parameter: number | undefined;
  readonly type: LogicalType;
}
/** A window with its calls, by number of the placeholder. */
interface PendingOver {
  readonly window: PendingWindow;
  readonly calls: { readonly at: number; readonly call: PendingCall }[];
}
type Resolve = (expr: Expr, at: Span | undefined) => Expr;

/** Whose type takes no notice of the frame. */
const gathers: ReadonlySet<string> = new Set(['LISTAGG', 'ARRAY_AGG', 'COLLECT']);

/** Whose result may be NULL by its type, whatever its argument is. */
const mayBeNull: ReadonlySet<string> = new Set(['PERCENTILE']);

export class OverCalls {
  readonly #windows: OverWindows;
  readonly #bind: (node: Expression) => Expr;
  readonly #isBatch: boolean;
  readonly #overs = new Map<string, PendingOver>();
  /** The window of the first call, as Flink sees it. */
  #written: string | undefined;
  /** Set: the calls are right and cannot be planned together. */
  #refusal: Refusal | undefined;
  #count = 0;
  /** By number of the placeholder, once the relations are made. */
  #results: readonly Expr[] = [];
  /** What a window is computed by and the rows below do not have, by digest: the SELECT reads it and need not compute it
   *  again, so that a partition that is selected stays the key that it is. */
  readonly #computed = new Map<string, Expr>();

  /** `bind` binds what stands within a call and its window, where no OVER may stand. */
  constructor(windows: OverWindows, bind: (node: Expression) => Expr, isBatch: boolean) {
    this.#windows = windows;
    this.#bind = bind;
    this.#isBatch = isBatch;
  }
  /** The placeholder of a call with OVER; undefined: it has none. */
  readonly call = (node: FunctionCall): Expr | undefined => {
    const name = node.name
      .map((n) => n.text)
      .join('.')
      .toUpperCase();
    const own = overFunction(name);
    if (node.over === undefined) {
      if (own === undefined) return undefined;
      throw new UserError('SQL2021', {
        at: node.span,
        message: `${name} needs a window`,
        hint: `Write ${own.takes[0]}.`,
      });
    }
    if (own === undefined && !isAggregate(name))
      throw new UserError('SQL2021', { at: node.span, message: `${name} is no function of a window` });
    const window = this.#windows.window(node.over, own, this.#bind, node.span);
    if (own !== undefined) return this.#add(window, this.#own(node, own), node.span);
    if (node.filter !== undefined)
      throw new UserError('SQL2021', {
        at: node.filter.span,
        message: 'FILTER has no place in front of OVER',
        hint: `Write ${name}(CASE WHEN condition THEN value END) OVER (…).`,
      });
    const { fn, args, type: grouped, distinct } = aggregateCall(node, name, this.#bind, this.#isBatch);
    // Flink knows of frames from the beginning on that they have a row.
    const hasRow = window.frame.from === -Infinity || gathers.has(fn);
    const never = args.length > 0 && !isNullableAggregate(fn) && args.every((a) => !a.type.nullable);
    const type = withNullable(grouped, mayBeNull.has(fn) || (grouped.nullable && !(hasRow && never)));
    const add = (inner: string, by: readonly Expr[], of: LogicalType): Expr =>
      this.#add(window, { fn: inner, args: by, distinct, parameter: undefined, type: of }, node.span);
    if (isVariance(fn)) return varianceOfSums(fn, args[0]!, type, (inner, arg, of) => add(inner, [arg], of));
    return add(fn, args, type);
  };

  #own(node: FunctionCall, f: OverFunction): PendingCall {
    if (node.distinct || node.filter !== undefined)
      throw new UserError('SQL2006', {
        at: node.span,
        message: `${f.name} is not an aggregate: it takes neither DISTINCT nor FILTER`,
      });
    const bound = node.args.map(this.#bind);
    const type = bindOverFunction(
      f,
      bound.map((a) => a.type),
      node.span,
    );
    const constant = f.parameter === undefined ? undefined : bound[f.parameter];
    const parameter = constant === undefined ? 1 : this.#number(constant, f, node.args[f.parameter!]!.span);
    const args = bound.filter((_, i) => i !== f.parameter);
    return { fn: f.name, args, distinct: false, parameter, type };
  }
  #number(expr: Expr, f: OverFunction, at: Span): number {
    const value = expr.kind === 'literal' ? Number(expr.value ?? Number.NaN) : Number.NaN;
    const least = f.name === 'NTILE' ? 1 : 0;
    if (!Number.isSafeInteger(value) || value < least)
      throw new UserError('SQL2021', {
        at,
        message: `${f.name} takes a constant whole number, ${least} or more, as its ${f.parameter === 0 ? 'argument' : 'second argument'}`,
      });
    return value;
  }
  #add(window: PendingWindow, call: PendingCall, at: Span): Expr {
    const key = digest(window);
    const known = this.#overs.get(key) ?? { window, calls: [] };
    const asFlink = digest(asFlinkFrames(window, call.fn));
    this.#written ??= asFlink;
    if (asFlink !== this.#written && !this.#isBatch)
      this.#refusal ??= {
        code: 'PLAN1006',
        at,
        message: 'All OVER calls of a SELECT must be computed on the same window on a stream.',
        hint: 'Give them the same PARTITION BY, ORDER BY and frame, or compute them one in a sub-query of the other. ROW_NUMBER counts ROWS; write the frame of the others as ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW to go with it.',
      };
    this.#overs.set(key, known);
    const same = known.calls.find((c) => digest(c.call) === digest(call));
    if (same === undefined) known.calls.push({ at: this.#count, call });
    const number = same?.at ?? this.#count++;
    return { kind: 'call', fn: '$OVER', args: [], flags: [String(number)], type: call.type };
  }

  /** The rows of `input` with the calls behind their columns. `carried` carries over to `input` what was bound. */
  finish(input: Rel, carried: Resolve): Rel {
    if (this.#count === 0) return input;
    const exprs: Expr[] = identity(input.fields);
    const names = input.fields.map((f) => f.name);
    const slot = (expr: Expr): number => {
      const moved = carried(expr, undefined);
      const found = exprs.findIndex((e) => digest(e) === digest(moved));
      if (found >= 0) return found;
      names.push(`$over_in${exprs.length - input.fields.length}`);
      return exprs.push(moved) - 1;
    };
    const planned = [...this.#overs.values()].map(({ window, calls }) => ({
      window: this.#planned(window, slot),
      calls: calls.map(({ at, call }) => ({ at, call: toCall(call, slot) })),
    }));
    let rel: Rel = exprs.length === input.fields.length ? input : project(input, exprs, names);
    for (const [i, expr] of exprs.entries())
      if (i >= input.fields.length && isDeterministic(expr)) this.#computed.set(digest(expr), column(rel, i));
    const results: Expr[] = [];
    for (const { window, calls } of planned) {
      const first = rel.fields.length;
      rel = over(
        rel,
        window,
        calls.map((c) => c.call),
        calls.map((c) => `$over${c.at}`),
      );
      for (const [i, { at }] of calls.entries()) results[at] = column(rel, first + i);
    }
    this.#results = results;
    return this.#refusal === undefined ? rel : refused(rel.fields, this.#refusal);
  }
  #planned({ partition, order, frame }: PendingWindow, slot: (expr: Expr) => number): OverWindow {
    return {
      partition: [...new Set(partition.map(slot))],
      keys: order.map(({ expr, descending, nullsLast }) => ({ column: slot(expr), descending, nullsLast })),
      frame,
    };
  }
  /** The expression with the results in the placeholders' place. */
  resolve(expr: Expr): Expr {
    if (this.#count === 0 || expr.kind === 'literal' || expr.kind === 'column') return expr;
    const computed = this.#computed.size > 0 ? this.#computed.get(digest(expr)) : undefined;
    if (computed !== undefined) return computed;
    if (expr.kind === 'field') return { ...expr, operand: this.resolve(expr.operand) };
    if (expr.fn === '$OVER') return this.#results[Number(expr.flags[0])]!;
    return { ...expr, args: expr.args.map((a) => this.resolve(a)) };
  }
}

function toCall({ args, parameter, ...call }: PendingCall, slot: (expr: Expr) => number): OverCall {
  return {
    ...call,
    args: args.map(slot),
    argTypes: args.map((a) => a.type),
    filter: undefined,
    ...(parameter === undefined ? {} : { parameter }),
  };
}

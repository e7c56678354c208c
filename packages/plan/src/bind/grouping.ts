/* GROUP BY: expressions of the list are bound over the input row, with placeholders where an aggregate stands; once all
 * are known, the aggregate relation is made and the expressions are carried over to its fields.
 *
 *   SELECT page, COUNT(*) + 1 … GROUP BY page
 *   bind    [page@input, +($AGG 0, 1)]      aggregate keys [page] calls [COUNT]      resolve [column 0, +(column 1, 1)]
 */

import { UserError, type Span } from '#base';
import { types, withNullable, type LogicalType } from '#data';
import { isAggregate, type AggregateCall, type CallExpr, type Expr } from '#expr';
import type { Expression, FunctionCall, GroupItem } from '#sql';
import { digest } from '../digest.ts';
import type { GroupWindowProperty, WindowSpec } from '../logical/field.ts';
import { windowColumns } from '../logical/kinds.ts';
import { aggregate, type AggregateRel } from '../logical/nodes/aggregate.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import { aggregateCall, isVariance, variance } from './aggregate-call.ts';
import { bindExpression, boolean } from './expressions.ts';
import { notYet } from './not-yet.ts';
import type { Binder } from './binder.ts';
import type { Scope } from './scope.ts';
import { hooks } from './shared.ts';
import { groupWindow, windowProperty } from './window-functions.ts';

interface PendingCall {
  readonly fn: string;
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  readonly filter: Expr | undefined;
  readonly type: LogicalType;
}

const placeholder = (fn: string, index: number, type: LogicalType): CallExpr => ({
  kind: 'call',
  fn,
  args: [],
  flags: [String(index)],
  type,
});

export class Grouping {
  readonly #input: Rel;
  readonly #scope: Scope;
  readonly #binder: Binder;
  readonly #keys: Expr[] = [];
  readonly #calls: PendingCall[] = [];
  readonly #properties: GroupWindowProperty[] = [];
  #window: WindowSpec | undefined;
  #result: AggregateRel | undefined;
  readonly #global: boolean;

  readonly #ttlMs: number | undefined;

  /** `ttlMs`: of a STATE_TTL hint. */
  constructor(
    input: Rel,
    scope: Scope,
    items: readonly GroupItem[],
    binder: Binder,
    ttlMs: number | undefined,
  ) {
    this.#ttlMs = ttlMs;
    this.#input = input;
    this.#scope = scope;
    this.#binder = binder;
    for (const item of items) {
      if (item.kind === 'sets') {
        if (item.form !== 'EMPTY') throw notYet(item.form, item.sets[0]?.[0]?.span);
      } else this.#key(item.expression);
    }
    this.#global = this.#keys.length === 0 && this.#window === undefined;
  }

  #key(node: Expression): void {
    const window = node.kind === 'call' ? groupWindow(node, this.#scope) : undefined;
    if (window !== undefined) {
      if (this.#window !== undefined)
        throw new UserError('SQL4005', {
          at: node.span,
          message: 'only one group window function may stand in GROUP BY',
        });
      this.#window = window;
      return;
    }
    this.#keys.push(bindExpression(node, this.#scope, hooks(this.#binder)));
  }

  /** Binds over the input row; aggregates become placeholders, and calls that `over` knows those of OVER. */
  bind(node: Expression, over?: (call: FunctionCall) => Expr | undefined): Expr {
    const call = (c: FunctionCall): Expr | undefined => over?.(c) ?? this.#call(c);
    return bindExpression(node, this.#scope, { ...hooks(this.#binder), call });
  }

  #call(node: FunctionCall): Expr | undefined {
    if (node.over !== undefined) return undefined;
    const name = node.name.map((n) => n.text).join('.');
    const property = windowProperty(name);
    if (property !== undefined) return this.#property(node, property);
    if (!isAggregate(name)) return undefined;
    const bindArgument = (a: Expression): Expr => bindExpression(a, this.#scope, hooks(this.#binder));
    const { fn, args, type } = aggregateCall(node, name.toUpperCase(), bindArgument);
    const filter = node.filter && boolean(bindArgument(node.filter), node.filter, 'FILTER');
    const { distinct } = node;
    if (isVariance(fn))
      return variance(fn, args[0]!, type, (inner, arg, of) =>
        this.#add({ fn: inner, args: [arg], distinct, filter, type: of }),
      );
    return this.#add({
      fn,
      args,
      distinct: node.distinct,
      filter,
      type: this.#nullability(fn, type, args, filter),
    });
  }
  /** An aggregate per key sees at least one row, so a NOT NULL argument gives a NOT NULL result; a percentile may count
   *  none of them. */
  #nullability(fn: string, type: LogicalType, args: readonly Expr[], filter: Expr | undefined): LogicalType {
    if (!type.nullable || this.#global || filter !== undefined || ['$SUM0', 'PERCENTILE'].includes(fn))
      return type;
    return args.every((a) => !a.type.nullable) ? withNullable(type, false) : type;
  }
  #add(call: PendingCall): Expr {
    let index = this.#calls.findIndex((c) => digest(c) === digest(call));
    if (index < 0) index = this.#calls.push(call) - 1;
    return placeholder('$AGG', index, call.type);
  }

  #property(
    node: FunctionCall,
    { kind, property }: { kind: WindowSpec['kind']; property: GroupWindowProperty },
  ): Expr {
    const window = this.#window;
    if (window === undefined || window.kind !== kind) {
      throw new UserError('SQL4005', {
        at: node.span,
        message: `${node.name.at(-1)!.text.toUpperCase()} needs ${kind.toUpperCase()} in GROUP BY`,
        hint: `Write GROUP BY ${kind.toUpperCase()}(…) with the same arguments.`,
      });
    }
    const asked = groupWindow({ ...node, name: [{ ...node.name[0]!, text: kind }] }, this.#scope);
    if (digest(asked) !== digest(window)) {
      throw new UserError('SQL4005', {
        at: node.span,
        message: `${node.name.at(-1)!.text.toUpperCase()} has other arguments than the ${kind.toUpperCase()} in GROUP BY`,
      });
    }
    let index = this.#properties.indexOf(property);
    if (index < 0) index = this.#properties.push(property) - 1;
    const type =
      property === 'start' || property === 'end'
        ? withNullable(types.timestamp(3), false)
        : property === 'proctime' || window.timeType.kind === 'TIMESTAMP_LTZ'
          ? withNullable(types.timestampLtz(3), false)
          : withNullable(types.timestamp(3), false);
    return placeholder('$WINDOW', index, type);
  }

  /** Makes the relation. No further aggregate may be bound. */
  finish(): AggregateRel {
    const exprs: Expr[] = [];
    const names: string[] = [];
    const slot = (e: Expr, name: string): number => {
      const found = exprs.findIndex((x) => digest(x) === digest(e));
      if (found >= 0) return found;
      names.push(e.kind === 'column' ? this.#scope.fields[e.index]!.name : name);
      return exprs.push(e) - 1;
    };
    const keys = this.#keys.map((k, i) => slot(k, `$key${i}`));
    const window = this.#window && {
      ...this.#window,
      time: slot(this.#scope.column(this.#window.time), '$time'),
    };
    const calls = this.#calls.map(
      (c, i): AggregateCall => ({
        fn: c.fn,
        distinct: c.distinct,
        type: c.type,
        args: c.args.map((a) => slot(a, `$arg${i}`)),
        argTypes: c.args.map((a) => a.type),
        filter: c.filter && slot(c.filter, `$filter${i}`),
      }),
    );
    const input = project(this.#input, exprs, names);
    this.#result = aggregate(input, windowColumns(input), {
      keys,
      calls,
      names: calls.map((_, i) => `$agg${i}`),
      window,
      properties: this.#properties,
      ttlMs: this.#ttlMs,
    });
    return this.#result;
  }

  /** An expression over the input row, as one over the aggregate's fields. Throws SQL2017 with the place `at`. */
  resolve(expr: Expr, at: Span | undefined): Expr {
    const result = this.#result!;
    const key = this.#keys.findIndex((k) => digest(k) === digest(expr));
    if (key >= 0) return column(result, key);
    switch (expr.kind) {
      case 'literal':
        return expr;
      case 'column':
        throw new UserError('SQL2017', {
          at,
          message: `Expression '${this.#scope.fields[expr.index]!.name}' is not being grouped`,
          hint: 'Put it in GROUP BY, or inside an aggregate such as MAX.',
        });
      case 'field':
        return { ...expr, operand: this.resolve(expr.operand, at) };
      case 'call':
        if (expr.fn === '$AGG') return column(result, this.#keys.length + Number(expr.flags[0]));
        if (expr.fn === '$WINDOW')
          return column(result, this.#keys.length + this.#calls.length + Number(expr.flags[0]));
        return { ...expr, args: expr.args.map((a) => this.resolve(a, at)) };
    }
  }
}

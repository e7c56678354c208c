/* GROUP BY: expressions of the list are bound over the input row, with placeholders where an aggregate stands; once all
 * are known, the aggregate relation is made and the expressions are carried over to its fields.
 *
 *   SELECT page, COUNT(*) + 1 … GROUP BY page
 *   bind    [page@input, +($AGG 0, 1)]      aggregate keys [page] calls [COUNT]      resolve [column 0, +(column 1, 1)]
 *
 * With several grouping sets, each row goes through all of them (expand), the number of the set is a key more, and outside
 * aggregates a key that some set leaves out may be NULL. */

import { UserError, type Span } from '#base';
import { notNull, types, withNullable, type LogicalType } from '#data';
import {
  columnsOf,
  isAggregate,
  isNullableAggregate,
  isUserAggregate,
  literal,
  type AggregateCall,
  type CallExpr,
  type Expr,
} from '#expr';
import type { Expression, FunctionCall, GroupItem, SelectBody } from '#sql';
import { digest } from '../digest.ts';
import type { GroupWindowProperty, RelField, WindowSpec } from '../logical/field.ts';
import { windowColumns } from '../logical/kinds.ts';
import { aggregate, type AggregateRel } from '../logical/nodes/aggregate.ts';
import { expand } from '../logical/nodes/expand.ts';
import { uniqueNames } from '../logical/nodes/join.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import { aggregateCall, isVariance, variance } from './aggregate-call.ts';
import { bindExpression, boolean } from './expressions.ts';
import {
  distinctSets,
  groupIdValue,
  groupingValue,
  keySets,
  orderedSets,
  type GroupingSet,
} from './grouping-sets.ts';
import type { Binder } from './binder.ts';
import { isGrouping } from './grouping-docs.ts';
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
  /** One: all rows are grouped by all keys. */
  readonly #sets: readonly GroupingSet[];
  /** The input row as it is outside aggregates, and the keys over it. */
  readonly #outside: Scope;
  readonly #outsideKeys: readonly Expr[];
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
    { groupBy: items = [], groupByDistinct }: Pick<SelectBody, 'groupBy' | 'groupByDistinct'>,
    binder: Binder,
    ttlMs: number | undefined,
  ) {
    this.#ttlMs = ttlMs;
    this.#input = input;
    this.#scope = scope;
    this.#binder = binder;
    const written: Expression[] = [];
    const plain = items.every((i) => i.kind === 'expression' || i.form === 'EMPTY');
    if (plain)
      for (const item of items) {
        if (item.kind === 'expression' && this.#key(item.expression)) written.push(item.expression);
      }
    const all = { keys: this.#keys.map((_, i) => i), id: 0, again: 0 };
    this.#sets = plain ? [all] : this.#setsOf(items, groupByDistinct, written);
    this.#outside = this.#expanded ? scope.withFields(this.#nullable()) : scope;
    this.#outsideKeys = written.map((node) => bindExpression(node, this.#outside, hooks(binder)));
    this.#global = this.#keys.length === 0 && this.#window === undefined && !this.#expanded;
  }
  get #expanded(): boolean {
    return this.#sets.length > 1;
  }
  #setsOf(items: readonly GroupItem[], distinct: boolean, written: Expression[]): readonly GroupingSet[] {
    const sets = keySets(items, (node) => {
      if (!this.#key(node))
        throw new UserError('SQL4005', {
          at: node.span,
          message: 'a group window function does not go with grouping sets',
          hint: 'Use the table function, as TABLE(TUMBLE(…)), and GROUP BY window_start, window_end, ….',
        });
      const key = this.#keys.at(-1)!;
      const known = this.#keys.findIndex((k) => digest(k) === digest(key));
      if (known === this.#keys.length - 1) written.push(node);
      else this.#keys.pop();
      return known;
    });
    return orderedSets(distinct ? distinctSets(sets) : sets, this.#keys.length, written[0]?.span);
  }
  #leftOut(key: number): boolean {
    return this.#sets.some((s) => !s.keys.includes(key));
  }
  /** The fields of the input, those nullable that a key is made of which some set leaves out. */
  #nullable(): readonly RelField[] {
    const columns = new Set<number>();
    for (const [i, k] of this.#keys.entries()) if (this.#leftOut(i)) columnsOf(k, columns);
    return this.#scope.fields.map((f, i) =>
      columns.has(i) ? { ...f, type: withNullable(f.type, true) } : f,
    );
  }

  /** False for a group window, which is no key. */
  #key(node: Expression): boolean {
    const window = node.kind === 'call' ? groupWindow(node, this.#scope) : undefined;
    if (window !== undefined) {
      if (this.#window !== undefined)
        throw new UserError('SQL4005', {
          at: node.span,
          message: 'only one group window function may stand in GROUP BY',
        });
      this.#window = window;
      return false;
    }
    this.#keys.push(bindExpression(node, this.#scope, hooks(this.#binder)));
    return true;
  }

  /** Binds over the input row; aggregates become placeholders, and calls that `over` knows those of OVER. */
  bind(node: Expression, over?: (call: FunctionCall) => Expr | undefined): Expr {
    const call = (c: FunctionCall): Expr | undefined => over?.(c) ?? this.#call(c);
    return bindExpression(node, this.#outside, { ...hooks(this.#binder), call });
  }

  #call(node: FunctionCall): Expr | undefined {
    if (node.over !== undefined) return undefined;
    const name = node.name.map((n) => n.text).join('.');
    const property = windowProperty(name);
    if (property !== undefined) return this.#property(node, property);
    if (isGrouping(name)) return this.#groupingOf(node, name.toUpperCase());
    if (!isAggregate(name)) return undefined;
    const bindArgument = (a: Expression): Expr => bindExpression(a, this.#scope, hooks(this.#binder));
    const { batch } = this.#binder.session.settings;
    const { fn, args, type, distinct } = aggregateCall(node, name.toUpperCase(), bindArgument, batch);
    const filter = node.filter && boolean(bindArgument(node.filter), node.filter, 'FILTER');
    if (isVariance(fn))
      return variance(fn, args[0]!, type, (inner, arg, of) =>
        this.#add({ fn: inner, args: [arg], distinct, filter, type: of }),
      );
    return this.#add({
      fn,
      args,
      distinct,
      filter,
      type: this.#nullability(fn, type, args, filter),
    });
  }
  /** An aggregate per key sees at least one row, so a NOT NULL argument gives a NOT NULL result; a percentile may count
   *  none of them. */
  #nullability(fn: string, type: LogicalType, args: readonly Expr[], filter: Expr | undefined): LogicalType {
    if (isUserAggregate(fn)) return type;
    // An array of nothing is NULL, not empty.
    if (fn.includes('ARRAY_AGG') && !fn.includes('JSON') && (filter !== undefined || this.#global))
      return withNullable(type, true);
    if (!type.nullable || this.#global || filter !== undefined) return type;
    if (['$SUM0', 'PERCENTILE'].includes(fn) || isNullableAggregate(fn)) return type;
    return args.every((a) => !a.type.nullable) ? withNullable(type, false) : type;
  }
  #add(call: PendingCall): Expr {
    let index = this.#calls.findIndex((c) => digest(c) === digest(call));
    if (index < 0) index = this.#calls.push(call) - 1;
    return placeholder('$AGG', index, call.type);
  }

  /** GROUPING and GROUPING_ID of some keys, GROUP_ID of none. */
  #groupingOf(node: FunctionCall, name: string): Expr {
    if ((node.args.length === 0) !== (name === 'GROUP_ID'))
      throw new UserError('SQL3002', {
        at: node.span,
        message: name === 'GROUP_ID' ? 'GROUP_ID takes no argument' : `${name} needs an argument`,
      });
    const keys = node.args.map((arg) => {
      const asked = digest(bindExpression(arg, this.#outside, hooks(this.#binder)));
      const key = this.#outsideKeys.findIndex((k) => digest(k) === asked);
      if (key < 0)
        throw new UserError('SQL2017', {
          at: arg.span,
          message: `the argument of ${name} is not being grouped`,
          hint: 'It takes expressions as they stand in GROUP BY.',
        });
      return String(key);
    });
    return { ...placeholder(`$${name}`, 0, notNull(types.BIGINT)), flags: keys };
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
    const isLocal =
      property === 'proctime' || (property === 'rowtime' && window.timeType.kind === 'TIMESTAMP_LTZ');
    const type = isLocal ? types.timestampLtz(3) : types.timestamp(3);
    // Of Flink's the ROWTIME alone may be NULL by its type, as the column may.
    return placeholder(
      '$WINDOW',
      index,
      withNullable(type, property === 'rowtime' && window.timeType.nullable),
    );
  }

  /** Makes the relation. No further aggregate may be bound. */
  finish(): AggregateRel {
    const exprs: Expr[] = [];
    const names: string[] = [];
    const nulled = new Set<number>();
    const slot = (e: Expr, name: string): number => {
      // What is NULL as a key is still there for aggregates, in a column of its own.
      const found = exprs.findIndex((x, i) => !nulled.has(i) && digest(x) === digest(e));
      if (found >= 0) return found;
      names.push(e.kind === 'column' ? this.#scope.fields[e.index]!.name : name);
      return exprs.push(e) - 1;
    };
    const keys = this.#keys.map((k, i) => slot(k, `$key${i}`));
    for (const [i, k] of keys.entries()) if (this.#leftOut(i)) nulled.add(k);
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
    const rows = project(this.#input, exprs, uniqueNames(names));
    const sets = this.#sets.map((s) => ({ id: s.id, nulls: keys.filter((_, i) => !s.keys.includes(i)) }));
    const input = this.#expanded ? expand(rows, sets) : rows;
    this.#result = aggregate(input, windowColumns(input), {
      keys: this.#expanded ? [...keys, exprs.length] : keys,
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
    const same = digest(expr);
    const key = this.#keys.findIndex((k, i) => digest(k) === same || digest(this.#outsideKeys[i]) === same);
    if (key >= 0) return column(result, key);
    const keyCount = result.keys.length;
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
        if (expr.fn === '$AGG') return column(result, keyCount + Number(expr.flags[0]));
        if (expr.fn === '$WINDOW')
          return column(result, keyCount + this.#calls.length + Number(expr.flags[0]));
        if (expr.fn === '$GROUP_ID') return groupIdValue(this.#sets, this.#setColumn());
        if (expr.fn === '$GROUPING' || expr.fn === '$GROUPING_ID')
          return groupingValue(expr.flags.map(Number), this.#sets, this.#setColumn());
        return this.#over(
          expr,
          expr.args.map((a) => this.resolve(a, at)),
        );
    }
  }
  /** The call over other arguments; where one of them may now be NULL, so may the result. */
  #over(call: CallExpr, args: readonly Expr[]): CallExpr {
    const nullable = args.some((a, i) => a.type.nullable && !call.args[i]!.type.nullable);
    return { ...call, args, type: nullable ? withNullable(call.type, true) : call.type };
  }
  /** The number of the group's set. Not read where there is only one. */
  #setColumn(): Expr {
    return this.#expanded ? column(this.#result!, this.#keys.length) : literal(0n, notNull(types.BIGINT));
  }
}

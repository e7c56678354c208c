/* SELECT: FROM → WHERE → GROUP BY → HAVING → OVER → QUALIFY → the list → DISTINCT, and the columns that ORDER BY needs. */

import { UserError, type Span } from '#base';
import { isAggregate, type Expr } from '#expr';
import type { Expression, Identifier, OrderItem, SelectBody, SelectItem } from '#sql';
import { digest } from '../digest.ts';
import { conjunction } from '../logical/conditions.ts';
import type { SortKey } from '../logical/field.ts';
import { windowColumns } from '../logical/kinds.ts';
import { aggregate } from '../logical/nodes/aggregate.ts';
import { filter } from '../logical/nodes/filter.ts';
import { project } from '../logical/nodes/project.ts';
import { oneRow } from '../logical/nodes/values.ts';
import type { Rel } from '../logical/rel.ts';
import { bindExpression, boolean } from './expressions.ts';
import { childrenOf } from './expression-tree.ts';
import { bindFrom } from './from.ts';
import { Grouping } from './grouping.ts';
import { GroupedValues } from './grouped-values.ts';
import { orderWithoutQuantified, withoutQuantified } from './quantified.ts';
import { checkOrder, ordinal, sortKey } from './order.ts';
import { OverWindows } from './over-window.ts';
import { OverCalls } from './over.ts';
import type { Binder, Bound } from './binder.ts';
import { withScalarQueries } from './scalar-queries.ts';
import { hooks } from './shared.ts';
import { Scope } from './scope.ts';
import { checkStateTtl, stateTtlMs } from './state-ttl.ts';
import { bindWhere, splitHaving } from './subqueries.ts';
import { windowProperty } from './window-functions.ts';

export interface BoundSelect {
  readonly rel: Rel;
  readonly keys: readonly SortKey[];
  /** Columns behind these were added for ORDER BY alone. */
  readonly visible: number;
}

export function bindSelect(
  asWritten: SelectBody,
  asOrdered: readonly OrderItem[],
  binder: Binder,
): BoundSelect {
  const body = withoutQuantified(asWritten);
  const orderBy = orderWithoutQuantified(asOrdered);
  const tables: Bound =
    body.from === undefined ? { rel: oneRow, scope: new Scope([]) } : bindFrom(body.from, binder, body.hints);
  checkStateTtl(body.hints, tables.scope);
  const written = [
    ...body.items.map((i) => i.expression),
    ...(body.having ? [body.having] : []),
    ...(body.qualify ? [body.qualify] : []),
    ...orderBy.map((o) => o.expression),
  ];
  const grouped = body.groupBy !== undefined || written.some(hasAggregate);
  const read: Bound = { rel: tables.rel, scope: tables.scope.within(binder.outer) };
  const valued = withScalarQueries(read, body.where, grouped ? [] : written, binder);
  const from = body.where === undefined ? valued : bindWhere(valued, body.where, binder);
  let { rel } = from;
  const items = expandStars(body.items, from.scope);
  if (body.having !== undefined && !grouped)
    throw new UserError('SQL2006', {
      at: body.having.span,
      message: 'HAVING needs GROUP BY or an aggregate',
    });
  const grouping = grouped
    ? new Grouping(rel, from.scope, body, binder, stateTtlMs(body.hints, from.scope))
    : undefined;
  const inner = (e: Expression): Expr =>
    grouping ? grouping.bind(e) : bindExpression(e, from.scope, hooks(binder));
  const { plain, members } =
    body.having === undefined
      ? { plain: [], members: [] }
      : splitHaving(body.having, from.scope, binder, inner);
  const behind = [
    ...body.items.map((i) => i.expression),
    ...plain,
    ...(body.qualify ? [body.qualify] : []),
    ...orderBy.map((o) => o.expression),
  ];
  const values = new GroupedValues(grouped ? behind : [], from, binder, inner);
  const overs = new OverCalls(new OverWindows(body.windows), inner, binder.session.settings.batch);
  const bind = (e: Expression): Expr =>
    grouping
      ? grouping.bind(e, overs.call)
      : bindExpression(e, from.scope, { ...hooks(binder), call: overs.call });

  const exprs = items.map((i) => i.expr ?? bind(i.node!));
  const having = plain.map((node) => ({ node, expr: boundHaving(node, items, inner) }));
  const qualify =
    body.qualify && boolean(bind(namedItems(body.qualify, items, from.scope)), body.qualify, 'QUALIFY');
  const names = outputNames(items);
  const order = orderBy.map((item) => orderKey(item, items, names, exprs, bind));
  if (grouping) {
    rel = values.finish(grouping.finish(), (e) => grouping.resolve(e, undefined));
  }
  const carried: Resolve = (e, at) => (grouping ? values.resolve(grouping.resolve(e, at)) : e);
  const held = conjunction(having.map(({ node, expr }) => carried(expr, node.span)));
  if (held !== undefined) rel = filter(rel, held);
  for (const { left, apply } of members)
    rel = apply(
      rel,
      left?.map((e) => carried(e, body.having!.span)),
    );
  rel = overs.finish(rel, carried);
  const resolve: Resolve = (e, at) => overs.resolve(carried(e, at));
  if (qualify) rel = filter(rel, resolve(qualify, body.qualify?.span));
  const resolved = exprs.map((e, i) => resolve(e, items[i]!.node?.span));
  return withOrder(rel, resolved, names, order, resolve, body);
}

/** What was bound, as an expression over the rows that the list reads. */
type Resolve = (expr: Expr, at: Span | undefined) => Expr;

type OrderTarget = {
  readonly item: OrderItem;
  readonly at: number | undefined;
  readonly expr: Expr | undefined;
};

/** An alias or ordinal of the list, an item that is in the list, or an expression of its own. */
function orderKey(
  item: OrderItem,
  items: readonly ListItem[],
  names: readonly string[],
  exprs: readonly Expr[],
  bind: (e: Expression) => Expr,
): OrderTarget {
  const node = item.expression;
  const at = ordinal(node, items.length);
  if (at !== undefined) return { item, at, expr: undefined };
  if (node.kind === 'column' && node.path.length === 1) {
    const alias = names.findIndex((n, i) => n === node.path[0]!.text && items[i]!.name !== undefined);
    if (alias >= 0) return { item, at: alias, expr: undefined };
  }
  const expr = bind(node);
  const same = exprs.findIndex((e) => digest(e) === digest(expr));
  return same >= 0 ? { item, at: same, expr: undefined } : { item, at: undefined, expr };
}

function withOrder(
  input: Rel,
  exprs: readonly Expr[],
  names: readonly string[],
  order: readonly OrderTarget[],
  resolve: Resolve,
  body: SelectBody,
): BoundSelect {
  const extra = order.filter((o) => o.at === undefined);
  if (body.distinct && extra.length > 0)
    throw new UserError('SQL2006', {
      at: extra[0]!.item.expression.span,
      message: 'with DISTINCT, ORDER BY takes columns of the list',
    });
  const more = extra.map((o) => resolve(o.expr!, o.item.expression.span));
  let rel: Rel = project(input, [...exprs, ...more], [...names, ...more.map((_, i) => `$sort${i}`)]);
  if (body.distinct)
    rel = aggregate(rel, windowColumns(rel), { keys: rel.fields.map((_, i) => i), calls: [], names: [] });
  let next = exprs.length;
  const keys = order.map((o) => {
    const key = sortKey(o.item, o.at ?? next++);
    checkOrder(rel.fields[key.column]!.type, o.item.expression);
    return key;
  });
  return { rel, keys, visible: exprs.length };
}

/** An item of the list: as written, or a column that a star stands for. */
interface ListItem {
  readonly node: Expression | undefined;
  readonly expr: Expr | undefined;
  /** The alias, or the star's column name. */
  readonly name: string | undefined;
}

/** * and t.* as the columns they stand for. */
function expandStars(items: readonly SelectItem[], scope: Scope): ListItem[] {
  return items.flatMap((item): ListItem[] => {
    const star = item.expression;
    if (star.kind !== 'star') return [{ node: star, expr: undefined, name: item.alias?.text }];
    const row = star.qualifier.length === 0 ? undefined : rowFields(star.qualifier, scope);
    if (row !== undefined)
      return row.map((name) => ({
        node: {
          kind: 'column',
          path: [...star.qualifier, { ...star.qualifier[0]!, text: name }],
          span: star.span,
        },
        expr: undefined,
        name,
      }));
    const tables = star.qualifier.length === 0 ? scope.tables : [scope.table(star.qualifier)];
    if (tables.length === 0 || tables[0] === undefined) {
      throw new UserError('SQL2002', {
        at: star.span,
        message:
          star.qualifier.length === 0
            ? '* needs a FROM'
            : `no table "${star.qualifier.map((q) => q.text).join('.')}"`,
      });
    }
    // * gives columns that a join merged once, in front; t.* gives all of t.
    const merged = star.qualifier.length === 0 ? scope.merged : [];
    const hidden = new Set(merged.flatMap((m) => m.hides));
    return [
      ...merged.map((m) => ({ node: undefined, expr: scope.mergedColumn(m), name: m.name })),
      ...tables.flatMap((t) =>
        t!.fields.flatMap((f, i) =>
          hidden.has(t!.at + i) ? [] : [{ node: undefined, expr: scope.column(t!.at + i), name: f.name }],
        ),
      ),
    ];
  });
}

/** The fields of a ROW column, for r.*; undefined where a table has the name. */
function rowFields(path: readonly Identifier[], scope: Scope): readonly string[] | undefined {
  if (scope.table(path) !== undefined || !scope.has(path[0]!.text)) return undefined;
  const { type } = scope.resolve(path);
  return type.kind === 'ROW' ? type.fields.map((f) => f.name) : undefined;
}

/** The alias, the column's or field's own name, or EXPR$i as in Calcite; a repeated name gets a number. */
function outputNames(items: readonly ListItem[]): string[] {
  const used = new Set<string>();
  return items.map((item, i) => {
    const name = item.name ?? ownName(item.node!) ?? `EXPR$${i}`;
    let unique = name;
    for (let n = 0; used.has(unique); n++) unique = `${name}${n}`;
    used.add(unique);
    return unique;
  });
}
function ownName(node: Expression): string | undefined {
  return node.kind === 'column'
    ? node.path.at(-1)!.text
    : node.kind === 'field'
      ? node.field.text
      : undefined;
}

export function hasAggregate(node: Expression): boolean {
  if (node.kind === 'call' && node.over === undefined) {
    const name = node.name.map((n) => n.text).join('.');
    if (isAggregate(name) || windowProperty(name) !== undefined) return true;
  }
  return childrenOf(node).some(hasAggregate);
}

/** The condition with the items of the list in the place of their names, where no column has the name. */
function namedItems(node: Expression, items: readonly ListItem[], scope: Scope): Expression {
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    if ('kind' in value && value.kind === 'column' && 'path' in value) {
      const [name, ...more] = value.path as readonly Identifier[];
      const item = items.find((i) => i.name === name!.text && i.node !== undefined);
      return item !== undefined && more.length === 0 && !scope.has(name!.text) ? item.node : value;
    }
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, replaced(v)]));
  };
  return replaced(node) as Expression;
}

/** HAVING sees no names that SELECT gives; whoever used one is told so. */
function boundHaving(
  node: Expression,
  items: readonly { readonly name?: string | undefined }[],
  bind: (e: Expression) => Expr,
): Expr {
  try {
    return boolean(bind(node), node, 'HAVING');
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.code !== 'SQL1004') throw thrown;
    const name = /"([^"]*)"/.exec(thrown.message)?.[1];
    if (name === undefined || !items.some((i) => i.name === name)) throw thrown;
    throw new UserError(thrown.code, {
      at: thrown.at,
      message: thrown.message,
      hint: `HAVING does not see the names that SELECT gives: write what "${name}" stands for.`,
    });
  }
}

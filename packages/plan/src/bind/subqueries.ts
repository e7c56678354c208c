/* WHERE with sub-queries: EXISTS and IN (SELECT …) among its ANDs become semi joins, NOT EXISTS and NOT IN anti joins.
 *
 *   WHERE o.v > 1 AND EXISTS (SELECT 1 FROM c WHERE c.id = o.c AND c.v < o.v)
 *   ⇒  semi join on c.id = o.c AND c.v < o.v ─ filter(v > 1) ─ o,  c
 *
 * What a sub-query asks of the query around it is taken out of its filters and becomes the condition of the join, where the
 * sub-query is projections and filters over anything that asks nothing (Flink: SubQueryDecorrelator). */

import { UserError, type Span } from '#base';
import { bindCall, mapColumns, type Expr } from '#expr';
import type { Expression, Query } from '#sql';
import { conjunction, conjuncts } from '../logical/conditions.ts';
import { identity } from '../logical/field.ts';
import { inputsOf, relKind } from '../logical/kinds.ts';
import { filter } from '../logical/nodes/filter.ts';
import type { AggregateRel } from '../logical/nodes/aggregate.ts';
import type { JoinRel } from '../logical/nodes/join.ts';
import { column } from '../logical/nodes/project.ts';
import { refused } from '../logical/nodes/refused.ts';
import type { Rel } from '../logical/rel.ts';
import { timedJoin } from '../logical/timed-join.ts';
import { boundedByFilter } from '../rewrite/push-into-joins.ts';
import type { Binder, Bound } from './binder.ts';
import { chosenRows, groupsOf, type Decorrelated } from './chosen-rows.ts';
import { bindExpression, boolean } from './expressions.ts';
import { notPlannedYet } from './not-yet.ts';
import { asSeenAround, asSeenWithin, refersOutwards } from './outer.ts';
import type { Scope } from './scope.ts';
import { hooks } from './shared.ts';

/** EXISTS (query), or `values` IN (query). */
interface Membership {
  readonly query: Query;
  readonly negated: boolean;
  /** Undefined: EXISTS. */
  readonly values: readonly Expression[] | undefined;
  readonly span: Span;
}

/** The rows of `from` for which WHERE holds. */
export function bindWhere(from: Bound, where: Expression, binder: Binder): Bound {
  const parts = ands(where).map((node) => ({ node, membership: membershipOf(node) }));
  const plain = parts.filter((p) => p.membership === undefined).map((p) => p.node);
  const bind = (node: Expression): Expr =>
    boolean(bindExpression(node, from.scope, hooks(binder)), node, 'WHERE');
  const condition =
    plain.length === parts.length ? bind(where) : conjunction(plain.map((node) => bind(node)));
  let bound = condition === undefined ? from : filtered(from, condition);
  for (const { membership } of parts)
    if (membership !== undefined) bound = bindMembership(bound, membership, binder);
  return bound;
}

/** Below the filter a join may be bounded in time by what the filter says: then its time attributes are left. */
function filtered(from: Bound, condition: Expr): Bound {
  const above = filter(from.rel, condition);
  if (isCorrelated(above)) return { ...from, rel: above };
  const rel = boundedByFilter(above);
  return { rel, scope: rel === above ? from.scope : from.scope.withFields(rel.fields) };
}

export const ands = (node: Expression): readonly Expression[] =>
  node.kind === 'binary' && node.operator === 'AND' ? [...ands(node.left), ...ands(node.right)] : [node];

export function membershipOf(node: Expression): Membership | undefined {
  const { span } = node;
  if (node.kind === 'unary' && node.operator === 'NOT') {
    const inner = membershipOf(node.operand);
    return inner && { ...inner, negated: !inner.negated, span };
  }
  if (node.kind === 'exists') return { query: node.query, negated: false, values: undefined, span };
  if (node.kind !== 'in' || !isQuery(node.list)) return undefined;
  const values = node.operand.kind === 'row' ? node.operand.items : [node.operand];
  return { query: node.list, negated: node.negated, values, span };
}
const isQuery = (list: readonly Expression[] | Query): list is Query => !Array.isArray(list);

function bindMembership(from: Bound, member: Membership, binder: Binder): Bound {
  const free = freeQuery(member, from.scope, binder);
  const left = member.values?.map((v) => bindExpression(v, from.scope, hooks(binder)));
  const rel = memberJoin(from.rel, left, free, member);
  return { rel, scope: from.scope.withFields(rel.fields) };
}
/** The sub-query, asking nothing of the query around any more. `around`: the names of that. */
export function freeQuery({ query, values, span }: Membership, around: Scope, binder: Binder): Decorrelated {
  const bound = binder.subquery(query, around);
  if (values !== undefined && values.length !== bound.fields.length)
    throw new UserError('SQL2014', {
      at: span,
      message: `IN compares ${values.length} value${values.length === 1 ? '' : 's'} with a sub-query of ${bound.fields.length} columns`,
    });
  return decorrelated(unordered(bound), span);
}
/** The rows of `rel` that are in the sub-query, or are not; `left`: what is compared with its columns, over `rel`. */
function memberJoin(
  rel: Rel,
  left: readonly Expr[] | undefined,
  free: Decorrelated,
  { negated, span }: Membership,
): JoinRel {
  const width = rel.fields.length;
  const around = (expr: Expr): Expr => asSeenAround(expr, (c) => ({ ...c, index: c.index + width }));
  const conditions = free.conditions.map(around);
  for (const [i, value] of (left ?? []).entries()) {
    const column = free.columns[i]!;
    const equal = bindCall('=', [value, around(column)], { at: span });
    // x NOT IN (…) is not TRUE as soon as a NULL is on either side of a comparison.
    const unknown = [
      ...(neverNull(value, rel) ? [] : [value]),
      ...(neverNull(column, free.rel) ? [] : [around(column)]),
    ].map((e) => bindCall('IS NULL', [e]));
    conditions.push(negated ? unknown.reduce((a, b) => bindCall('OR', [a, b]), equal) : equal);
  }
  return timedJoin(negated ? 'anti' : 'semi', rel, free.rel, conjunction(conditions));
}

/** A condition of HAVING over a sub-query: its own names are bound before the groups are made, it is applied behind. */
export interface HavingMember {
  /** What is compared, over the rows that are grouped. */
  readonly left: readonly Expr[] | undefined;
  apply(rel: Rel, left: readonly Expr[] | undefined): Rel;
}
/** The ANDs of HAVING: those over sub-queries that ask nothing of the query around, and the others as they are written. `bind`:
 *  an expression over groups. */
export function splitHaving(
  having: Expression,
  around: Scope,
  binder: Binder,
  bind: (node: Expression) => Expr,
): { readonly plain: readonly Expression[]; readonly members: readonly HavingMember[] } {
  const isJoin = (member: Membership | undefined): boolean =>
    member !== undefined && !isCorrelated(binder.subquery(member.query, around));
  const parts = ands(having).map((node) => {
    const member = membershipOf(node);
    return { node, member: isJoin(member) ? member : undefined };
  });
  if (parts.every((p) => p.member === undefined)) return { plain: [having], members: [] };
  return {
    plain: parts.filter((p) => p.member === undefined).map((p) => p.node),
    members: parts.flatMap(({ member }): HavingMember[] => {
      if (member === undefined) return [];
      const free = freeQuery(member, around, binder);
      return [{ left: member.values?.map(bind), apply: (rel, left) => memberJoin(rel, left, free, member) }];
    }),
  };
}

/** Whether the expression is never NULL: by its type, or because a filter lets no NULL of it pass. */
export function neverNull(expr: Expr, rel: Rel): boolean {
  if (!expr.type.nullable) return true;
  if (expr.kind !== 'column') return false;
  const { index } = expr;
  if (rel.kind === 'project') return neverNull(rel.exprs[index]!, rel.input);
  if (rel.kind !== 'filter') return false;
  const checked = conjuncts(rel.condition).some(
    (c) =>
      c.kind === 'call' &&
      c.fn === 'IS NOT NULL' &&
      c.args[0]!.kind === 'column' &&
      c.args[0]!.index === index,
  );
  return checked || neverNull(expr, rel.input);
}

/** Without an order that says nothing about which rows there are. */
export function unordered(rel: Rel): Rel {
  if (rel.kind === 'sort' && rel.limit === undefined && rel.offset === 0) return unordered(rel.input);
  return rel.kind === 'project' ? { ...rel, input: unordered(rel.input) } : rel;
}

/** `around`: the rows of the query around, where it matters how often a row of the sub-query comes, and not only whether. */
export function decorrelated(rel: Rel, span: Span, around?: Rel): Decorrelated {
  if (!isCorrelated(rel)) return { rel, columns: identity(rel.fields), conditions: [] };
  switch (rel.kind) {
    case 'filter': {
      const below = decorrelated(rel.input, span, around);
      const parts = conjuncts(rel.condition).map((p) => through(p, below.columns));
      const own = conjunction(parts.filter((p) => !refersOutwards(p)));
      return {
        rel: own === undefined ? below.rel : filter(below.rel, own),
        columns: below.columns,
        conditions: [...below.conditions, ...parts.filter(refersOutwards)],
      };
    }
    case 'project': {
      const below = decorrelated(rel.input, span, around);
      return { ...below, columns: rel.exprs.map((e) => through(e, below.columns)) };
    }
    case 'aggregate':
      // DISTINCT: whether there is a match does not hang on how many there are.
      if (around === undefined && rel.calls.length === 0 && rel.keys.length > 0 && rel.window === undefined) {
        const below = decorrelated(rel.input, span);
        return { ...below, columns: rel.keys.map((k) => below.columns[k]!) };
      }
      return decorrelatedGroups(rel, span, around);
    case 'join':
      return decorrelatedJoin(rel, span, around);
    case 'lookup-join':
      return unplanned(rel, 'a lookup join', span);
    case 'temporal-join':
      return unplanned(rel, 'a temporal join', span);
    case 'union':
      return unplanned(rel, 'UNION', span);
    case 'sort':
      return unplanned(rel, 'LIMIT', span);
    case 'unnest':
      return unplanned(rel, 'UNNEST', span);
    case 'match':
      return unplanned(rel, 'MATCH_RECOGNIZE', span);
    case 'over':
    case 'rank':
      return unplanned(rel, 'OVER', span);
    case 'window-table':
      return unplanned(rel, 'a window function', span);
    case 'predict':
      return unplanned(rel, 'ML_PREDICT', span);
    case 'process':
      return unplanned(rel, 'a process table function', span);
    case 'to-changelog':
    case 'from-changelog':
      return unplanned(rel, 'TO_CHANGELOG or FROM_CHANGELOG', span);
    case 'replicate':
      return unplanned(rel, 'INTERSECT ALL or EXCEPT ALL', span);
    case 'expand':
      return unplanned(rel, 'grouping sets', span);
    case 'scan':
    case 'check':
    case 'freshness':
    case 'refused':
    case 'values':
      return unplanned(rel, 'rows of its own', span);
  }
}
/** The groups of all rows that may be chosen, each beside what its rows are chosen by, which becomes the condition. Of rows that
 *  nothing chooses there is no group, where SQL has one for an aggregate without GROUP BY; so it is in Flink. */
function decorrelatedGroups(rel: AggregateRel, span: Span, around: Rel | undefined): Decorrelated {
  if (around === undefined || rel.window !== undefined) return unplanned(rel, 'an aggregate', span);
  const chosen = chosenRows(around, decorrelated(rel.input, span, around), span);
  const groups = groupsOf(rel, chosen);
  return {
    rel: groups,
    columns: identity(groups.fields).slice(chosen.by.length),
    conditions: chosen.by.map(({ outer, nullSafe }, i) =>
      bindCall(nullSafe ? 'IS NOT DISTINCT FROM' : '=', [column(groups, i), asSeenWithin(outer)]),
    ),
  };
}
/** What a side asks of the query around goes above the join where every row of that side that meets another comes out. */
function decorrelatedJoin(rel: JoinRel, span: Span, around: Rel | undefined): Decorrelated {
  const { type } = rel;
  const lifts =
    type === 'inner' || (type !== 'right' && type !== 'full' && !isCorrelated(rel.right) && !asksItself(rel));
  if (!lifts) return unplanned(rel, `a ${type.toUpperCase()} JOIN that takes part in that`, span);
  const left = decorrelated(rel.left, span, around);
  const right = decorrelated(rel.right, span, around);
  const width = left.rel.fields.length;
  const shifted = (expr: Expr): Expr => mapColumns(expr, (c) => ({ ...c, index: c.index + width }));
  const both = [...left.columns, ...right.columns.map(shifted)];
  const parts = conjuncts(rel.condition).map((p) => through(p, both));
  const made = timedJoin(
    type,
    left.rel,
    right.rel,
    conjunction(parts.filter((p) => !refersOutwards(p))),
    rel,
  );
  return {
    rel: made,
    columns:
      type === 'left'
        ? [...left.columns, ...identity(made.fields).slice(width)]
        : both.slice(0, rel.fields.length),
    conditions: [...left.conditions, ...right.conditions.map(shifted), ...parts.filter(refersOutwards)],
  };
}

/** It is right as a query. */
const unplanned = ({ fields }: Rel, has: string, span: Span): Decorrelated => ({
  rel: refused(fields, notPlannedYet(`a sub-query that refers to the query around it and has ${has}`, span)),
  columns: identity(fields),
  conditions: [],
});
const through = (expr: Expr, columns: readonly Expr[]): Expr => mapColumns(expr, (c) => columns[c.index]!);
const asksItself = (rel: Rel): boolean =>
  relKind(rel)
    .reads(rel)
    .exprs.some(({ expr }) => refersOutwards(expr));
export const isCorrelated = (rel: Rel): boolean => asksItself(rel) || inputsOf(rel).some(isCorrelated);

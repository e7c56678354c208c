/* Sub-queries as values behind GROUP BY: in the list, in HAVING under OR or correlated, in ORDER BY.
 *
 *   SELECT k, (SELECT MAX(v) FROM c WHERE c.k = o.k) FROM o GROUP BY k
 *   ⇒  left on k = k ─ aggregate(k) ─ o,  aggregate(k, MAX(v)) ─ c
 *
 * Expressions are bound before the groups are known, with a placeholder in the place of each sub-query. What a sub-query asks
 * of the query around must be a key. */

import { UserError } from '#base';
import { types, withNullable, notNull } from '#data';
import type { CallExpr, Expr } from '#expr';
import type { Expression, SubqueryExpression } from '#sql';
import { identity } from '../logical/field.ts';
import { project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import type { Binder, Bound } from './binder.ts';
import type { MembershipNode } from './membership-values.ts';
import { valueOf, valueQueries } from './scalar-queries.ts';
import { Scope, type ScopeTable } from './scope.ts';
import { isCorrelated } from './subqueries.ts';

type QueryNode = SubqueryExpression | MembershipNode;
interface Asked {
  readonly node: QueryNode;
  readonly correlated: boolean;
  /** What IN compares, over the input row. */
  readonly left: readonly Expr[] | undefined;
}
const name = '$VALUE';

export class GroupedValues {
  readonly #from: Bound;
  readonly #binder: Binder;
  readonly #asked: Asked[] = [];
  #values: readonly Expr[] = [];

  /** `bind` binds what stands behind the groups. */
  constructor(nodes: readonly Expression[], from: Bound, binder: Binder, bind: (e: Expression) => Expr) {
    this.#from = from;
    this.#binder = binder;
    for (const node of nodes.flatMap(valueQueries)) this.#ask(node, bind);
  }
  #ask(node: QueryNode, bind: (e: Expression) => Expr): void {
    const query = node.kind === 'in' ? (node.list as SubqueryExpression['query']) : node.query;
    const made = this.#binder.subquery(query, this.#from.scope);
    const values =
      node.kind !== 'in' ? undefined : node.operand.kind === 'row' ? node.operand.items : [node.operand];
    const type =
      node.kind === 'subquery'
        ? withNullable(made.fields[0]!.type, true)
        : node.kind === 'exists'
          ? notNull(types.BOOLEAN)
          : types.BOOLEAN;
    const flags = [String(this.#asked.length)];
    this.#asked.push({ node, correlated: isCorrelated(made), left: values?.map(bind) });
    this.#binder.values.set(node, { kind: 'call', fn: name, args: [], flags, type });
  }
  /** The groups with what the values are made of behind their columns; `resolve`: what was bound, over the groups. */
  finish(groups: Rel, resolve: (e: Expr) => Expr): Rel {
    if (this.#asked.length === 0) return groups;
    const around = this.#asked.some((a) => a.correlated)
      ? this.#named(groups, resolve)
      : { rel: groups, scope: new Scope([]) };
    let { rel } = around;
    this.#values = this.#asked.map(({ node, left }) => {
      const made = valueOf(rel, node, around, this.#binder, left?.map(resolve));
      rel = made.rel;
      return made.value;
    });
    return rel;
  }
  /** The expression with the values in the place of their placeholders. */
  resolve(expr: Expr): Expr {
    switch (expr.kind) {
      case 'literal':
      case 'column':
        return expr;
      case 'field':
        return { ...expr, operand: this.resolve(expr.operand) };
      case 'call':
        if (expr.fn === name) return this.#values[Number(expr.flags[0])]!;
        return { ...expr, args: expr.args.map((a) => this.resolve(a)) } satisfies CallExpr;
    }
  }
  /** The groups with their keys once more behind, by the names that these have in FROM. */
  #named(groups: Rel, resolve: (e: Expr) => Expr): Bound {
    const { scope } = this.#from;
    const exprs: Expr[] = identity(groups.fields);
    const hidden = groups.fields.map((f, i) => ({ ...f, name: `$group${i}` }));
    const tables: ScopeTable[] = [{ name: undefined, qualifier: [], fields: hidden, at: 0 }];
    for (const table of scope.tables) {
      const at = exprs.length;
      const fields = table.fields.filter((_, i) => {
        const key = keyOf(() => resolve(scope.column(table.at + i)));
        if (key !== undefined) exprs.push(key);
        return key !== undefined;
      });
      tables.push({ ...table, fields, at });
    }
    const made = new Scope(tables, [], scope.parent);
    return {
      rel: project(
        groups,
        exprs,
        made.fields.map((f) => f.name),
      ),
      scope: made,
    };
  }
}

/** A column that is no key has no value behind the groups. */
function keyOf(resolve: () => Expr): Expr | undefined {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

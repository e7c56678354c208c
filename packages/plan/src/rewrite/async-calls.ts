/* Calls of asynchronous functions become lookups: rows wait for their answers there, in order, so many at a time.
 *
 *   project f(g(a)) over t   ⇒   project r₂ over lookup f(r₁) → r₂ over lookup g(a) → r₁ over t
 */

import { mapExpr, type CallExpr, type Expr } from '#expr';
import type { Session } from '../bind/session.ts';
import { digest } from '../digest.ts';
import type { RelField } from '../logical/field.ts';
import { filter } from '../logical/nodes/filter.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import type { BoundTable } from '../logical/table.ts';

export function asyncCalls(rel: Rel, session: Session): Rel {
  if (session.asyncFunction === undefined || (rel.kind !== 'project' && rel.kind !== 'filter')) return rel;
  const before = rel.kind === 'project' ? rel.exprs : [rel.condition];
  const { input, exprs } = answered(rel.input, before, session.asyncFunction);
  if (input === rel.input) return rel;
  if (rel.kind === 'project')
    return project(
      input,
      exprs,
      rel.fields.map((f) => f.name),
    );
  const held = filter(input, exprs[0]!);
  return project(
    held,
    rel.fields.map((_, i) => column(held, i)),
    rel.fields.map((f) => f.name),
  );
}

/** The input with the answers of all asynchronous calls, and the expressions that read them. */
function answered(
  below: Rel,
  before: readonly Expr[],
  tableOf: NonNullable<Session['asyncFunction']>,
): { readonly input: Rel; readonly exprs: readonly Expr[] } {
  let [input, exprs] = [below, before];
  for (;;) {
    const call = exprs.map((e) => innermost(e, tableOf)).find((e) => e !== undefined);
    if (call === undefined) return { input, exprs };
    const asked = digest(call);
    const answer = lookup(input, call, tableOf(call.fn)!);
    const at: Expr = { kind: 'column', index: answer.fields.length - 1, type: call.type };
    exprs = exprs.map((e) => mapExpr(e, (part) => (digest(part) === asked ? at : undefined)));
    input = answer;
  }
}

/** A call of an asynchronous function whose arguments have none. */
function innermost(expr: Expr, tableOf: NonNullable<Session['asyncFunction']>): CallExpr | undefined {
  if (expr.kind === 'field') return innermost(expr.operand, tableOf);
  if (expr.kind !== 'call') return undefined;
  for (const arg of expr.args) {
    const found = innermost(arg, tableOf);
    if (found !== undefined) return found;
  }
  return tableOf(expr.fn) === undefined ? undefined : expr;
}

/** The input's columns, the arguments, the answer. */
function lookup(input: Rel, { args, type }: CallExpr, table: BoundTable): Rel {
  const fields = table.columns.map(
    (c, i): RelField => ({
      name: c.name,
      type: i < args.length ? { ...c.type, nullable: true } : type,
      time: undefined,
    }),
  );
  return {
    kind: 'lookup-join',
    input,
    table,
    columns: table.columns.map((_, i) => i),
    keys: args.map((left, right) => ({ right, left })),
    left: true,
    condition: undefined,
    hints: new Map(),
    fields: [...input.fields, ...fields],
  };
}

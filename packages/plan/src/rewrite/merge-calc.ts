/* Merges runs of projections and filters: project over project becomes one, filters move below projections that only
 * rename, filters over filters become one AND. Expressions that are not deterministic are left where they are. */

import { bindCall, isDeterministic, mapColumns, type Expr } from '#expr';
import { filter } from '../logical/nodes/filter.ts';
import { project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';

const through = (expr: Expr, exprs: readonly Expr[]): Expr => mapColumns(expr, (c) => exprs[c.index]!);
/** How often each column of the input is read by these expressions, to keep costly ones from being computed twice. */
function readsOnce(outer: readonly Expr[], inner: readonly Expr[]): boolean {
  const reads = new Map<number, number>();
  const count = (e: Expr): void => {
    if (e.kind === 'column') reads.set(e.index, (reads.get(e.index) ?? 0) + 1);
    else if (e.kind === 'field') count(e.operand);
    else if (e.kind === 'call') e.args.forEach(count);
  };
  outer.forEach(count);
  return [...reads].every(
    ([i, n]) =>
      n <= 1 || inner[i]!.kind === 'column' || inner[i]!.kind === 'literal' || inner[i]!.kind === 'field',
  );
}

export function mergeCalc(rel: Rel): Rel {
  if (rel.kind === 'project' && rel.input.kind === 'project') {
    const inner = rel.input;
    if (!inner.exprs.every(isDeterministic) || !readsOnce(rel.exprs, inner.exprs)) return rel;
    return mergeCalc(
      project(
        inner.input,
        rel.exprs.map((e) => through(e, inner.exprs)),
        rel.fields.map((f) => f.name),
      ),
    );
  }
  if (
    rel.kind === 'project' &&
    isIdentity(rel.exprs, rel.input) &&
    rel.fields.every((f, i) => f.name === rel.input.fields[i]!.name)
  )
    return rel.input;
  if (rel.kind === 'filter' && rel.input.kind === 'filter') {
    return filter(rel.input.input, bindCall('AND', [rel.input.condition, rel.condition]));
  }
  if (
    rel.kind === 'filter' &&
    rel.input.kind === 'project' &&
    rel.input.exprs.every(isDeterministic) &&
    readsOnce([rel.condition], rel.input.exprs)
  ) {
    const { input, exprs, fields } = rel.input;
    return project(
      mergeCalc(filter(input, through(rel.condition, exprs))),
      exprs,
      fields.map((f) => f.name),
    );
  }
  return rel;
}

const isIdentity = (exprs: readonly Expr[], input: Rel): boolean =>
  exprs.length === input.fields.length && exprs.every((e, i) => e.kind === 'column' && e.index === i);

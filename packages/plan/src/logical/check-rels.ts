/* What must hold of every relation after every stage: columns within bounds and of the types that are there, conditions
 * that are conditions, as many expressions as fields. It stays on: a false one is a bug of the stage that came before. */

import { assert, BugError } from '#base';
import { sameType, typeText, withNullable, type LogicalType } from '#data';
import type { Expr } from '#expr';
import type { RelField } from './field.ts';
import { inputsOf, relKind } from './kinds.ts';
import type { Rel } from './rel.ts';

export function checkRels(rels: readonly Rel[], stage: string): void {
  const seen = new Set<Rel>();
  const visit = (rel: Rel): void => {
    if (seen.has(rel)) return;
    seen.add(rel);
    inputsOf(rel).forEach(visit);
    checkRel(rel, stage);
  };
  rels.forEach(visit);
}

function checkRel(rel: Rel, stage: string): void {
  const where = `after ${stage}, in ${rel.kind}`;
  const { exprs, columns } = relKind(rel).reads(rel);
  for (const { index, over } of columns)
    assert(index >= 0 && index < over.length, `${where}: column ${index} of ${over.length}`);
  for (const { expr, over } of exprs) checkExpr(expr, over, where);
  if (rel.kind === 'project') {
    assert(rel.exprs.length === rel.fields.length, `${where}: one field an expression`);
    rel.exprs.forEach((e, i) => checkFits(e.type, rel.fields[i]!.type, `${where}: ${rel.fields[i]!.name}`));
  }
  if ((rel.kind === 'filter' || rel.kind === 'join') && rel.condition !== undefined)
    assert(rel.condition.type.kind === 'BOOLEAN', `${where}: a condition is BOOLEAN`);
}

/** Columns exist and have the types that the expression takes them for; nothing of the binder's is left in it. */
export function checkExpr(expr: Expr, over: readonly RelField[], where: string): void {
  switch (expr.kind) {
    case 'literal':
      return;
    case 'column': {
      const field = over[expr.index];
      if (field === undefined) throw new BugError(`${where}: column ${expr.index} of ${over.length}`);
      checkFits(field.type, expr.type, `${where}: ${field.name}`);
      return;
    }
    case 'field':
      checkExpr(expr.operand, over, where);
      return;
    case 'call':
      assert(!expr.fn.startsWith('$'), `${where}: ${expr.fn} stayed in the binder`);
      for (const arg of expr.args) checkExpr(arg, over, where);
  }
}

/** A value of the one type is read as one of the other; what is never NULL may be read as what may be. */
export function checkFits(from: LogicalType, to: LogicalType, where: string): void {
  if (from.nullable && !to.nullable)
    throw new BugError(`${where}: ${typeText(from)} is read as ${typeText(to)}`);
  if (!sameType(withNullable(from, true), withNullable(to, true), false))
    throw new BugError(`${where}: ${typeText(from)} is read as ${typeText(to)}`);
}

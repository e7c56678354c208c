/* Joins in FROM with ON, USING and NATURAL, whatever they will run as. */

import { UserError } from '#base';
import { bindCall, mapColumns, type Expr } from '#expr';
import type { Hint, Identifier, JoinRef } from '#sql';
import { conjunction } from '../logical/conditions.ts';
import { identity } from '../logical/field.ts';
import { join, mayMiss, type JoinType } from '../logical/nodes/join.ts';
import { project } from '../logical/nodes/project.ts';
import { timedJoin } from '../logical/timed-join.ts';
import type { Binder, Bound } from './binder.ts';
import { bindExpression, boolean } from './expressions.ts';
import { bothHold, conditionsOf, whereHolds, withConditions } from './join-conditions.ts';
import { refersOutwards } from './outer.ts';
import type { MergedColumn, Scope } from './scope.ts';
import { hooks } from './shared.ts';
import { stateTtlMs } from './state-ttl.ts';

const typeOf: Record<JoinRef['type'], JoinType> = {
  INNER: 'inner',
  LEFT: 'left',
  RIGHT: 'right',
  FULL: 'full',
  CROSS: 'inner',
};

/** A join of two relations. `hints`: of the SELECT. */
export function bindTwoSides(
  ref: JoinRef,
  left: Bound,
  right: Bound,
  binder: Binder,
  hints: readonly Hint[],
): Bound {
  const asked = conditionsOf(ref.on);
  if (asked !== undefined) return bindAsking(ref, left, right, asked, binder, hints);
  const both = left.scope.join(right.scope);
  const names = commonNames(ref, left.scope, right.scope);
  const condition =
    ref.on === undefined
      ? conjunction(names.map((id) => equality(id, left.scope, right.scope)))
      : boolean(bindExpression(ref.on, both.within(binder.outer), hooks(binder)), ref.on, 'ON');
  const type = typeOf[ref.type];
  // What refers to the query around is no condition yet, so it bounds no time.
  const made = condition !== undefined && refersOutwards(condition) ? join : timedJoin;
  const rel = made(type, left.rel, right.rel, condition, {
    leftTtlMs: stateTtlMs(hints, left.scope),
    rightTtlMs: stateTtlMs(hints, right.scope),
  });
  return { rel, scope: merging(both, names, type, left.scope, right.scope).withFields(rel.fields) };
}

/** With sub-queries in ON. */
function bindAsking(
  ref: JoinRef,
  left: Bound,
  right: Bound,
  { plain, asking }: NonNullable<ReturnType<typeof conditionsOf>>,
  binder: Binder,
  hints: readonly Hint[],
): Bound {
  if (ref.type === 'INNER')
    return whereHolds(bindTwoSides({ ...ref, on: plain }, left, right, binder, hints), asking, binder);
  const made = withConditions(ref, left, right, asking, binder);
  const on = [...(plain === undefined ? [] : [plain]), ...made.on].reduce(bothHold);
  const joined = bindTwoSides({ ...ref, on }, made.left, made.right, binder, hints);
  const [l, r, width] = [left.rel.fields.length, right.rel.fields.length, made.left.rel.fields.length];
  const kept = identity(joined.rel.fields).filter((_, i) => i < l || (i >= width && i < width + r));
  const rel = project(
    joined.rel,
    kept,
    kept.map((c) => joined.rel.fields[c.index]!.name),
  );
  return { rel, scope: left.scope.join(right.scope).withFields(rel.fields) };
}

/** The columns that both sides must agree in: as written in USING, or all of one name. */
export function commonNames(ref: JoinRef, left: Scope, right: Scope): readonly Identifier[] {
  if (!ref.natural) return ref.using;
  const names = (scope: Scope): string[] => [...new Set(scope.fields.map((f) => f.name))];
  const ofRight = new Set(names(right));
  return names(left)
    .filter((name) => ofRight.has(name))
    .map((text) => ({ text, quoted: true, span: ref.span }));
}

/** `id` of the left equals `id` of the right, over the row of both. */
export function equality(id: Identifier, left: Scope, right: Scope): Expr {
  const shift = left.fields.length;
  const ofRight = mapColumns(right.resolve([id]), (c) => ({ ...c, index: c.index + shift }));
  return bindCall('=', [left.resolve([id]), ofRight], { at: id.span });
}

/** The scope in which each of the names is one column again. */
export function merging(
  both: Scope,
  names: readonly Identifier[],
  type: JoinType,
  left: Scope,
  right: Scope,
): Scope {
  if (names.length === 0) return both;
  const made = names.map((id): MergedColumn => {
    const [l, r] = [columnsNamed(id, left, 0), columnsNamed(id, right, left.fields.length)];
    return {
      name: id.text,
      parts: [
        ...(mayMiss(type, 'left') && type !== 'full' ? [] : l.parts),
        ...(mayMiss(type, 'left') ? r.parts : []),
      ],
      hides: [...l.hides, ...r.hides],
    };
  });
  const gone = new Set(made.flatMap((m) => m.hides));
  return both.withMerged([...made, ...both.merged.filter((m) => !m.hides.some((c) => gone.has(c)))]);
}
function columnsNamed(
  id: Identifier,
  scope: Scope,
  shift: number,
): { readonly parts: readonly number[]; readonly hides: readonly number[] } {
  const shifted = (columns: readonly number[]): number[] => columns.map((c) => c + shift);
  const merged = scope.merged.find((m) => m.name === id.text);
  if (merged !== undefined) return { parts: shifted(merged.parts), hides: shifted(merged.hides) };
  const column = scope.resolve([id]);
  if (column.kind !== 'column')
    throw new UserError('SQL2003', { at: id.span, message: `"${id.text}" is no column of both sides` });
  return { parts: [column.index + shift], hides: [column.index + shift] };
}

/* Lookup joins: FOR SYSTEM_TIME AS OF a processing time of the left side. */

import { UserError } from '#base';
import { withNullable } from '#data';
import { columnsOf, type Expr } from '#expr';
import type { Hint, Identifier, JoinRef, NamedTable } from '#sql';
import { conjunction, conjuncts } from '../logical/conditions.ts';
import type { RelField } from '../logical/field.ts';
import type { LookupJoinRel } from '../logical/nodes/lookup-join.ts';
import { tableField } from '../logical/nodes/scan.ts';
import { withOptionHints } from '../logical/table.ts';
import type { Binder, Bound } from './binder.ts';
import { bindExpression, boolean } from './expressions.ts';
import { commonNames, equality, merging } from './join.ts';
import { Scope } from './scope.ts';
import { hooks } from './shared.ts';

export function bindLookup(
  ref: JoinRef,
  right: NamedTable,
  left: Bound,
  binder: Binder,
  hints: readonly Hint[],
): Bound {
  if (ref.type !== 'INNER' && ref.type !== 'LEFT')
    throw new UserError('SQL2008', {
      at: ref.span,
      message: `a lookup join is an INNER or a LEFT JOIN, not ${ref.type}`,
    });
  const time = bindExpression(right.asOf!, left.scope);
  const kind =
    time.kind === 'column'
      ? left.scope.fields[time.index]!.time
      : time.kind === 'call' && time.fn === 'PROCTIME'
        ? 'proctime'
        : undefined;
  if (kind !== 'proctime' && kind !== 'fixed-proctime')
    throw new UserError('SQL2008', {
      at: right.asOf!.span,
      message: 'FOR SYSTEM_TIME AS OF takes a processing-time attribute of the left table',
      hint: 'Add a column proc_time AS PROCTIME() to the left table.',
    });
  const object = binder.session.get(right.name);
  if (object.kind !== 'table')
    throw new UserError('SQL2008', {
      at: right.span,
      message: `Processing-time temporal join is not supported yet: "${object.path.object}" is a view, and only a table can be looked up.`,
      hint: 'Look the table up, and filter or compute behind it; or join by a rowtime: FOR SYSTEM_TIME AS OF o.ts.',
    });
  if (object.checks !== undefined)
    throw new UserError('QLT3006', {
      at: right.span,
      message: `"${object.path.object}" has a suite or a contract, and is looked up: rows that are looked up are not checked`,
      hint: `Name it once more without them, for lookups: CREATE TABLE ${object.path.object}_lookup WITH (…) LIKE ${object.path.object} (EXCLUDING OPTIONS).`,
    });
  const table = withOptionHints(object, right.hints);
  const outer = ref.type === 'LEFT';
  const fields = table.columns.map(
    (c, i): RelField => ({
      ...tableField(table, i),
      type: withNullable(c.type, c.type.nullable || outer),
      time: undefined,
    }),
  );
  const lookedUp = Scope.of(right.alias?.name.text ?? table.path.object, fields);
  const names = commonNames(ref, left.scope, lookedUp);
  const condition = joinCondition(ref, names, left, lookedUp, binder);
  const { keys, rest } = splitCondition(condition, left.rel.fields.length);
  if (keys.length === 0) {
    throw new UserError('SQL2008', {
      at: ref.span,
      message: `Temporal table join requires an equality condition on fields of table ${table.path.object}`,
    });
  }
  const rel: LookupJoinRel = {
    kind: 'lookup-join',
    input: left.rel,
    table,
    columns: table.columns.map((_, i) => i),
    keys,
    left: outer,
    condition: rest,
    hints: lookupHint(hints, right.alias?.name.text ?? table.path.object),
    fields: [...left.rel.fields, ...fields],
  };
  const scope = left.scope.join(lookedUp);
  return { rel, scope: merging(scope, names, outer ? 'left' : 'inner', left.scope, lookedUp) };
}

/** What the LOOKUP hint for this table says. */
function lookupHint(hints: readonly Hint[], table: string): ReadonlyMap<string, string> {
  const hint = hints.find(
    (h) => h.name.toUpperCase() === 'LOOKUP' && h.pairs.some((p) => p.key === 'table' && p.value === table),
  );
  return new Map((hint?.pairs ?? []).map((p) => [p.key, p.value ?? '']));
}

/** ON, or the equalities of USING and NATURAL. */
export function joinCondition(
  ref: JoinRef,
  names: readonly Identifier[],
  left: Bound,
  right: Scope,
  binder: Binder,
): Expr {
  const condition =
    ref.on === undefined
      ? conjunction(names.map((id) => equality(id, left.scope, right)))
      : boolean(
          bindExpression(ref.on, left.scope.join(right).within(binder.outer), hooks(binder)),
          ref.on,
          'ON',
        );
  if (condition !== undefined) return condition;
  throw new UserError('SQL2008', { at: ref.span, message: 'FOR SYSTEM_TIME AS OF needs an ON condition' });
}

/** Equalities between a left expression and a right column are keys; whatever else stays a condition. */
function splitCondition(
  condition: Expr,
  leftCount: number,
): { keys: { right: number; left: Expr }[]; rest: Expr | undefined } {
  const keys: { right: number; left: Expr }[] = [];
  const rest: Expr[] = [];
  for (const part of conjuncts(condition)) {
    const key =
      part.kind === 'call' && part.fn === '='
        ? (keyOf(part.args[0]!, part.args[1]!, leftCount) ?? keyOf(part.args[1]!, part.args[0]!, leftCount))
        : undefined;
    if (key !== undefined) keys.push(key);
    else rest.push(part);
  }
  return { keys, rest: conjunction(rest) };
}
function keyOf(right: Expr, left: Expr, leftCount: number): { right: number; left: Expr } | undefined {
  if (right.kind !== 'column' || right.index < leftCount) return undefined;
  for (const c of columnsOf(left)) if (c >= leftCount) return undefined;
  return { right: right.index - leftCount, left };
}

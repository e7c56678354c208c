/* MATCH_RECOGNIZE to a relation: pattern, what its variables ask of rows, what a match gives. */

import { UserError, type Span } from '#base';
import type { Expr } from '#expr';
import type { MatchSkip } from '#job';
import type { Expression, MatchRecognize } from '#sql';
import type { RelField, SortKey } from '../logical/field.ts';
import type { MatchRel, PatternElement } from '../logical/nodes/match.ts';
import type { Binder, Bound } from './binder.ts';
import { bindExpression, boolean, type BindHooks } from './expressions.ts';
import { intervalMs } from './literals.ts';
import { matchHooks } from './match-calls.ts';
import { bindPattern } from './match-pattern.ts';
import { MatchScope } from './match-scope.ts';
import { notYet } from './not-yet.ts';
import { sortKey } from './order.ts';
import type { Scope } from './scope.ts';

const refused = (at: Span, message: string, hint?: string): UserError =>
  new UserError('SQL2026', { at, message, hint });

export function bindMatch(ref: MatchRecognize, { rel: input, scope }: Bound, binder: Binder): MatchRel {
  if (ref.rowsPerMatch === 'ALL') throw refused(ref.span, 'All rows per match mode is not supported yet.');
  if (ref.subsets.length > 0) throw notYet('SUBSET in MATCH_RECOGNIZE', ref.subsets[0]!.name.span);
  const elements = bindPattern(ref);
  // Sub-queries have no place here: what FROM keeps for them is not of the rows of a match.
  const { userFunction } = binder.session;
  const around: BindHooks = userFunction === undefined ? {} : { userFunction };
  const partition = ref.partitionBy.map((e) => plainColumn(e, scope, 'PARTITION BY'));
  const order = ref.orderBy.map((o): SortKey => sortKey(o, plainColumn(o.expression, scope, 'ORDER BY')));
  const time =
    order[0] !== undefined && scope.fields[order[0].column]!.time === 'rowtime' ? order[0].column : undefined;
  // A variable that is only defined can be named, and has no rows.
  const defined = ref.define.map((d) => d.variable.text);
  const names = [...new Set([...elements.map((e) => e.variable), ...defined])];
  const inside = new MatchScope(scope, names);
  const conditions = bindConditions(ref, inside, matchHooks(inside, 'DEFINE', time, around));
  const measuring = matchHooks(inside, 'MEASURES', time, around);
  const measures = ref.measures.map((m) => inside.finished(bindExpression(m.expression, inside, measuring)));
  const made = measures.map((m, i) => measured(ref.measures[i]!.alias.text, m, inside));
  const fields = [...partition.map((c): RelField => ({ ...input.fields[c]!, time: undefined })), ...made];
  return {
    kind: 'match',
    input,
    partition,
    order,
    elements,
    variables: names,
    skip: bindSkip(ref, elements),
    withinMs: bindWithin(ref, scope),
    parts: inside.parts,
    conditions: elements.map((e) => conditions.get(e.variable)),
    measures,
    fields,
  };
}

/** The times of a match can be gone on with: they are the time attributes of its row. */
function measured(name: string, expr: Expr, { parts }: MatchScope): RelField {
  const isTime = expr.kind === 'column' && parts[expr.index]!.kind === 'rowtime';
  if (expr.kind === 'call' && expr.fn === 'PROCTIME') return { name, type: expr.type, time: 'proctime' };
  return { name, type: expr.type, time: isTime ? 'rowtime' : undefined };
}

function plainColumn(node: Expression, scope: Scope, clause: string): number {
  const expr = bindExpression(node, scope);
  if (expr.kind === 'column') return expr.index;
  throw refused(
    node.span,
    `${clause} in MATCH_RECOGNIZE takes columns`,
    'Compute the value in a sub-query in front: FROM (SELECT *, … AS k FROM t) MATCH_RECOGNIZE (…).',
  );
}

function bindConditions(ref: MatchRecognize, scope: MatchScope, around: BindHooks): Map<string, Expr> {
  const conditions = new Map<string, Expr>();
  for (const { variable, condition } of ref.define) {
    if (conditions.has(variable.text))
      throw refused(variable.span, `Pattern variable '${variable.text}' has already been defined`);
    const bound = bindExpression(condition, scope, around);
    if (bound.type.kind === 'NULL') throw refused(condition.span, "Illegal use of 'NULL' in DEFINE");
    conditions.set(variable.text, scope.finished(boolean(bound, condition, 'DEFINE')));
  }
  return conditions;
}

/** SQL's default, and Flink's, is the next row. */
function bindSkip({ afterMatch }: MatchRecognize, elements: readonly PatternElement[]): MatchSkip {
  switch (afterMatch?.kind) {
    case 'PAST LAST ROW':
      return { kind: 'past-last' };
    case undefined:
    case 'NEXT ROW':
      return { kind: 'to-next' };
    case 'FIRST':
    case 'LAST': {
      const { kind, variable: name } = afterMatch;
      const variable = elements.findIndex((e) => e.variable === name.text);
      if (variable < 0) throw refused(name.span, `Unknown pattern '${name.text}' in AFTER MATCH SKIP TO`);
      return { kind: kind === 'FIRST' ? 'to-first' : 'to-last', variable };
    }
  }
}

function bindWithin({ within }: MatchRecognize, scope: Scope): number {
  if (within === undefined) return 0;
  const expr = bindExpression(within, scope);
  const ms = expr.kind === 'literal' ? intervalMs(expr) : undefined;
  if (ms === undefined || !(ms > 0))
    throw refused(
      within.span,
      'Only constant intervals with millisecond resolution are supported as time constraints of patterns.',
      "Write: PATTERN (…) WITHIN INTERVAL '1' HOUR.",
    );
  return ms;
}

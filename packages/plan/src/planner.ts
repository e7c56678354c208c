/* The planner's entrances: a query or a set of INSERTs in, a physical plan out. Nothing runs, nothing connects. */

import { UserError, type Span } from '#base';
import type { EvalContext } from '#expr';
import type { InsertStatement, Query } from '#sql';
import { bindInsert } from './bind/insert.ts';
import { QueryBinder } from './bind/query.ts';
import type { Session } from './bind/session.ts';
import type { RelField } from './logical/field.ts';
import type { Rel } from './logical/rel.ts';
import { Converter } from './physical/convert.ts';
import type { PlanNode } from './physical/node.ts';
import { finishPlan, type PhysicalPlan } from './physical/plan.ts';
import { deadLetters, withoutLetters } from './physical/rules/dead-letters.ts';
import { requireReadableChanges } from './physical/rules/process-changes.ts';
import { requireOwnUids } from './physical/rules/process.ts';
import { convertSink } from './physical/rules/sink.ts';
import { settleDeletes } from './physical/traits/deletes.ts';
import { resolveDeterminism } from './physical/traits/determinism.ts';
import { rewriteAll } from './rewrite/index.ts';

export interface PlannedQuery {
  readonly logical: Rel;
  readonly plan: PhysicalPlan;
  readonly fields: readonly RelField[];
}
export interface PlannedInserts {
  readonly logical: readonly Rel[];
  readonly plan: PhysicalPlan;
  /** Names of the tables that are written. */
  readonly targets: readonly string[];
}

/** A SELECT, whose reader wants every change whole: -U and +U. `target` names it in operator ids. */
export function planQuery(
  query: Query,
  session: Session,
  evaluation: EvalContext,
  target: string,
): PlannedQuery {
  const logical = new QueryBinder(session, evaluation).query(query);
  const root = placed(query.span, () => {
    const [rewritten] = rewriteAll([logical], session);
    return resolved([new Converter(session).convert(rewritten!)], true, session)[0]!;
  });
  return {
    logical,
    plan: finishPlan([root], [target], true, withoutLetters),
    fields: logical.fields,
  };
}

/** INSERTs that run as one job: equal sub-plans are shared. */
export function planInserts(
  inserts: readonly InsertStatement[],
  session: Session,
  evaluation: EvalContext,
): PlannedInserts {
  const converter = new Converter(session);
  const bound = inserts.map((node) => bindInsert(node, new QueryBinder(session, evaluation)));
  const places = inserts.map((node) => node.target.at(-1)!.span);
  const rewritten = placed(inserts.length === 1 ? places[0] : undefined, () =>
    rewriteAll(
      bound.map((b) => b.rel),
      session,
    ),
  );
  const sinks = bound.map(({ table, places: columnPlaces }, i) =>
    placed(places[i], () => convertSink(rewritten[i]!, table, columnPlaces, inserts[i]!, converter)),
  );
  const targets = sinks.map((s) => s.name);
  const roots = placed(inserts.length === 1 ? places[0] : undefined, () => resolved(sinks, false, session));
  return {
    logical: bound.map((b) => b.rel),
    plan: finishPlan(roots, targets, false, (asked) => deadLetters(asked, session, targets.join('+'))),
    targets,
  };
}

/** Without what cannot be taken back, where the session asks for that. Throws what two calls cannot share. */
function resolved(
  roots: readonly PlanNode[],
  rootsNeed: boolean,
  { settings }: Session,
): readonly PlanNode[] {
  requireOwnUids(roots);
  const settled = settleDeletes(roots);
  requireReadableChanges(settled, rootsNeed);
  const strategy = settings.get('table.optimizer.non-deterministic-update.strategy').toUpperCase();
  return settings.batch || strategy !== 'TRY_RESOLVE' ? settled : resolveDeterminism(settled, rootsNeed);
}

/** What `make` gives; its errors get the place `at` where they have none of their own. */
function placed<T>(at: Span | undefined, make: () => T): T {
  try {
    return make();
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.at !== undefined || at === undefined) throw thrown;
    throw new UserError(thrown.code, { at, message: thrown.message, hint: thrown.hint, cause: thrown });
  }
}

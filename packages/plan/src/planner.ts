/* The planner's entrances: a query or a set of INSERTs in, a physical plan out. Nothing runs, nothing connects. */

import { UserError, type Span } from '#base';
import type { EvalContext } from '#expr';
import type { InsertStatement, Query } from '#sql';
import { QueryBinder } from './bind/query.ts';
import type { Session } from './bind/session.ts';
import type { Rel, RelField } from './logical/rel.ts';
import { Converter } from './physical/convert.ts';
import { assignIds } from './physical/ids.ts';
import type { Phys, PhysSink } from './physical/node.ts';
import { bindInsert, sinkNode } from './physical/sink.ts';
import { rewriteAll } from './rewrite/index.ts';

export interface PlannedQuery {
  readonly logical: Rel;
  readonly root: Phys;
  readonly fields: readonly RelField[];
}
export interface PlannedInserts {
  readonly logical: readonly Rel[];
  readonly sinks: readonly PhysSink[];
}

/** A SELECT, whose reader wants every change whole: -U and +U. `target` names it in operator ids. */
export function planQuery(
  query: Query,
  session: Session,
  evaluation: EvalContext,
  target: string,
): PlannedQuery {
  const logical = new QueryBinder(session, evaluation).query(query);
  const root = placed(query.span, () => new Converter(session).convert(rewriteAll([logical])[0]!, true));
  assignIds([root], target);
  return { logical, root, fields: logical.fields };
}

/** INSERTs that run as one job: equal sub-plans are shared. */
export function planInserts(
  inserts: readonly InsertStatement[],
  session: Session,
  evaluation: EvalContext,
): PlannedInserts {
  const converter = new Converter(session);
  const bound = inserts.map((node) => bindInsert(node, new QueryBinder(session, evaluation)));
  const rewritten = rewriteAll(bound.map((b) => b.rel));
  const sinks = bound.map(({ table }, i) =>
    placed(inserts[i]!.target.at(-1)!.span, () => sinkNode(rewritten[i]!, table, converter)),
  );
  assignIds(sinks, sinks.map((s) => s.name).join('+'));
  return { logical: bound.map((b) => b.rel), sinks };
}

/** What `make` gives; its errors get the place `at` where they have none of their own. */
function placed<T>(at: Span, make: () => T): T {
  try {
    return make();
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.at !== undefined) throw thrown;
    throw new UserError(thrown.code, { at, message: thrown.message, hint: thrown.hint, cause: thrown });
  }
}

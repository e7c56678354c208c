/* Why an expression failed a job whose tables have a policy for bad rows: the row was no table's. */

import { UserError } from '#base';
import type { JobPlan } from '#job';

/** With a hint, behind its own, where the policy of a table could be thought to hold. */
export function withPolicyHint(error: unknown, { nodes }: JobPlan): unknown {
  if (!(error instanceof UserError) || !error.code.startsWith('DATA3')) return error;
  const tables = nodes.flatMap((n) =>
    n.kind === 'source' && n.badRows !== undefined && n.badRows.onError !== 'fail' ? [n.badRows.table] : [],
  );
  const [table] = tables;
  if (table === undefined) return error;
  const {
    code,
    at,
    message,
    hint = 'TRY_CAST, NULLIF or a condition in front of it keeps the job going.',
  } = error;
  return new UserError(code, {
    ...(at && { at }),
    message,
    hint: `${hint} 'millrace.on-error' of '${table}' holds for its rows and for what is computed right above it; this row is made of several, by a join or an aggregate.`,
    cause: error,
  });
}

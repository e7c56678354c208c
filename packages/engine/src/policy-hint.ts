/* Why an expression failed a job whose tables have a policy for bad rows: the row was no table's. */

import { UserError } from '#base';
import type { JobPlan } from '#job';

/** With a hint, behind its own, where the policy of a table could be thought to hold. */
export function withPolicyHint(error: unknown, { nodes }: JobPlan): unknown {
  if (!(error instanceof UserError) || !error.code.startsWith('DATA3')) return error;
  const tables = nodes.flatMap((n) =>
    n.kind === 'source' && n.badRows !== undefined && n.badRows.onError !== 'fail' ? [n.badRows.table] : [],
  );
  const sinks = nodes.flatMap((n) =>
    n.kind === 'sink' && n.badRows !== undefined && n.badRows.onError !== 'fail' ? [n.badRows.table] : [],
  );
  const why = policyText(tables[0], sinks[0]);
  if (why === undefined) return error;
  const {
    code,
    at,
    message,
    hint = 'TRY_CAST, NULLIF or a condition in front of it keeps the job going.',
  } = error;
  return new UserError(code, {
    ...(at && { at }),
    message,
    hint: `${hint} ${why}`,
    cause: error,
  });
}

function policyText(read: string | undefined, written: string | undefined): string | undefined {
  if (written !== undefined)
    return `'millrace.on-error' of '${written}' holds for what is computed right in front of it, of rows that only come; this one changes, or lies further behind.`;
  if (read !== undefined)
    return `'millrace.on-error' of '${read}' holds for its rows and for what is computed right above it; this row is made of several, by a join or an aggregate. That of the table that is written holds for it, where rows only come.`;
  return undefined;
}

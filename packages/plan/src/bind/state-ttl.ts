/* The STATE_TTL hint: how long joins and aggregations of one SELECT keep what came from a table, by its name or alias
 * (Flink docs, "State TTL Hints"). In a chain of joins it counts for tables that are a side by themselves. */

import { didYouMean, UserError } from '#base';
import { parseDurationMs } from '#catalog';
import type { Hint } from '#sql';
import type { Scope } from './scope.ts';

const isTtl = (hint: Hint): boolean => hint.name.toUpperCase() === 'STATE_TTL';

/** What the hints give for a side that is one table; undefined where they name none. Throws SQL2020. */
export function stateTtlMs(hints: readonly Hint[], scope: Scope): number | undefined {
  const [table, ...others] = scope.tables;
  if (table?.name === undefined || others.length > 0) return undefined;
  for (const hint of hints.filter(isTtl)) {
    const pair = hint.pairs.findLast((p) => p.key === table.name);
    if (pair === undefined) continue;
    const ms = parseDurationMs(pair.value ?? '');
    if (ms !== undefined) return ms;
    throw new UserError('SQL2020', {
      at: hint.span,
      message: `STATE_TTL of "${pair.key}": found '${pair.value ?? ''}', expected a duration such as '1 d'`,
    });
  }
  return undefined;
}

/** Throws SQL2020 for a name that is no table of FROM. */
export function checkStateTtl(hints: readonly Hint[], scope: Scope): void {
  const names = scope.tables.flatMap((t) => t.name ?? []);
  for (const hint of hints.filter(isTtl)) {
    for (const { key } of hint.pairs) {
      if (names.includes(key)) continue;
      throw new UserError('SQL2020', {
        at: hint.span,
        message: `the hint STATE_TTL names "${key}", which is no table of FROM`,
        hint: didYouMean(key, names),
      });
    }
  }
}

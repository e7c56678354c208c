/* Filters go into scans whose source takes them: by the columns that it names. What is pushed no longer runs above. A source
 * that gives +U without -U gets filters on its key alone: one on more would hide that a row no longer passes. */

import { columnsOf, isDeterministic, type Expr } from '#expr';
import { readSide } from '../connectors.ts';
import { conjunction, conjuncts } from '../logical/conditions.ts';
import { filter } from '../logical/nodes/filter.ts';
import type { Rule } from './rule.ts';

export const pushFilter: Rule = (rel, session) => {
  if (rel.kind !== 'filter' || rel.input.kind !== 'scan' || rel.input.pushed !== undefined) return rel;
  const scan = rel.input;
  const { changelog, filterColumns = [] } = readSide(scan.table, session).traits;
  const whole = changelog.updateBefore || !changelog.updateAfter;
  const key = new Set(scan.table.primaryKey.map((k) => scan.table.columns[k]!.name));
  const names = new Set(filterColumns.filter((name) => whole || key.has(name)));
  const taken = (e: Expr): boolean => {
    const read = [...columnsOf(e)];
    return read.length > 0 && isDeterministic(e) && read.every((i) => names.has(scan.fields[i]!.name));
  };
  const parts = conjuncts(rel.condition);
  const pushed = conjunction(parts.filter(taken));
  if (pushed === undefined) return rel;
  const rest = conjunction(parts.filter((p) => !taken(p)));
  const narrowed = { ...scan, pushed };
  return rest === undefined ? narrowed : filter(narrowed, rest);
};

/* Filters go into scans whose connector applies them (`filterable-fields` of the test connector). What is pushed no longer
 * runs above. */

import { bindCall, columnsOf, isDeterministic, type Expr } from '#expr';
import { conjuncts } from '../bind/from.ts';
import { filter } from '../logical/build.ts';
import { inputsOf, withInputs, type Rel } from '../logical/rel.ts';

export function pushFilters(rel: Rel): Rel {
  const here = withInputs(rel, inputsOf(rel).map(pushFilters));
  if (here.kind !== 'filter' || here.input.kind !== 'scan' || here.input.pushed !== undefined) return here;
  const scan = here.input;
  const names = new Set(
    (scan.table.options.find((o) => o.key === 'filterable-fields')?.value ?? '').split(';').filter(Boolean),
  );
  const pushable = (e: Expr): boolean => {
    const read = [...columnsOf(e)];
    return read.length > 0 && isDeterministic(e) && read.every((i) => names.has(scan.fields[i]!.name));
  };
  const parts = conjuncts(here.condition);
  const pushed = parts.filter(pushable);
  if (pushed.length === 0) return here;
  const and = (list: readonly Expr[]): Expr => list.reduce((a, b) => bindCall('AND', [a, b]));
  const rest = parts.filter((p) => !pushed.includes(p));
  const narrowed = { ...scan, pushed: and(pushed) };
  return rest.length === 0 ? narrowed : filter(narrowed, and(rest));
}

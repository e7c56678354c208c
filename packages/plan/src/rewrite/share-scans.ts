/* One scan for all that read a table in one job: each reads the columns that any of them needs, and picks its own.
 * Scans with pushed filters or limits stay apart, for they read other rows. */

import { digest } from '../digest.ts';
import { inputsOf, withInputs } from '../logical/kinds.ts';
import { column, project } from '../logical/nodes/project.ts';
import { tableField, type ScanRel } from '../logical/nodes/scan.ts';
import type { Rel } from '../logical/rel.ts';

const keyOf = (scan: ScanRel): string => digest(scan.table);
const shareable = (rel: Rel): rel is ScanRel =>
  rel.kind === 'scan' && rel.pushed === undefined && rel.limit === undefined;

export function shareScans(rels: readonly Rel[]): readonly Rel[] {
  const columns = new Map<string, Set<number>>();
  const collect = (rel: Rel): void => {
    if (shareable(rel)) {
      const all = columns.get(keyOf(rel)) ?? new Set<number>();
      columns.set(keyOf(rel), all);
      for (const c of rel.columns) all.add(c);
    }
    inputsOf(rel).forEach(collect);
  };
  rels.forEach(collect);
  return rels.map((rel) => widen(rel, columns));
}

function widen(rel: Rel, columns: ReadonlyMap<string, ReadonlySet<number>>): Rel {
  const here = withInputs(
    rel,
    inputsOf(rel).map((r) => widen(r, columns)),
  );
  if (!shareable(here)) return here;
  const all = [...columns.get(keyOf(here))!].sort((a, b) => a - b);
  if (all.length === here.columns.length) return here;
  const wide: ScanRel = { ...here, columns: all, fields: all.map((c) => tableField(here.table, c)) };
  return project(
    wide,
    here.columns.map((c) => column(wide, all.indexOf(c))),
    here.fields.map((f) => f.name),
  );
}

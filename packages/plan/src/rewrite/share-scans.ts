/* One scan for all that read a table in one job: each reads the columns that any of them needs, and picks its own.
 * Scans with pushed filters or limits stay apart, for they read other rows. */

import { project, tableField } from '../logical/build.ts';
import { inputsOf, withInputs, type Rel, type ScanRel } from '../logical/rel.ts';
import { pathText } from '#catalog';

const keyOf = (scan: ScanRel): string =>
  `${pathText(scan.table.path)}|${JSON.stringify(scan.table.options.map((o) => [o.key, o.value]))}`;
const shareable = (rel: Rel): rel is ScanRel =>
  rel.kind === 'scan' && rel.pushed === undefined && rel.limit === undefined;

export function shareScans(rels: readonly Rel[]): Rel[] {
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
  const picked = here.columns.map((c) => all.indexOf(c));
  return project(
    wide,
    picked.map((index) => ({ kind: 'column', index, type: wide.fields[index]!.type })),
    here.fields.map((f) => f.name),
  );
}

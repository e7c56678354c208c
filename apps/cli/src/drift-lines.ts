/* How what a job reads differs from its tables, for people. */

import type { EvolvedColumn, TableDrift } from '#engine';

const shownMax = 10;
const kinds = {
  unknown: 'is no column',
  missing: 'is missing',
  type: 'has another type',
} as const;

/** A line a field; records that leave a column out are not among them unless all do. */
export function driftLines(drift: readonly TableDrift[]): string[] {
  const told = drift.filter((d) => d.kind !== 'missing' || d.of === 'schemas' || d.times >= d.looked);
  const lines = told.slice(0, shownMax).map((d) => {
    const where = d.of === 'schemas' ? `${d.times} schemas` : `${d.times} of ${d.looked} records looked at`;
    const sample = d.sample === '' ? '' : `, ${d.of === 'schemas' ? d.sample : `as in ${d.sample}`}`;
    return `${d.table}: the field '${d.path}' ${kinds[d.kind]} in ${where}${sample}`;
  });
  return told.length > shownMax ? [...lines, `${told.length - shownMax} more fields differ`] : lines;
}

/** For status lines of `--json`; nothing where nothing differs. */
export const driftJson = (drift: readonly TableDrift[]): { readonly drift?: readonly TableDrift[] } =>
  drift.length === 0 ? {} : { drift };

/** A line a column that a table got while the job ran. */
export const evolvedLines = (evolved: readonly Omit<EvolvedColumn, 'at'>[]): string[] =>
  evolved.map(({ table, name, type, sinks }) => {
    const also = sinks.length === 0 ? '' : `, and so did ${sinks.join(', ')}`;
    return `${table} got the column '${name}' ${type}${also}`;
  });
/** For status lines of `--json`. */
export const evolvedJson = (
  evolved: readonly EvolvedColumn[],
): { readonly columnsAdded?: readonly EvolvedColumn[] } =>
  evolved.length === 0 ? {} : { columnsAdded: evolved };

/* Smaller tables than one: rows less, and what became of them. What is left is a changelog still: no row is taken back
 * that never came. */

import type { ConformanceTable } from '../../../tests/conformance/tables.ts';

/** The table with fewer rows, those that leave out most first. */
export function smallerTables(table: ConformanceTable): ConformanceTable[] {
  const { rows } = table;
  const groups = table.gives === 'changes' ? lives(rows) : rows.map((_, i) => [i]);
  const keep = (left: ReadonlySet<number>): ConformanceTable => ({
    ...table,
    rows: rows.filter((_, i) => !left.has(i)),
  });
  const forms: ConformanceTable[] = [];
  for (let size = Math.ceil(groups.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < groups.length; from += size)
      forms.push(keep(new Set(groups.slice(from, from + size).flat())));
  // The last that became of a row.
  if (table.gives === 'changes')
    for (const life of groups)
      if (life.length > 1)
        forms.push(keep(new Set(rows[life.at(-1)!]![0] === '-D' ? life.slice(-1) : life.slice(-2))));
  return forms.filter((form) => form.rows.length < rows.length);
}

/** The changes of one row from its +I on, by place. */
function lives(rows: ConformanceTable['rows']): number[][] {
  const all: number[][] = [];
  const live: { readonly places: number[]; text: string }[] = [];
  let updated: (typeof live)[number] | undefined;
  for (const [i, [kind, ...cells]] of rows.entries()) {
    const text = JSON.stringify(cells);
    if (kind === '+I') {
      const places = [i];
      all.push(places);
      live.push({ places, text });
      continue;
    }
    if (kind === '+U') {
      updated!.places.push(i);
      updated!.text = text;
      continue;
    }
    const at = live.findIndex((l) => l.text === text);
    updated = live[at]!;
    updated.places.push(i);
    if (kind === '-D') live.splice(at, 1);
  }
  return all;
}

/** The table without columns that the text does not name. */
export function narrowed(table: ConformanceTable, text: string): ConformanceTable {
  const named = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
  const kept = table.fields.map((f) => named(f) || table.key?.includes(f) === true || f === 'ts');
  const dropped = table.fields.filter((_, i) => !kept[i]);
  const inRow = table.gives === undefined ? 0 : 1;
  const columns = table.columns
    .split(/, (?![^(<]*[)>])/)
    .filter((c) => !dropped.includes(c.split(' ')[0]!) && (named('proc') || !c.startsWith('proc ')));
  return {
    ...table,
    columns: columns.join(', '),
    fields: table.fields.filter((_, i) => kept[i]),
    rows: table.rows.map((row) => row.filter((_, i) => i < inRow || kept[i - inRow])),
  };
}

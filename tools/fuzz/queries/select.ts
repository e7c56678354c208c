/* What every maker of queries builds with: SELECT lists whose columns have names that the case has once. */

import type { Chance } from './chance.ts';
import { items, type Scalar } from './scalars.ts';
import type { Aliased, Column, Relation } from './relation.ts';

export interface Item extends Scalar {
  readonly as: string;
  readonly time?: Column['time'];
}
export const itemsText = (list: readonly Item[]): string => list.map((i) => `${i.sql} AS ${i.as}`).join(', ');
export const columnsOf = (list: readonly Item[]): Column[] =>
  list.map(({ as, type, time }) => ({ name: as, type, ...(time !== undefined && { time }) }));

/** The columns under new names: time attributes stay such. */
export const passed = (chance: Chance, columns: readonly Column[]): Item[] =>
  columns.map(({ name, type, time }) => ({
    sql: name,
    type,
    as: chance.name('c'),
    ...(time !== undefined && { time }),
  }));
/** Expressions over the columns, beside the time attributes. */
export function projected(chance: Chance, columns: readonly Column[]): Item[] {
  const values = columns.filter((c) => c.time === undefined);
  const made = items(chance, values, chance.between(1, 4)).map((s): Item => ({ ...s, as: chance.name('c') }));
  const times = columns.filter((c) => c.time !== undefined && chance.percent(85));
  return [...made, ...passed(chance, times)];
}
export const aliased = (chance: Chance, relation: Relation): Aliased => ({
  ...relation,
  alias: chance.name('t'),
});
export const asText = ({ from, alias }: Aliased): string => `${from} AS ${alias}`;
/** Columns that a query over it may name, each with the alias before it. */
export const qualified = (of: Aliased): Column[] =>
  of.columns.map((c) => ({ ...c, name: `${of.alias}.${c.name}` }));
export const wrapped = (sql: string): string => `(${sql})`;

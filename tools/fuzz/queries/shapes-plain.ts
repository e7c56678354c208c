/* Projections, filters, UNNEST, ORDER BY … LIMIT, sets of rows. */

import type { Make, Maker } from './maker.ts';
import type { Chance } from './chance.ts';
import { keys, plain, type Aliased, type Column, type ColumnType, type Relation } from './relation.ts';
import { condition } from './scalars.ts';
import {
  aliased,
  asText,
  columnsOf,
  itemsText,
  passed,
  projected,
  qualified,
  wrapped,
  type Item,
} from './select.ts';

export const project: Make = (m, depth) => {
  const of = aliased(m.chance, m.relation(depth - 1));
  const list = projected(m.chance, qualified(of));
  const where = m.chance.percent(60) ? ` WHERE ${condition(m.chance, qualified(of))}` : '';
  return {
    ...of,
    from: wrapped(`SELECT ${itemsText(list)} FROM ${asText(of)}${where}`),
    columns: columnsOf(list),
    window: undefined,
    versions: undefined,
  };
};
export const filter: Make = (m, depth) => {
  const of = aliased(m.chance, m.relation(depth - 1));
  const sql = `SELECT * FROM ${asText(of)} WHERE ${condition(m.chance, qualified(of))}`;
  return { ...of, from: wrapped(sql), versions: undefined };
};
export const unnest: Make = (m, depth) => {
  const { chance } = m;
  const of = aliased(
    chance,
    m.relation(depth - 1, (r) => r.columns.some((c) => c.type === 'ARRAY<INT>')),
  );
  const arrays = qualified(of).filter((c) => c.type === 'ARRAY<INT>');
  const ints = qualified(of).filter((c) => c.type === 'INT');
  if (arrays.length === 0 && ints.length === 0) return undefined;
  const array =
    arrays.length > 0
      ? chance.pick(arrays).name
      : `ARRAY[${chance
          .some(ints, 2)
          .map((c) => c.name)
          .join(', ')}, ${chance.below(5)}]`;
  const list = projected(chance, qualified(of));
  const x: Item = { sql: 'u.x', type: 'INT', as: chance.name('c') };
  const ordinal: Item[] = chance.percent(30) ? [{ sql: 'u.nr', type: 'INT', as: chance.name('c') }] : [];
  const call = `UNNEST(${array})${ordinal.length > 0 ? ' WITH ORDINALITY' : ''}`;
  const names = ordinal.length > 0 ? 'u (x, nr)' : 'u (x)';
  const join = chance.percent(60)
    ? `CROSS JOIN ${call} AS ${names}`
    : `LEFT JOIN ${call} AS ${names} ON TRUE`;
  const all = [...list, x, ...ordinal];
  return {
    ...of,
    from: wrapped(`SELECT ${itemsText(all)} FROM ${asText(of)} ${join}`),
    columns: columnsOf(all),
    rows: of.rows * 2,
    window: undefined,
    versions: undefined,
  };
};
/** The entries of a map of two columns, or the values that a group has collected: those come in no order. */
export const unnestMore: Make = (m, depth) => {
  const { chance } = m;
  const of = aliased(chance, m.relation(depth - 1));
  const free = keys(qualified(of)).filter((c) => c.time === undefined);
  const { type, name } = chance.pick(free);
  const others = free.filter((c) => c.type === type);
  if (chance.percent(40)) return collected(chance, of, free);
  const ordinal = chance.percent(40);
  const call = `UNNEST(MAP['p', ${name}, 'q', ${chance.pick(others).name}])${ordinal ? ' WITH ORDINALITY' : ''}`;
  const all: Item[] = [
    ...projected(chance, qualified(of)),
    { sql: 'u.x', type: 'STRING', as: chance.name('c') },
    { sql: 'u.y', type, as: chance.name('c') },
  ];
  const join = chance.percent(60) ? 'CROSS JOIN' : 'LEFT JOIN';
  const on = join === 'LEFT JOIN' ? ' ON TRUE' : '';
  return {
    ...of,
    from: wrapped(
      `SELECT ${itemsText(all)} FROM ${asText(of)} ${join} ${call} AS u (x, y${ordinal ? ', nr' : ''})${on}`,
    ),
    columns: columnsOf(all),
    // Those of one row come as a hash map has them.
    ordered: false,
    rows: of.rows * 2,
    window: undefined,
    versions: undefined,
  };
};
function collected(chance: Chance, of: Aliased, free: readonly Column[]): Relation {
  const [by, of1] = [chance.pick(free), chance.pick(free)];
  const [key, value, x] = [chance.name('c'), chance.name('c'), chance.name('c')];
  const groups = `SELECT ${by.name} AS ${key}, COLLECT(${chance.percent(30) ? 'DISTINCT ' : ''}${of1.name}) AS ${value} FROM ${asText(of)} GROUP BY ${by.name}`;
  return {
    from: wrapped(`SELECT g.${key}, u.${x} FROM (${groups}) AS g CROSS JOIN UNNEST(g.${value}) AS u (${x})`),
    columns: [
      { name: key, type: by.type },
      { name: x, type: of1.type },
    ],
    changes: true,
    ordered: false,
    calm: true,
    rows: of.rows,
  };
}

/** As many rows by some order, that of all columns where rows come in none of their own. */
export const limit: Make = (m, depth) => {
  const { chance } = m;
  const of = aliased(chance, m.relation(depth - 1));
  const list = projected(
    chance,
    qualified(of).filter((c) => c.time !== 'proctime'),
  );
  const sortable = list.filter((i) => i.type !== 'ARRAY<INT>');
  if (sortable.length === 0) return undefined;
  const by = !of.ordered ? sortable : chance.some(sortable, chance.between(1, 2));
  if (!of.ordered && sortable.length < list.length) return undefined;
  const order = by.map((i) => `${i.as}${chance.pick(['', ' DESC', ' NULLS LAST', ' DESC NULLS FIRST'])}`);
  const offset = chance.percent(20) ? ` OFFSET ${chance.between(0, 2)}` : '';
  const sql = `SELECT ${itemsText(list)} FROM ${asText(of)} ORDER BY ${order.join(', ')} LIMIT ${chance.between(1, 5)}${offset}`;
  return {
    ...of,
    from: wrapped(sql),
    columns: columnsOf(list).map(({ name, type }) => ({ name, type })),
    changes: true,
    rows: Math.min(of.rows, 5) * 2,
    window: undefined,
    versions: undefined,
  };
};

/** The columns of one side that have the type of one of the other. */
function matched(left: readonly Column[], right: readonly Column[]): [Column, Column][] {
  const free = [...right];
  return left.flatMap((l): [Column, Column][] => {
    const at = free.findIndex((r) => r.type === l.type);
    return at < 0 ? [] : [[l, free.splice(at, 1)[0]!]];
  });
}
const side = (list: readonly Item[], of: Relation & { alias: string }, where: string): string =>
  `SELECT ${itemsText(list)} FROM ${of.from} AS ${of.alias}${where}`;

function sides(
  m: Maker,
  depth: number,
): { readonly list: Item[]; readonly text: string[]; readonly of: Relation[] } | undefined {
  const { chance } = m;
  const left = aliased(chance, m.relation(depth - 1));
  const right =
    chance.percent(35) && !left.from.startsWith('(')
      ? aliased(chance, { ...left })
      : aliased(chance, m.relation(depth - 1));
  const pairs = chance.some(matched(plain(qualified(left)), plain(qualified(right))), 3);
  if (pairs.length === 0) return undefined;
  const list = pairs.map(([l]): Item => ({ sql: l.name, type: l.type, as: chance.name('c') }));
  const other = pairs.map(([l, r], i): Item => ({ ...list[i]!, sql: r.name, type: l.type }));
  const where = (of: typeof left): string =>
    chance.percent(50) ? ` WHERE ${condition(chance, qualified(of))}` : '';
  return { list, text: [side(list, left, where(left)), side(other, right, where(right))], of: [left, right] };
}
export const setOperation: Make = (m, depth) => {
  const { chance } = m;
  const both = sides(m, depth);
  if (both === undefined) return undefined;
  const operator = chance.pick([
    'UNION ALL',
    'UNION ALL',
    'UNION',
    'INTERSECT',
    'INTERSECT ALL',
    'EXCEPT',
    'EXCEPT ALL',
  ]);
  const comparable = both.list.every((i) => (i.type satisfies ColumnType) !== 'ARRAY<INT>');
  if (!comparable && operator !== 'UNION ALL') return undefined;
  return {
    from: wrapped(both.text.join(` ${operator} `)),
    columns: columnsOf(both.list),
    changes: operator !== 'UNION ALL' && operator !== 'UNION' ? true : both.of.some((r) => r.changes),
    ordered: false,
    calm: both.of.every((r) => r.calm),
    rows: both.of.reduce((n, r) => n + r.rows, 0),
  };
};
/** UNION ALL of rows that keep their time. */
export const unionOfRows: Make = (m, depth) => {
  const { chance } = m;
  const of = aliased(
    chance,
    m.relation(depth - 1, (r) => !r.changes && r.calm),
  );
  const list = passed(
    chance,
    qualified(of).filter((c) => c.time !== 'proctime'),
  );
  const part = (): string => side(list, of, ` WHERE ${condition(chance, qualified(of))}`);
  return {
    ...of,
    from: wrapped(`${part()} UNION ALL ${part()}`),
    columns: columnsOf(list),
    ordered: false,
    rows: of.rows * 1.5,
    window: undefined,
    versions: undefined,
  };
};

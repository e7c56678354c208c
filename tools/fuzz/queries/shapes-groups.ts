/* GROUP BY with HAVING, by several grouping sets, DISTINCT; windows as table functions and in GROUP BY. */

import type { Chance } from './chance.ts';
import type { Make, Maker } from './maker.ts';
import { columnOf, keys, windowColumns, type Aliased, type Column, type Relation } from './relation.ts';
import { aggregate, condition, scalar } from './scalars.ts';
import { aliased, asText, columnsOf, itemsText, qualified, wrapped, type Item } from './select.ts';

const orderedIn = (of: Relation): boolean => of.ordered;
/** Keys to group by: columns, now and then expressions over them. */
function keysOf(chance: Chance, of: Aliased, count: number): Item[] {
  const columns = keys(qualified(of)).filter((c) => c.time === undefined);
  return chance.some(columns, count).map((c): Item => {
    const made = chance.percent(15) ? scalar(chance, [c]) : { sql: c.name, type: c.type };
    return { ...made, as: chance.name('c') };
  });
}
const calls = (chance: Chance, of: Aliased, count: number): Item[] =>
  Array.from({ length: count }, () => {
    const columns = qualified(of).filter((c) => c.time !== 'proctime');
    return { ...aggregate(chance, columns, { ordered: orderedIn(of) }), as: chance.name('c') };
  });
function havingText(chance: Chance, of: Aliased, percent: number): string {
  if (!chance.percent(percent)) return '';
  const { sql, type } = aggregate(chance, keys(qualified(of)), { ordered: orderedIn(of) });
  return ` HAVING ${condition(chance, [{ name: sql, type }], 0)}`;
}

export const group: Make = (m, depth) => {
  const { chance } = m;
  const of = aliased(chance, m.relation(depth - 1));
  const by = keysOf(chance, of, chance.pick([0, 1, 1, 1, 2]));
  const made = calls(chance, of, chance.between(1, 3));
  const groupBy = by.length === 0 ? '' : ` GROUP BY ${by.map((i) => i.sql).join(', ')}`;
  const list = [...by, ...made];
  const having = by.length > 0 ? havingText(chance, of, 25) : '';
  return {
    from: wrapped(`SELECT ${itemsText(list)} FROM ${asText(of)}${groupBy}${having}`),
    columns: columnsOf(list),
    changes: true,
    ordered: of.ordered,
    calm: true,
    rows: of.rows,
  };
};
export const distinct: Make = (m, depth) => {
  const { chance } = m;
  const of = aliased(chance, m.relation(depth - 1));
  const by = keysOf(chance, of, chance.between(1, 2));
  if (by.length === 0) return undefined;
  return {
    from: wrapped(`SELECT DISTINCT ${itemsText(by)} FROM ${asText(of)}`),
    columns: columnsOf(by),
    changes: true,
    ordered: of.ordered,
    calm: true,
    rows: of.rows,
  };
};
export const groupingSets: Make = (m, depth) => {
  const { chance } = m;
  const of = aliased(chance, m.relation(depth - 1));
  const columns = chance.some(
    keys(qualified(of)).filter((c) => c.time === undefined),
    3,
  );
  if (columns.length < 2) return undefined;
  const names = columns.map((c) => c.name);
  const sets = Array.from(
    { length: chance.between(2, 3) },
    () => `(${chance.some(names, chance.below(3)).join(', ')})`,
  );
  const by = chance.pick([
    `ROLLUP (${names.join(', ')})`,
    `CUBE (${names.slice(0, 2).join(', ')})`,
    `GROUPING SETS (${[...new Set(sets), `(${names.join(', ')})`].join(', ')})`,
  ]);
  const used = by.startsWith('CUBE') ? columns.slice(0, 2) : columns;
  const list: Item[] = [
    ...used.map((c): Item => ({ sql: c.name, type: c.type, as: chance.name('c') })),
    ...(chance.percent(50)
      ? [
          {
            sql: `GROUPING_ID(${used.map((c) => c.name).join(', ')})`,
            type: 'BIGINT',
            as: chance.name('c'),
          } as const,
        ]
      : []),
    ...calls(chance, of, chance.between(1, 2)),
  ];
  return {
    from: wrapped(`SELECT ${itemsText(list)} FROM ${asText(of)} GROUP BY ${by}`),
    columns: columnsOf(list),
    changes: true,
    ordered: of.ordered,
    calm: true,
    rows: of.rows * 2,
  };
};

/** The bounds of a window in GROUP BY, and of a window function, which takes an offset behind them too. */
const sizes = {
  TUMBLE: ["'5' SECOND", "'10' SECOND"],
  HOP: ["'5' SECOND, INTERVAL '10' SECOND", "'2' SECOND, INTERVAL '6' SECOND"],
  CUMULATE: ["'5' SECOND, INTERVAL '15' SECOND"],
  SESSION: ["'2' SECOND", "'4' SECOND"],
} as const;
type WindowKind = keyof typeof sizes;
/** What window, and how large. */
export interface WindowSize {
  readonly kind: WindowKind;
  readonly size: string;
}
export function windowSize(chance: Chance, of: readonly WindowKind[] = kinds): WindowSize {
  const kind = chance.pick(of);
  const size = chance.pick(sizes[kind]);
  const offset = kind !== 'SESSION' && chance.percent(15) ? `, INTERVAL ${chance.pick(offsets)}` : '';
  return { kind, size: size + offset };
}
const offsets = ["'1' SECOND", "'3' SECOND", "'-2' SECOND", "-'1' SECOND"];
const kinds: readonly WindowKind[] = ['TUMBLE', 'TUMBLE', 'HOP', 'CUMULATE', 'SESSION'];
const windowTimes: readonly Column[] = [
  { name: 'window_start', type: 'TIMESTAMP(3)' },
  { name: 'window_end', type: 'TIMESTAMP(3)' },
  { name: 'window_time', type: 'TIMESTAMP(3)', time: 'rowtime' },
];
const timed = (relation: Relation): boolean =>
  columnOf(relation, 'rowtime') !== undefined && !relation.columns.some((c) => windowColumns.has(c.name));

/** TABLE(TUMBLE(TABLE …, DESCRIPTOR(…), INTERVAL …)) over rows of event time. */
function windowed(m: Maker, of: Relation, { kind, size }: WindowSize): Relation | undefined {
  const { chance } = m;
  const time = columnOf(of, 'rowtime');
  if (time === undefined) return undefined;
  const named = of.from.startsWith('(') && !chance.percent(60) ? m.view(of) : of;
  const source = named.from.startsWith('(') ? named.from : `TABLE ${named.from}`;
  const partition =
    kind === 'SESSION'
      ? chance.some(
          keys(of.columns).filter((c) => c.time === undefined),
          1,
        )
      : [];
  const by = partition.length === 0 ? '' : ` PARTITION BY ${partition[0]!.name}`;
  if (by !== '' && source.startsWith('(')) return undefined;
  const others = of.columns.map((c): Column => (c.time === 'rowtime' ? { name: c.name, type: c.type } : c));
  return {
    ...of,
    from: `TABLE(${kind}(${source}${by}, DESCRIPTOR(${time.name}), INTERVAL ${size}))`,
    columns: [...others, ...windowTimes],
    // Sessions go out when they end.
    ordered: of.ordered && kind !== 'SESSION',
    rows: of.rows * (kind === 'HOP' || kind === 'CUMULATE' ? 3 : 1),
    window: `${kind} ${size}${by}`,
    versions: undefined,
  };
}
export function windowRelation(
  m: Maker,
  depth: number,
  fits: (r: Relation) => boolean,
  size: WindowSize = windowSize(m.chance),
): Relation | undefined {
  return windowed(
    m,
    m.relation(depth - 1, (r) => timed(r) && fits(r)),
    size,
  );
}
/** Rows with the bounds of their windows. */
export const windowRows: Make = (m, depth) => windowRelation(m, depth, (r) => !r.changes);

export const windowGroup: Make = (m, depth) => {
  const { chance } = m;
  const found = windowRelation(m, depth, (r) => !r.changes || chance.percent(60));
  if (found === undefined) return undefined;
  const of = aliased(chance, found);
  const all = qualified(of);
  const bare = (name: string): Column => all.find((c) => c.name.endsWith(`.${name}`))!;
  const partition = /PARTITION BY (\w+)/.exec(of.window ?? '')?.[1];
  const times = ['window_start', 'window_end', ...(chance.percent(30) ? ['window_time'] : [])].map(bare);
  const values = { ...of, columns: of.columns.filter((c) => !windowColumns.has(c.name)) };
  const by =
    partition === undefined
      ? keysOf(chance, values, chance.pick([0, 0, 1, 1, 2]))
      : [{ sql: `${of.alias}.${partition}`, type: bare(partition).type, as: chance.name('c') }];
  const made = calls(chance, values, chance.between(1, 3));
  const shown = times.map(
    (c): Item => ({ sql: c.name, type: c.type, as: chance.name('c'), ...(c.time && { time: c.time }) }),
  );
  const list = [...shown, ...by, ...made];
  const rolled = partition === undefined && by.length > 0 && chance.percent(15);
  const keyed = by.map((i) => i.sql);
  const groupBy = [...times.map((c) => c.name), ...(rolled ? [`ROLLUP (${keyed.join(', ')})`] : keyed)];
  return {
    from: wrapped(
      `SELECT ${itemsText(list)} FROM ${asText(of)} GROUP BY ${groupBy.join(', ')}${havingText(chance, values, 15)}`,
    ),
    columns: columnsOf(list),
    changes: false,
    ordered: false,
    calm: of.calm,
    rows: of.rows / 2 + 1,
  };
};

export const groupWindow: Make = (m, depth) => {
  const { chance } = m;
  const of = aliased(chance, m.relation(depth - 1, timed));
  const time = columnOf(of, 'rowtime');
  if (time === undefined) return undefined;
  // Sessions do not go out early.
  const kind = chance.pick(m.emits ? (['TUMBLE', 'HOP'] as const) : (['TUMBLE', 'HOP', 'SESSION'] as const));
  const args = `(${of.alias}.${time.name}, INTERVAL ${chance.pick(sizes[kind])})`;
  const by = keysOf(chance, of, chance.below(2));
  const bounds = chance.some(['START', 'END', 'ROWTIME'], 2).map(
    (b): Item => ({
      sql: `${kind}_${b}${args}`,
      type: 'TIMESTAMP(3)',
      as: chance.name('c'),
      ...(b === 'ROWTIME' && { time: 'rowtime' }),
    }),
  );
  const list = [...by, ...bounds, ...calls(chance, of, chance.between(1, 2))];
  const groupBy = [...by.map((i) => i.sql), `${kind}${args}`].join(', ');
  return {
    from: wrapped(
      `SELECT ${itemsText(list)} FROM ${asText(of)} GROUP BY ${groupBy}${havingText(chance, of, 15)}`,
    ),
    columns: columnsOf(list),
    changes: m.emits,
    ordered: false,
    calm: of.calm && !m.emits,
    rows: of.rows / 2 + 1,
  };
};

/* What looks at rows in their order: OVER, Top-N, deduplication, patterns. */

import type { Chance } from './chance.ts';
import type { Make } from './maker.ts';
import { columnOf, keys, windowColumns, type Aliased, type Column, type Relation } from './relation.ts';
import { aggregate, behindCall, condition } from './scalars.ts';
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
import { windowRelation, windowSize } from './shapes-groups.ts';

const values = (of: Aliased): Column[] => keys(qualified(of)).filter((c) => c.time === undefined);
function partitionText(chance: Chance, of: Aliased, counts: readonly number[]): string {
  const by = chance.some(values(of), chance.pick(counts)).map((c) => c.name);
  return by.length === 0 ? '' : `PARTITION BY ${by.join(', ')} `;
}

const frames = [
  'ROWS BETWEEN 2 PRECEDING AND CURRENT ROW',
  'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
];
/** Functions over the rows before each, by event time, by arrival, or by a value. */
export const over: Make = (m, depth) => {
  const { chance } = m;
  const by = chance.pick(['rowtime', 'rowtime', 'proctime', 'value'] as const);
  const fits = (r: Relation): boolean =>
    by === 'value' || (!r.changes && columnOf(r, by) !== undefined && (r.ordered || by === 'rowtime'));
  const of = aliased(chance, m.relation(depth - 1, fits));
  const column = by === 'value' ? chance.pick(values(of)) : columnOf(of, by);
  if (column === undefined || !fits(of)) return undefined;
  const name = by === 'value' ? column.name : `${of.alias}.${column.name}`;
  // Of rows in no order of their own only those of one time are alike.
  const inOrder = of.ordered && by !== 'value';
  const frame = chance.pick([
    '',
    '',
    ...(inOrder ? frames : []),
    ...(by === 'rowtime' ? ["RANGE BETWEEN INTERVAL '3' SECOND PRECEDING AND CURRENT ROW"] : []),
  ]);
  const window = `${partitionText(chance, of, [0, 1, 1, 2])}ORDER BY ${name} ${frame}`.trim();
  const list = projected(
    chance,
    qualified(of).filter((c) => c.time !== 'proctime'),
  );
  const ranks: Item[] =
    inOrder && frame === '' && chance.percent(20)
      ? [{ sql: `ROW_NUMBER() OVER (${window})`, type: 'BIGINT', as: chance.name('c') }]
      : [];
  const made =
    ranks.length > 0
      ? []
      : Array.from({ length: chance.between(1, 2) }, (): Item => {
          const { sql, type } = aggregate(chance, values(of), { ordered: inOrder, over: true });
          return { sql: behindCall(sql, ` OVER (${window})`), type, as: chance.name('c') };
        });
  const all = [...list, ...ranks, ...made];
  return {
    ...of,
    from: wrapped(`SELECT ${itemsText(all)} FROM ${asText(of)}`),
    columns: columnsOf(all),
    changes: of.changes || by === 'value',
    ordered: of.ordered && by !== 'rowtime',
    window: undefined,
    versions: undefined,
  };
};
const number = (window: string): string => `ROW_NUMBER() OVER (${window})`;
/** The rows whose number passes the test, with the number or without, or by QUALIFY. */
function numbered(
  chance: Chance,
  of: Aliased,
  window: string,
  where: string,
): Pick<Relation, 'from' | 'columns'> {
  const list = passed(
    chance,
    chance.some(qualified(of), chance.between(1, 4)).filter((c) => c.time !== 'proctime'),
  );
  if (list.length === 0) list.push(...passed(chance, values(of).slice(0, 1)));
  const untimed = list.map(({ sql, type, as }): Item => ({ sql, type, as }));
  if (chance.percent(15))
    return {
      from: wrapped(`SELECT ${itemsText(untimed)} FROM ${asText(of)} QUALIFY ${number(window)} ${where}`),
      columns: columnsOf(untimed),
    };
  const rn = chance.name('rn');
  const inner = `SELECT *, ${number(window)} AS ${rn} FROM ${asText(of)}`;
  const outer = untimed.map((i) => ({ ...i, sql: i.sql.split('.').at(-1)! }));
  const shown: Item[] = chance.percent(30)
    ? [...outer, { sql: rn, type: 'BIGINT', as: chance.name('c') }]
    : outer;
  return {
    from: wrapped(`SELECT ${itemsText(shown)} FROM (${inner}) WHERE ${rn} ${where}`),
    columns: columnsOf(shown),
  };
}
const orderBy = (chance: Chance, columns: readonly Column[]): string =>
  columns
    .map((c) => `${c.name}${chance.pick(['', '', ' DESC', ' NULLS LAST', ' DESC NULLS FIRST'])}`)
    .join(', ');

export const topN: Make = (m, depth) => {
  const { chance } = m;
  const of = aliased(chance, m.relation(depth - 1));
  const sortable = values(of);
  if (sortable.length === 0) return undefined;
  if (!of.ordered && sortable.length < of.columns.length) return undefined;
  const order = !of.ordered ? sortable : chance.some(sortable, chance.between(1, 2));
  const window = `${partitionText(chance, of, [0, 1, 1])}ORDER BY ${orderBy(chance, order)}`;
  const where = chance.pick([
    '<= 1',
    '<= 2',
    '<= 3',
    '= 1',
    '< 3',
    'BETWEEN 1 AND 2',
    ...(of.changes ? [] : ['BETWEEN 2 AND 3', '= 2']),
  ]);
  return {
    ...of,
    ...numbered(chance, of, window, where),
    changes: true,
    window: undefined,
    versions: undefined,
  };
};
export const deduplicate: Make = (m, depth) => {
  const { chance } = m;
  const by = chance.pick(['rowtime', 'rowtime', 'proctime'] as const);
  const of = aliased(
    chance,
    m.relation(depth - 1, (r) => columnOf(r, by) !== undefined && r.ordered),
  );
  const time = columnOf(of, by);
  if (time === undefined || !of.ordered) return undefined;
  const window = `${partitionText(chance, of, [1, 1, 2])}ORDER BY ${of.alias}.${time.name}${chance.pick([' ASC', ' DESC', ''])}`;
  return {
    ...of,
    ...numbered(chance, of, window, '= 1'),
    changes: true,
    ordered: by === 'proctime',
    window: undefined,
    versions: undefined,
  };
};
/** The first rows of each window. */
export const windowTop: Make = (m, depth) => {
  const { chance } = m;
  const found = windowRelation(
    m,
    depth,
    (r) => !r.changes && r.ordered,
    windowSize(chance, ['TUMBLE', 'HOP', 'CUMULATE']),
  );
  if (found === undefined || found.changes || !found.ordered) return undefined;
  const of = aliased(chance, { ...found, columns: found.columns.filter((c) => !windowColumns.has(c.name)) });
  const by = chance.some(values(of), chance.below(2)).map((c) => `, ${c.name}`);
  const order = orderBy(chance, chance.some(values(of), chance.between(1, 2)));
  const window = `PARTITION BY ${of.alias}.window_start, ${of.alias}.window_end${by.join('')} ORDER BY ${order}`;
  const where = chance.pick(['<= 2', '= 1', '<= 1', 'BETWEEN 2 AND 3']);
  return {
    ...of,
    ...numbered(chance, of, window, where),
    changes: false,
    ordered: false,
    window: undefined,
    versions: undefined,
  };
};

const patterns = [
  'A B',
  'A B+ C',
  'A B* C',
  'A B? C',
  'A B{1,2} C',
  'A B+? C',
  'A B{2}',
  'A B*? C',
  'A+ B',
  'A{2,} B',
  'A B{0,1} C{1,2}',
  'A B{2,}? C',
  'A B{1,3}? C',
  'A+? B* C',
];
const skips = [
  '',
  ' AFTER MATCH SKIP PAST LAST ROW',
  ' AFTER MATCH SKIP TO NEXT ROW',
  ' AFTER MATCH SKIP TO LAST B',
  ' AFTER MATCH SKIP TO FIRST B',
];
export const match: Make = (m, depth) => {
  const { chance } = m;
  const of = m.relation(depth - 1, (r) => !r.changes && r.ordered && columnOf(r, 'rowtime') !== undefined);
  const time = columnOf(of, 'rowtime');
  const free = keys(of.columns).filter((c) => c.time === undefined);
  const numbers = free.filter((c) => c.type === 'INT' || c.type === 'BIGINT');
  if (time === undefined || of.changes || !of.ordered || numbers.length === 0) return undefined;
  const pattern = chance.pick(patterns);
  const skip = chance.pick(skips.filter((s) => !/B$/.test(s) || /B\+|B\{|A B$/.test(pattern)));
  const variables = ['A', 'B', 'C'].filter((v) => pattern.includes(v));
  const { name: v, type } = chance.pick(numbers);
  const define = variables.flatMap((x) => {
    if (x === 'A' && chance.percent(40)) return [];
    const test = chance.pick([
      condition(
        chance,
        numbers.map((c) => ({ ...c, name: `${x}.${c.name}` })),
        0,
      ),
      ...(x === 'A' ? [] : [`${x}.${v} > LAST(A.${v})`, `SUM(A.${v}) < 9`]),
    ]);
    return [`${x} AS ${test}`];
  });
  if (define.length === 0) return undefined;
  const measure = (sql: string, type: Column['type']): Item => ({ sql, type, as: chance.name('c') });
  const column = chance.pick(free);
  const measures: Item[] = [
    measure(`FIRST(A.${v})`, type),
    measure(`LAST(B.${column.name})`, column.type),
    ...chance.some(
      [measure(`COUNT(B.${v})`, 'BIGINT'), measure(`SUM(B.${v})`, type), measure(`MAX(A.${v})`, type)],
      1,
    ),
  ];
  const partition = chance.some(free, chance.below(2));
  const within = chance.percent(30) ? ` WITHIN INTERVAL '${chance.between(2, 10)}' SECOND` : '';
  const by = partition.length === 0 ? '' : `PARTITION BY ${partition[0]!.name} `;
  const alias = chance.name('t');
  const list = [
    ...partition.map((c): Item => ({ sql: `${alias}.${c.name}`, type: c.type, as: chance.name('c') })),
    ...measures.map((i) => ({ ...i, sql: `${alias}.${i.as}`, as: chance.name('c') })),
  ];
  const body = `${by}ORDER BY ${time.name} MEASURES ${itemsText(measures)} ONE ROW PER MATCH${skip} PATTERN (${pattern})${within} DEFINE ${define.join(', ')}`;
  return {
    ...of,
    from: wrapped(`SELECT ${itemsText(list)} FROM ${of.from} MATCH_RECOGNIZE (${body}) AS ${alias}`),
    columns: columnsOf(list),
    ordered: false,
    window: undefined,
    versions: undefined,
  };
};

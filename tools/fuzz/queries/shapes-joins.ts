/* Joins: regular, interval, window, temporal; semi and anti joins, sub-queries as values, LATERAL. */

import type { Chance } from './chance.ts';
import type { Make, Maker } from './maker.ts';
import { columnOf, keys, type Aliased, type Column, type Relation } from './relation.ts';
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
import { windowRelation, windowSize } from './shapes-groups.ts';

/** More would take a query too long. */
export const rowsMax = 1500;
const types = ['JOIN', 'JOIN', 'LEFT JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'];

/** Columns of both sides that can be equal: those of few values first. */
export function pairsOf(chance: Chance, left: Aliased, right: Aliased): [Column, Column][] {
  const free = (of: Aliased): Column[] =>
    keys(qualified(of)).filter((c) => c.time === undefined && c.type !== 'TIMESTAMP(3)');
  const pairs = free(left).flatMap((l) =>
    free(right).flatMap((r): [Column, Column][] => (l.type === r.type ? [[l, r]] : [])),
  );
  return pairs.length === 0 ? [] : [chance.pick(pairs), ...(chance.percent(20) ? [chance.pick(pairs)] : [])];
}
export const equal = ([l, r]: [Column, Column]): string => `${l.name} = ${r.name}`;
/** A condition that compares the two sides by more than equality. */
function beside(chance: Chance, left: Aliased, right: Aliased, percent: number): string[] {
  if (!chance.percent(percent)) return [];
  const both = [...keys(qualified(left)), ...keys(qualified(right))].filter((c) => c.time === undefined);
  return [condition(chance, both)];
}
/** Rows of a join, about. */
export const grown = (left: Relation, right: Relation): number =>
  Math.max(left.rows, right.rows, (left.rows * right.rows) / 5);

/** `list` of two sides, which `text` joins. */
export function joined(
  left: Aliased,
  right: Aliased,
  text: string,
  list: readonly Item[],
  more: Partial<Relation>,
): Relation {
  return {
    from: wrapped(`SELECT ${itemsText(list)} FROM ${text}`),
    columns: columnsOf(list),
    changes: left.changes || right.changes,
    ordered: false,
    calm: left.calm && right.calm,
    rows: grown(left, right),
    ...more,
  };
}
/** As values: no time attribute among them. */
export const untimed = (list: readonly Item[]): Item[] =>
  list.map(({ sql, type, as }) => ({ sql, type, as }));

export const join: Make = (m, depth) => {
  const { chance } = m;
  const left = aliased(chance, m.relation(depth - 1));
  const right = aliased(chance, m.relation(depth - 1));
  if (grown(left, right) > rowsMax) return undefined;
  const pairs = chance.percent(90) ? pairsOf(chance, left, right) : [];
  const on = [...pairs.map(equal), ...beside(chance, left, right, pairs.length === 0 ? 100 : 25)];
  const type = pairs.length === 0 ? chance.pick(['JOIN', 'LEFT JOIN']) : chance.pick(types);
  const list = untimed(
    [...projected(chance, qualified(left)), ...projected(chance, qualified(right))].filter(
      (i) => i.time !== 'proctime',
    ),
  );
  const hint = chance.percent(5) ? `/*+ STATE_TTL('${left.alias}' = '1d', '${right.alias}' = '2d') */ ` : '';
  const made = joined(left, right, `${asText(left)} ${type} ${asText(right)} ON ${on.join(' AND ')}`, list, {
    changes: left.changes || right.changes || type !== 'JOIN',
  });
  return { ...made, from: made.from.replace('SELECT ', `SELECT ${hint}`) };
};

/** By columns of one name. */
export const joinUsing: Make = (m, depth) => {
  const { chance } = m;
  const left = aliased(
    chance,
    m.relation(depth - 1, (r) => r.columns.some((c) => c.name === 'id')),
  );
  const right = aliased(chance, m.relation(0));
  const shared = keys(left.columns).filter(
    (l) => l.time === undefined && keys(right.columns).some((r) => r.name === l.name && r.type === l.type),
  );
  if (shared.length === 0 || grown(left, right) > rowsMax) return undefined;
  const by = chance.some(shared, chance.between(1, 2));
  const type = chance.pick(types);
  const sides = [...qualified(left), ...qualified(right)].filter(
    (c) => c.time === undefined && !by.some((b) => c.name.endsWith(`.${b.name}`)),
  );
  const list = untimed([
    ...passed(
      chance,
      // Alone it is ambiguous to Flink.
      by.map((c) => ({ ...c, name: `${left.alias}.${c.name}` })),
    ),
    ...(sides.length === 0 ? [] : projected(chance, sides)),
  ]);
  const text = `${asText(left)} ${type} ${asText(right)} USING (${by.map((c) => c.name).join(', ')})`;
  return joined(left, right, text, list, { changes: left.changes || right.changes || type !== 'JOIN' });
};

export const intervalJoin: Make = (m, depth) => {
  const { chance } = m;
  const fits = (r: Relation): boolean => !r.changes && r.calm && columnOf(r, 'rowtime') !== undefined;
  const left = aliased(chance, m.relation(depth - 1, fits));
  const right = aliased(chance, m.relation(depth - 1, fits));
  const [l, r] = [columnOf(left, 'rowtime'), columnOf(right, 'rowtime')];
  if (l === undefined || r === undefined || !fits(left) || !fits(right)) return undefined;
  const [lt, rt] = [`${left.alias}.${l.name}`, `${right.alias}.${r.name}`];
  const seconds = (): string => `INTERVAL '${chance.below(8)}' SECOND`;
  const bounds = chance.pick([
    `${lt} BETWEEN ${rt} - ${seconds()} AND ${rt} + ${seconds()}`,
    `${lt} >= ${rt} - ${seconds()} AND ${lt} < ${rt} + ${seconds()}`,
    `${lt} = ${rt}`,
    `${rt} > ${lt} AND ${rt} <= ${lt} + ${seconds()}`,
  ]);
  const pairs = pairsOf(chance, left, right);
  const on = [...(chance.percent(85) ? pairs.map(equal) : []), ...beside(chance, left, right, 20), bounds];
  const type = chance.pick(types);
  const kept = chance.percent(50) ? left : right;
  const shown = [
    ...qualified(left).filter((c) => c.time !== 'rowtime' || kept === left),
    ...qualified(right).filter((c) => c.time !== 'rowtime' || kept === right),
  ].filter((c) => c.time !== 'proctime');
  const list = projected(chance, shown);
  return joined(
    left,
    right,
    `${asText(left)} ${type} ${asText(right)} ON ${on.join(' AND ')}`,
    type === 'JOIN' ? list : untimed(list),
    { changes: false },
  );
};

export const windowJoin: Make = (m, depth) => {
  const { chance } = m;
  const fits = (r: Relation): boolean => !r.changes && r.calm;
  const shape = windowSize(chance, ['TUMBLE', 'HOP', 'CUMULATE']);
  const first = windowRelation(m, depth, fits, shape);
  const second = windowRelation(m, depth, fits, shape);
  if (first === undefined || second === undefined || !fits(first) || !fits(second)) return undefined;
  const left = aliased(chance, first);
  const right = aliased(chance, second);
  const bound = ['window_start', 'window_end'].map((w) => `${left.alias}.${w} = ${right.alias}.${w}`);
  const on = [...pairsOf(chance, left, right).map(equal), ...beside(chance, left, right, 15), ...bound].join(
    ' AND ',
  );
  if (chance.percent(20)) {
    const not = chance.pick(['', 'NOT ']);
    const list = untimed(
      projected(
        chance,
        qualified(left).filter((c) => c.time === undefined),
      ),
    );
    return joined(
      left,
      right,
      `${asText(left)} WHERE ${not}EXISTS (SELECT * FROM ${asText(right)} WHERE ${on})`,
      list,
      { changes: false, rows: left.rows },
    );
  }
  const list = untimed(
    projected(
      chance,
      [...qualified(left), ...qualified(right)].filter((c) => c.time === undefined),
    ),
  );
  return joined(left, right, `${asText(left)} ${chance.pick(types)} ${asText(right)} ON ${on}`, list, {
    changes: false,
  });
};

/** A view of the last row of each key, which has versions. */
function lastRows(m: Maker): Relation | undefined {
  const { chance } = m;
  const of = m.relation(0, (r) => !r.changes && r.calm);
  const columns = of.columns.filter((c) => c.time !== 'proctime');
  const time = columnOf(of, 'rowtime');
  const free = keys(columns).filter((c) => c.time === undefined);
  if (time === undefined || of.changes) return undefined;
  const key = chance.pick(free).name;
  const list = columns.map((c) => c.name).join(', ');
  const number = `ROW_NUMBER() OVER (PARTITION BY ${key} ORDER BY ${time.name} DESC) AS rn`;
  const from = wrapped(`SELECT ${list} FROM (SELECT *, ${number} FROM ${of.from}) WHERE rn = 1`);
  return m.view({ ...of, from, columns, changes: true, versions: [key] });
}

export const temporalJoin: Make = (m, depth) => {
  const { chance } = m;
  const left = aliased(
    chance,
    m.relation(depth - 1, (r) => r.calm && columnOf(r, 'rowtime') !== undefined),
  );
  const versioned = chance.percent(35) ? lastRows(m) : m.relation(0, (r) => r.versions !== undefined);
  const time = columnOf(left, 'rowtime');
  if (time === undefined || !left.calm || versioned?.versions === undefined) return undefined;
  const right = aliased(chance, versioned);
  const key = right.columns.find((c) => c.name === right.versions![0])!;
  const mine = qualified(left).filter((c) => c.type === key.type && c.time === undefined);
  if (mine.length === 0) return undefined;
  const on = [`${chance.pick(mine).name} = ${right.alias}.${key.name}`, ...beside(chance, left, right, 20)];
  const type = chance.pick(['JOIN', 'LEFT JOIN']);
  const list = projected(
    chance,
    [...qualified(left), ...qualified(right).filter((c) => c.time === undefined)].filter(
      (c) => c.time !== 'proctime',
    ),
  );
  const text = `${asText(left)} ${type} ${right.from} FOR SYSTEM_TIME AS OF ${left.alias}.${time.name} AS ${right.alias} ON ${on.join(' AND ')}`;
  return joined(left, right, text, list, { changes: left.changes, rows: left.rows });
};

/** EXISTS, IN and their negations; now and then where Flink is choosy. */
export const semiJoin: Make = (m, depth) => {
  const { chance } = m;
  const left = aliased(chance, m.relation(depth - 1));
  const right = aliased(chance, m.relation(depth - 1));
  const [pair] = pairsOf(chance, left, right);
  if (pair === undefined || grown(left, right) > rowsMax) return undefined;
  const [l, r] = pair;
  const not = chance.pick(['', '', 'NOT ']);
  const inner = chance.percent(40) ? ` WHERE ${condition(chance, keys(qualified(right)))}` : '';
  const correlated = [equal([r, l]), ...beside(chance, left, right, 30)].join(' AND ');
  const test = chance.pick([
    `${l.name} ${not}IN (SELECT ${r.name} FROM ${asText(right)}${inner})`,
    `${not}EXISTS (SELECT * FROM ${asText(right)} WHERE ${correlated})`,
    `${not}EXISTS (SELECT 1 FROM ${asText(right)}${inner})`,
  ]);
  const more = chance.percent(30)
    ? ` ${chance.pick(['AND', 'AND', 'OR'])} ${condition(chance, qualified(left), 0)}`
    : '';
  const list = untimed(
    projected(
      chance,
      qualified(left).filter((c) => c.time !== 'proctime'),
    ),
  );
  return joined(left, right, `${asText(left)} WHERE ${test}${more}`, list, {
    changes: true,
    rows: left.rows,
  });
};

/** A query of one row as a value, correlated or not, in SELECT or WHERE. */
export const scalarQuery: Make = (m, depth) => {
  const { chance } = m;
  const left = aliased(chance, m.relation(depth - 1));
  const right = aliased(chance, m.relation(depth - 1));
  const value = chance.pick(
    keys(qualified(right)).filter((c) => c.type !== 'BOOLEAN' && c.time === undefined),
  );
  const [pair] = pairsOf(chance, left, right);
  if (value === undefined || pair === undefined) return undefined;
  const where = chance.percent(50)
    ? ` WHERE ${equal(pair)}`
    : chance.percent(50)
      ? ` WHERE ${condition(chance, keys(qualified(right)))}`
      : '';
  const call = chance.pick(['COUNT', 'MAX', 'MIN']);
  const query = `(SELECT ${call}(${value.name}) FROM ${asText(right)}${where})`;
  const type = call === 'COUNT' ? 'BIGINT' : value.type;
  const list = untimed(
    projected(
      chance,
      qualified(left).filter((c) => c.time !== 'proctime'),
    ),
  );
  if (chance.percent(50))
    return joined(left, right, asText(left), [...list, { sql: query, type, as: chance.name('c') }], {
      changes: true,
      rows: left.rows,
    });
  const compared = qualified(left).filter((c) => c.type === type && c.time === undefined);
  if (compared.length === 0) return undefined;
  const test = `${chance.pick(compared).name} ${chance.pick(['=', '<', '>=', '<>'])} ${query}`;
  return joined(left, right, `${asText(left)} WHERE ${test}`, list, { changes: true, rows: left.rows });
};

export const lateral: Make = (m, depth) => {
  const { chance } = m;
  const left = aliased(chance, m.relation(depth - 1));
  const right = aliased(chance, m.relation(0));
  const [pair] = pairsOf(chance, left, right);
  if (pair === undefined || grown(left, right) > rowsMax) return undefined;
  const inner = untimed(
    projected(
      chance,
      qualified(right).filter((c) => c.time === undefined),
    ),
  );
  const order = inner.filter((i) => i.type !== 'ARRAY<INT>').map((i) => i.as);
  const top =
    chance.percent(40) && order.length === inner.length
      ? ` ORDER BY ${order.join(', ')} LIMIT ${chance.between(1, 3)}`
      : '';
  const of = aliased(chance, { ...right, columns: columnsOf(inner) });
  const query = `LATERAL (SELECT ${itemsText(inner)} FROM ${asText(right)} WHERE ${equal(pair)}${top}) AS ${of.alias}`;
  const text = chance.percent(50)
    ? `${asText(left)}, ${query}`
    : `${asText(left)} LEFT JOIN ${query} ON TRUE`;
  const list = untimed([
    ...projected(
      chance,
      qualified(left).filter((c) => c.time !== 'proctime'),
    ),
    ...passed(chance, qualified(of)),
  ]);
  return joined(left, right, text, list, { changes: true });
};

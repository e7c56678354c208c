/* What stands less often: changes as rows and back, ANY and ALL, sub-queries in HAVING and ON, values of queries that are grouped,
 * LATERAL over aggregates. */

import { keys, type Aliased, type Column } from './relation.ts';
import type { Make, Maker } from './maker.ts';
import { aggregate, condition } from './scalars.ts';
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
import { equal, grown, joined, pairsOf, rowsMax, untimed } from './shapes-joins.ts';

const values = (of: Aliased): Column[] => keys(qualified(of)).filter((c) => c.time === undefined);
const shown = (m: Maker, of: Aliased): Item[] =>
  untimed(
    projected(
      m.chance,
      qualified(of).filter((c) => c.time !== 'proctime'),
    ),
  );
/** An aggregate of the columns whose value does not hang on the order of rows. */
const call = (m: Maker, columns: readonly Column[]): Item => ({
  ...aggregate(m.chance, columns, { ordered: false }),
  as: m.chance.name('c'),
});

/** The changes of a relation as rows, now and then as changes again: of rows that come in a fixed order, for only then do both
 *  take the same steps. */
export const changelog: Make = (m, depth) => {
  const { chance } = m;
  const of = aliased(
    chance,
    m.relation(depth - 1, (r) => r.ordered),
  );
  const list = shown(m, of);
  if (!of.ordered || list.length === 0) return undefined;
  const rows = `TO_CHANGELOG(input => (SELECT ${itemsText(list)} FROM ${asText(of)}))`;
  const columns = columnsOf(list);
  const again = chance.percent(40);
  return {
    ...of,
    from: again
      ? wrapped(`SELECT * FROM FROM_CHANGELOG(input => (SELECT * FROM ${rows}))`)
      : wrapped(`SELECT * FROM ${rows}`),
    columns: again ? columns : [{ name: 'op', type: 'STRING' }, ...columns],
    changes: again,
    rows: of.rows * 2,
    window: undefined,
    versions: undefined,
  };
};

/** Compared with some or all rows of a query. */
export const compared: Make = (m, depth) => {
  const { chance } = m;
  const left = aliased(chance, m.relation(depth - 1));
  const right = aliased(chance, m.relation(depth - 1));
  const [pair] = pairsOf(chance, left, right);
  if (pair === undefined || grown(left, right) > rowsMax) return undefined;
  const [l, r] = pair;
  const where = chance.percent(40) ? ` WHERE ${condition(chance, values(right))}` : '';
  const quantifier = chance.pick(['ANY', 'ANY', 'SOME', 'ALL']);
  const test = `${l.name} ${chance.pick(['=', '<>', '<', '<=', '>', '>='])} ${quantifier} (SELECT ${r.name} FROM ${asText(right)}${where})`;
  return joined(left, right, `${asText(left)} WHERE ${test}`, shown(m, left), {
    changes: true,
    rows: left.rows,
  });
};

/** Groups that a sub-query lets pass. */
export const havingQuery: Make = (m, depth) => {
  const { chance } = m;
  const left = aliased(chance, m.relation(depth - 1));
  const right = aliased(chance, m.relation(depth - 1));
  const [pair] = pairsOf(chance, left, right);
  if (pair === undefined) return undefined;
  const [key, other] = pair;
  const made = call(m, values(left));
  const where = chance.percent(50) ? ` WHERE ${condition(chance, values(right))}` : '';
  const test = chance.pick([
    `COUNT(*) ${chance.pick(['<', '>', '>='])} (SELECT COUNT(*) FROM ${asText(right)}${where})`,
    `${chance.pick(['', 'NOT '])}EXISTS (SELECT 1 FROM ${asText(right)}${where})`,
    `${key.name} IN (SELECT ${other.name} FROM ${asText(right)}${where})`,
  ]);
  const list: Item[] = [{ sql: key.name, type: key.type, as: chance.name('c') }, made];
  const text = `${asText(left)} GROUP BY ${key.name} HAVING ${test}`;
  return joined(left, right, text, list, { changes: true, rows: left.rows });
};

/** A join whose condition asks a third relation. */
export const onQuery: Make = (m, depth) => {
  const { chance } = m;
  const [left, right] = [aliased(chance, m.relation(depth - 1)), aliased(chance, m.relation(depth - 1))];
  const third = aliased(chance, m.relation(0));
  const [pair] = pairsOf(chance, left, right);
  if (pair === undefined || grown(left, right) > rowsMax) return undefined;
  const where = ` WHERE ${condition(chance, values(third))}`;
  const [l] = pair;
  const test = chance.pick([
    `EXISTS (SELECT 1 FROM ${asText(third)}${where})`,
    ...values(third)
      .filter((c) => c.type === l.type && c.type !== 'BOOLEAN')
      .map((c) => `${l.name} >= (SELECT MIN(${c.name}) FROM ${asText(third)}${where})`),
  ]);
  const list = [...shown(m, left), ...shown(m, right)];
  const text = `${asText(left)} JOIN ${asText(right)} ON ${equal(pair)} AND ${test}`;
  return joined(left, right, text, list, { changes: true, calm: left.calm && right.calm && third.calm });
};

/** The value of a query that is grouped by what it is chosen by: of one row, then. */
export const groupedValue: Make = (m, depth) => {
  const { chance } = m;
  const left = aliased(chance, m.relation(depth - 1));
  const right = aliased(chance, m.relation(depth - 1));
  const [pair] = pairsOf(chance, left, right);
  if (pair === undefined) return undefined;
  const made = call(m, values(right));
  const having = chance.percent(30) ? ` HAVING COUNT(*) > ${chance.between(0, 2)}` : '';
  const query = `(SELECT ${made.sql} FROM ${asText(right)} WHERE ${equal(pair)} GROUP BY ${pair[1].name}${having})`;
  return joined(left, right, asText(left), [...shown(m, left), { ...made, sql: query }], {
    changes: true,
    rows: left.rows,
  });
};

/** LATERAL over aggregates of the rows that it chooses. */
export const lateralGroup: Make = (m, depth) => {
  const { chance } = m;
  const left = aliased(chance, m.relation(depth - 1));
  const right = aliased(chance, m.relation(0));
  const [pair] = pairsOf(chance, left, right);
  if (pair === undefined || grown(left, right) > rowsMax) return undefined;
  const by = chance.percent(50) ? chance.some(values(right), 1) : [];
  const inner: Item[] = [
    ...by.map((c) => ({ sql: c.name, type: c.type, as: chance.name('c') })),
    call(m, values(right)),
  ];
  const groupBy = by.length === 0 ? '' : ` GROUP BY ${by.map((c) => c.name).join(', ')}`;
  const of = aliased(chance, { ...right, columns: columnsOf(inner) });
  const query = `LATERAL (SELECT ${itemsText(inner)} FROM ${asText(right)} WHERE ${equal(pair)}${groupBy}) AS ${of.alias}`;
  const text = chance.percent(50)
    ? `${asText(left)}, ${query}`
    : `${asText(left)} LEFT JOIN ${query} ON TRUE`;
  return joined(left, right, text, untimed([...shown(m, left), ...passed(chance, qualified(of))]), {
    changes: true,
  });
};

/* What ranks, deduplicates and looks at the rows before each, into a sink that is updated by key. */

import type { SinkCase } from './sink-cases.ts';

const named = '(SELECT * FROM bids WHERE supplier IS NOT NULL)';
const priced = '(SELECT * FROM orders WHERE product IS NOT NULL)';
const best = (columns: string, over: string, of: string, where: string): string =>
  `SELECT ${columns} FROM (SELECT *, ROW_NUMBER() OVER (${over}) AS rn FROM ${of}) WHERE ${where}`;
const byShop = 'PARTITION BY supplier ORDER BY price DESC';

const shapes: readonly Omit<SinkCase, 'into'>[] = [
  {
    columns: 'supplier STRING, rn BIGINT, item STRING, price INT, PRIMARY KEY (supplier, rn) NOT ENFORCED',
    query: best('supplier, rn, item, price', byShop, named, 'rn <= 2'),
  },
  {
    columns: 'supplier STRING, item STRING, price INT, PRIMARY KEY (supplier) NOT ENFORCED',
    query: best('supplier, item, price', byShop, named, 'rn = 1'),
  },
  {
    columns: 'product STRING, rn BIGINT, id INT, amount INT, PRIMARY KEY (product, rn) NOT ENFORCED',
    query: best('product, rn, id, amount', 'PARTITION BY product ORDER BY amount', priced, 'rn <= 2'),
  },
  {
    columns: 'product STRING, id INT, amount INT, PRIMARY KEY (product) NOT ENFORCED',
    query: best('product, id, amount', 'PARTITION BY product ORDER BY amount', priced, 'rn = 1'),
  },
  {
    columns: 'rn BIGINT, item STRING, n BIGINT, PRIMARY KEY (rn) NOT ENFORCED',
    query: best(
      'rn, item, n',
      'ORDER BY n DESC',
      '(SELECT item, COUNT(*) AS n FROM bids GROUP BY item)',
      'rn <= 3',
    ),
  },
  {
    columns: 'item STRING, n BIGINT, PRIMARY KEY (item) NOT ENFORCED',
    query: best(
      'item, n',
      'ORDER BY n DESC',
      '(SELECT item, COUNT(*) AS n FROM bids GROUP BY item)',
      'rn <= 2',
    ),
  },
  ...['bidtime', 'bidtime DESC'].map((order) => ({
    columns: 'supplier STRING, item STRING, price INT, PRIMARY KEY (supplier) NOT ENFORCED',
    query: best('supplier, item, price', `PARTITION BY supplier ORDER BY ${order}`, named, 'rn = 1'),
  })),
  {
    columns: 'id INT, s INT, PRIMARY KEY (id) NOT ENFORCED',
    query: 'SELECT id, SUM(amount) OVER (PARTITION BY product ORDER BY id) FROM keyed_orders',
  },
  {
    columns: 'uid INT, s INT, PRIMARY KEY (uid) NOT ENFORCED',
    query: 'SELECT uid, SUM(score) OVER (PARTITION BY city ORDER BY uid) FROM users',
  },
];

export const overSinkCases: readonly SinkCase[] = shapes.map((s) => ({ into: 'upsert-kafka', ...s }));

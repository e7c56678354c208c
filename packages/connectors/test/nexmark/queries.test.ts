/* The queries of the Nexmark benchmark that rank rows, against a plain computation over the same events. */

import { expect, test } from 'vitest';
import type { Row } from '#data';
import { nexmarkEvents } from '../../src/nexmark/events.ts';
import { nexmarkFields } from '../../src/nexmark/schema.ts';
import { queries } from '../../../../bench/nexmark/queries.ts';
import { tableStatements } from '../../../../bench/nexmark/tables.ts';
import { rowsOf } from '../contexts.ts';
import { runSql } from '../run-sql.ts';

const events = 20_000;
const rows = rowsOf([...nexmarkEvents({ seed: 5, events })], nexmarkFields);
const ms = (value: unknown): number => (value as { readonly ms: number }).ms;
const auctions = rows
  .filter((r) => r[0] === 1)
  .map((r) => r[2] as Row)
  .map((a) => ({ id: a[0] as bigint, from: ms(a[5]), to: ms(a[6]) }));
const bids = rows
  .filter((r) => r[0] === 2)
  .map((r) => r[3] as Row)
  .map((b) => ({ auction: b[0] as bigint, bidder: b[1] as bigint, price: b[2] as bigint, time: ms(b[5]) }));

/** The rows that a query holds in the end: their first cells. */
async function held(name: string, cells: number): Promise<string[]> {
  const [table, ...views] = tableStatements({ bootstrapServers: '', topic: '' });
  const source = table!.replace(
    / WITH .*$/,
    ` WITH ('connector' = 'nexmark', 'events.num' = '${events}', 'millrace.seed' = '5')`,
  );
  const { select } = queries.find((q) => q.name === name)!;
  const { changes } = await runSql([source, ...views, select].join(';'));
  const counts = new Map<string, number>();
  for (const change of changes) {
    const row = change.slice(3, -1).split(', ').slice(0, cells).join(' ');
    counts.set(row, (counts.get(row) ?? 0) + (change.startsWith('+') ? 1 : -1));
  }
  expect([...counts.values()].every((n) => n >= 0)).toBe(true);
  return [...counts].flatMap(([row, n]) => Array<string>(n).fill(row)).sort();
}
function groupsOf<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}
const byPrice = (a: { readonly price: bigint }, b: { readonly price: bigint }): number =>
  a.price < b.price ? 1 : a.price > b.price ? -1 : 0;

test('q18: the last bid of each bidder on each auction', async () => {
  const last = groupsOf(bids, (b) => `${b.bidder} ${b.auction}`).map((g) =>
    g.reduce((a, b) => (b.time >= a.time ? b : a)),
  );
  expect(await held('q18', 3)).toEqual(last.map((b) => `${b.auction} ${b.bidder} ${b.price}`).sort());
});

test('q19: the ten best bids of each auction', async () => {
  const best = groupsOf(bids, (b) => String(b.auction)).flatMap((g) => [...g].sort(byPrice).slice(0, 10));
  expect(await held('q19', 3)).toEqual(best.map((b) => `${b.auction} ${b.bidder} ${b.price}`).sort());
});

test('q9: the best bid of each auction while it is open', async () => {
  const best = auctions.flatMap((a) => {
    const inTime = bids.filter((b) => b.auction === a.id && b.time >= a.from && b.time <= a.to);
    const [first] = inTime.sort((x, y) => byPrice(x, y) || x.time - y.time);
    return first === undefined ? [] : [`${a.id} ${first.price}`];
  });
  const found = (await held('q9', 13)).map((row) => {
    const cells = row.split(' ');
    return `${cells[0]} ${cells.at(-1)}`;
  });
  expect(found.sort()).toEqual(best.sort());
});

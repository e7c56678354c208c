import { expect, test } from 'vitest';
import { types, type Row } from '#data';
import { SimWorld } from '#testkit';
import { UserError } from '#base';
import { nexmarkConnector } from '../../src/nexmark/descriptor.ts';
import { nexmarkEvents, nexmarkJson } from '../../src/nexmark/events.ts';
import { nexmarkFields } from '../../src/nexmark/schema.ts';
import { nexmarkRuntime } from '../../src/nexmark/runtime.ts';
import { connectorTable, readRows, rowsOf, rowText, sourceContext } from '../contexts.ts';
import { sourceContract } from '../contract/source.ts';
import { runSql } from '../run-sql.ts';

const options = { 'events.num': '9000', seed: '3' };

sourceContract('nexmark', async () => ({
  table: { fields: nexmarkFields, options },
  runtime: nexmarkRuntime,
  rows: 9000,
  ordered: true,
  close: async () => {},
}));

const rows = rowsOf([...nexmarkEvents({ seed: 3, events: 100_000 })], nexmarkFields);
const kind = (type: number): Row[] => rows.filter((r) => r[0] === type).map((r) => r[type + 1] as Row);

test('one person, three auctions, 46 bids in fifty events', () => {
  expect([kind(0).length, kind(1).length, kind(2).length]).toEqual([2000, 6000, 92000]);
  expect(rows.slice(0, 6).map((r) => r[0])).toEqual([0, 1, 1, 1, 2, 2]);
  expect(rows.every((r) => [1, 2, 3].every((c) => (r[c] === null) === (r[0] !== c - 1)))).toBe(true);
});

test('ids start at 1000 and are gapless, times follow the rate', () => {
  expect(kind(0).map((p) => p[0])).toEqual(Array.from({ length: 2000 }, (_, i) => BigInt(1000 + i)));
  expect(kind(1).map((a) => a[0])).toEqual(Array.from({ length: 6000 }, (_, i) => BigInt(1000 + i)));
  expect(
    kind(0)
      .slice(0, 3)
      .map((p) => p[6]),
  ).toEqual([0, 5, 10].map((ms) => ({ ms: Date.UTC(2024, 0, 1) + ms, ns: 0 })));
});

test('hot ids, prices, categories and sizes are as the benchmark says', () => {
  const bids = kind(2);
  const share = (hit: (bid: Row) => boolean): number => bids.filter(hit).length / bids.length;
  expect(share((b) => (b[0] as bigint) % 100n === 0n)).toBeCloseTo(0.5, 1);
  expect(share((b) => (b[1] as bigint) % 100n === 1n)).toBeCloseTo(0.75, 1);
  expect(share((b) => ['Google', 'Facebook', 'Baidu', 'Apple'].includes(String(b[3])))).toBeCloseTo(0.5, 1);
  expect(bids.every((b) => (b[2] as bigint) >= 100n && (b[2] as bigint) <= 100_000_000n)).toBe(true);
  expect(new Set(kind(1).map((a) => a[8]))).toEqual(new Set([10n, 11n, 12n, 13n, 14n]));
  const sizes = bids.map((b) => 32 + String(b[6]).length);
  expect(sizes.reduce((a, b) => a + b) / sizes.length).toBeCloseTo(100, -1);
  expect(
    bids.every((b) =>
      /^https:\/\/www\.nexmark\.com(\/[a-z_]{3,4}){3}\/item\.htm\?query=1(&channel_id=\d+)?$/.test(
        String(b[4]),
      ),
    ),
  ).toBe(true);
  expect(kind(1).every((a) => (a[6] as { ms: number }).ms > (a[5] as { ms: number }).ms)).toBe(true);
});

test('another seed, other events; the source makes those of the generator', async () => {
  expect(rowsOf([...nexmarkEvents({ seed: 4, events: 50 })], nexmarkFields).map(rowText)).not.toEqual(
    rows.slice(0, 50).map(rowText),
  );
  const { context, told } = sourceContext(new SimWorld(1), { fields: nexmarkFields, options });
  const source = nexmarkRuntime.createSource!(context);
  await source.open(undefined);
  expect((await readRows(source, told, nexmarkFields)).map(rowText)).toEqual(
    rows.slice(0, 9000).map(rowText),
  );
});

test('as JSON, one event a line', () => {
  const lines: string[] = [];
  nexmarkJson({ seed: 3, events: 60 }, (message) => {
    lines.push(Buffer.from(message).toString());
  });
  expect(lines).toHaveLength(60);
  expect(lines[5]!).toMatch(
    new RegExp(
      '^\\{"event_type":2,"person":null,"auction":null,"bid":\\{"auction":\\d+,"bidder":\\d+,"price":\\d+,' +
        '"channel":"[^"]+","url":"[^"]+","dateTime":"2024-01-01 00:00:00(\\.\\d+)?","extra":"[a-z]+"\\}\\}$',
    ),
  );
  expect(JSON.parse(lines[0]!)).toMatchObject({
    event_type: 0,
    auction: null,
    bid: null,
    person: { id: 1000 },
  });
});

test('a query over bids', async () => {
  const { changes } = await runSql(`
    CREATE TABLE events (event_type INT, bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, dateTime TIMESTAMP(3), extra STRING>,
      at AS bid.dateTime) WITH ('connector' = 'nexmark', 'events.num' = '50', 'seed' = '3');
    SELECT bid.auction, bid.price FROM events WHERE event_type = 2 AND bid.price > 10000000;
  `);
  const expected = rows
    .slice(0, 50)
    .filter((r) => r[0] === 2)
    .map((r) => r[3] as Row)
    .filter((b) => (b[2] as bigint) > 10_000_000n);
  expect(changes).toEqual(expected.map((b) => `+I[${b[0]}, ${b[2]}]`));
});

test('columns that are none of Nexmark are refused', () => {
  const refusal = (table: Parameters<typeof connectorTable>[0]): string => {
    try {
      nexmarkConnector.source!(connectorTable(table));
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
    return 'fine';
  };
  expect(refusal({ fields: [{ name: 'bids', type: types.INT }] })).toBe(
    'a nexmark table has no column "bids"',
  );
  expect(
    refusal({ fields: [{ name: 'bid', type: types.row([{ name: 'price', type: types.STRING }]) }] }),
  ).toBe('column "bid.price": found STRING, expected BIGINT');
  expect(refusal({ fields: nexmarkFields, options: { 'next-event.rate': '5' } })).toContain(
    `expected the value of 'first-event.rate'`,
  );
});

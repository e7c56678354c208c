/* The pipeline of pipeline.sql as it runs in production, between two topics of a Kafka that this test has for itself. */

import { readFileSync } from 'node:fs';
import { Millrace, type Job } from 'millrace';
import { Broker } from 'millrace/broker';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let broker: Broker;
let job: Job | undefined;

beforeEach(async () => {
  broker = await Broker.start();
  broker.topics.create('orders', { partitions: 1 });
  broker.topics.create('revenue');
  process.env['KAFKA'] = broker.bootstrapServers;
  job = await new Millrace().execute(readFileSync(new URL('pipeline.sql', import.meta.url), 'utf8'));
});
afterEach(async () => {
  await job?.stop();
  await broker.stop();
});

const order = (page: string, price: number, time: string): { value: string } => ({
  value: JSON.stringify({ id: 1, page, price, ts: `2024-01-01 ${time}` }),
});
/** What stands in the topic of results. */
const revenue = (): unknown[] => broker.read('revenue').map((r) => JSON.parse(String(r.value)));

test('counts a minute once its orders are in', async () => {
  broker.produce('orders', [
    order('home', 10, '12:00:10'),
    order('home', 5, '12:00:50'),
    order('cart', -1, '12:00:20'), // not an order: filtered out
    order('home', 7, '12:01:06'), // the watermark passes 12:01, so the minute before it is complete
  ]);
  await vi.waitFor(() => expect(revenue()).toHaveLength(1), { timeout: 10_000 });
  expect(revenue()).toEqual([{ window_start: '2024-01-01 12:00:00', page: 'home', orders: 2, total: 15 }]);
});

test('drops an order that comes after its minute was counted', async () => {
  broker.produce('orders', [order('home', 10, '12:00:10'), order('home', 1, '12:01:06')]);
  await vi.waitFor(() => expect(revenue()).toHaveLength(1), { timeout: 10_000 });
  broker.produce('orders', [order('home', 99, '12:00:59'), order('home', 1, '12:02:06')]);
  await vi.waitFor(() => expect(revenue()).toHaveLength(2), { timeout: 10_000 });
  expect(revenue()).toMatchObject([{ total: 10 }, { total: 1 }]);
  expect(job!.metrics().late).toBe(1);
});

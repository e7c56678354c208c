/* The pipeline of pipeline.sql between two topics of an embedded Kafka, with nothing but Node: `node --test`. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Millrace, type Job } from 'millrace';
import { Broker } from 'millrace/broker';

let broker: Broker;
let job: Job | undefined;

before(async () => {
  broker = await Broker.start();
  broker.topics.create('orders');
  broker.topics.create('revenue');
  process.env['KAFKA'] = broker.bootstrapServers;
  job = await new Millrace().execute(readFileSync(new URL('pipeline.sql', import.meta.url), 'utf8'));
});
after(async () => {
  await job?.stop();
  await broker.stop();
});

/** The records of a topic, once there are so many. */
async function read(topic: string, count: number): Promise<unknown[]> {
  for (let tries = 0; tries < 500 && broker.read(topic).length < count; tries++) await sleep(20);
  return broker.read(topic).map((r) => JSON.parse(String(r.value)));
}

test('counts a minute once its orders are in', async () => {
  const orders = [
    { id: 1, page: 'home', price: 10, ts: '2024-01-01 12:00:10' },
    { id: 2, page: 'home', price: 5, ts: '2024-01-01 12:00:50' },
    { id: 3, page: 'home', price: 7, ts: '2024-01-01 12:01:06' },
  ];
  broker.produce(
    'orders',
    orders.map((order) => ({ value: JSON.stringify(order) })),
  );
  assert.deepEqual(await read('revenue', 1), [
    { window_start: '2024-01-01 12:00:00', page: 'home', orders: 2, total: 15 },
  ]);
});

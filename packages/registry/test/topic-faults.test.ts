/* A topic on a Kafka that fails: what was acknowledged is there once, whatever was lost on the way. */

import { expect, test } from 'vitest';
import { Broker, type Fault } from '#broker';
import { TopicLog } from '#connectors';
import { realWorld } from '#host';
import { Registry } from '#registry';
import { call, post } from './rest.ts';

const world = realWorld();
const schema = (i: number): object => ({
  schema: JSON.stringify({ type: 'record', name: `R${i}`, fields: [] }),
});
function start(broker: Broker): Promise<Registry> {
  const properties = new Map([['bootstrap.servers', broker.bootstrapServers]]);
  return Registry.start({
    world,
    topic: new TopicLog({ world, topic: '_schemas', properties, warn: () => {} }),
  });
}
const keysOf = (broker: Broker): string[] =>
  broker
    .read('_schemas')
    .map((record) => String(record.key))
    .filter((key) => key.includes('"SCHEMA"'));

test('requests that fail, answers that are lost, connections that end', async () => {
  const broker = await Broker.start({ world });
  const registry = await start(broker);
  const faults = [
    { request: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER', times: 2 },
    // Written, and the connection ends before the answer.
    { request: 'Produce', drop: 'after' },
    { request: 'Fetch', drop: 'before', times: 2 },
    { request: 'Fetch', error: 'UNKNOWN_SERVER_ERROR', times: 1 },
    { request: 'Produce', drop: 'before', times: 1 },
  ] as const satisfies readonly Fault[];
  for (const [i, fault] of faults.entries()) {
    broker.inject(fault);
    expect((await post(registry.url, `/subjects/s${i}/versions`, schema(i))).body).toMatchObject({
      id: i + 1,
      version: 1,
    });
  }
  broker.dropConnections();
  expect((await post(registry.url, '/subjects/last/versions', schema(99))).body).toMatchObject({
    id: faults.length + 1,
  });
  const keys = keysOf(broker);
  expect(new Set(keys).size).toBe(keys.length);
  await registry.stop();
  await broker.stop();
});

test('a registry that was away writes nothing late: it decides anew', async () => {
  const broker = await Broker.start({ world });
  const [a, b] = [await start(broker), await start(broker)];
  await post(a.url, '/subjects/s/versions', schema(1));
  // The other takes over, and the first does not know of it until it writes.
  expect((await post(b.url, '/subjects/t/versions', schema(2))).body).toMatchObject({ id: 2 });
  expect((await post(a.url, '/subjects/u/versions', schema(3))).body).toMatchObject({ id: 3 });
  expect((await post(b.url, '/subjects/u/versions', schema(3))).body).toMatchObject({ id: 3, version: 1 });
  await call(b.url, 'PUT', '/config/u', { compatibility: 'FULL' });
  await call(a.url, 'PUT', '/config/u', { normalize: true });
  expect((await call(a.url, 'GET', '/config/u')).body).toEqual({
    compatibilityLevel: 'FULL',
    normalize: true,
  });
  expect(keysOf(broker)).toHaveLength(3);
  await a.stop();
  await b.stop();
  await broker.stop();
});

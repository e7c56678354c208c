/* Partitions led by several brokers, leaders that move and connections that break while all is read and written. */

import { afterEach, expect, test } from 'vitest';
import { Broker } from '#broker';
import { types } from '#data';
import { realWorld } from '#host';
import { jsonOptions, openSink, openSource, tableOf } from './support.ts';

const columns = { id: types.BIGINT, text: types.STRING };
const partitions = 6;
const nodes = 3;
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
let broker: Broker | undefined;
afterEach(() => broker?.stop());

test('leaders move and connections break: every record once, in its order', async () => {
  broker = await Broker.start({ world: realWorld(), nodes });
  broker.topics.create('t', { partitions });
  for (const partition of range(0, partitions)) broker.moveLeader('t', partition, 1 + (partition % nodes));
  const options = {
    'properties.bootstrap.servers': broker.bootstrapServers,
    'properties.fetch.max.bytes': '100000',
    'sink.partitioner': 'round-robin',
    'properties.batch.size': '10000',
    'scan.bounded.mode': '',
  };
  const table = tableOf(columns, jsonOptions('t', options));
  const reading = await openSource(table, { metadata: ['partition'] });
  const sink = await openSink(table);
  const rows = 60_000;
  const text = 'x'.repeat(60);
  for (const part of range(0, 10)) {
    await sink.write(range(part * (rows / 10), (part + 1) * (rows / 10)).map((id) => [BigInt(id), text]));
    await sink.flush();
    // What is being fetched now is answered, refused or cut off.
    await reading.run(() => reading.rows.length >= (part * rows) / 10 + 500);
    if (part % 3 === 2) broker.dropConnections();
    else broker.moveLeader('t', part % partitions, 1 + ((part + 1) % nodes));
  }
  await reading.run(() => reading.rows.length >= rows);
  await sink.close();
  await reading.source.close();
  // A write may be repeated when its answer is lost; what one partition has is read once and in order.
  const offsets = broker.offsets('t');
  expect(offsets.reduce((sum, p) => sum + p.end, 0)).toBeGreaterThanOrEqual(rows);
  for (const partition of range(0, partitions)) {
    const ids = reading.rows.filter((r) => r[2] === partition).map((r) => Number(r[0]));
    const stored = broker.read('t', { partition }).map((r) => Number(JSON.parse(String(r.value)).id));
    expect(ids).toEqual(stored.slice(0, ids.length));
  }
});

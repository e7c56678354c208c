/* Changes of Debezium in Avro, over the embedded Kafka and registry. */

import { describe, expect, test } from 'vitest';
import { changeKind, types, type Row } from '#data';
import { openSink, readAll, tableOf } from '../kafka/support.ts';
import { runSql } from '../run-sql.ts';
import { message, Services } from './services.ts';

const services = new Services();
const format = 'debezium-avro-confluent';
const columns = { id: types.BIGINT, item: types.STRING };

/** As Debezium's converter registers it: rows by name, a source beside them. */
const envelope = JSON.stringify({
  type: 'record',
  name: 'Envelope',
  namespace: 'shop.public.orders',
  fields: [
    {
      name: 'before',
      type: [
        'null',
        {
          type: 'record',
          name: 'Value',
          fields: [
            { name: 'id', type: 'int' },
            { name: 'item', type: ['null', 'string'], default: null },
          ],
        },
      ],
      default: null,
    },
    { name: 'after', type: ['null', 'Value'], default: null },
    {
      name: 'source',
      type: { type: 'record', name: 'Source', fields: [{ name: 'ts_ms', type: 'long' }] },
    },
    { name: 'op', type: 'string' },
    { name: 'ts_ms', type: ['null', 'long'], default: null },
  ],
});
const row = (id: number, item: string): number[] => [2, id * 2, 2, item.length * 2, ...Buffer.from(item)];
const change = (id: number, before: number[], after: number[], op: string) =>
  message(id, ...before, ...after, 2, 2, op.charCodeAt(0), 0);
const register = async (topic: string): Promise<number> =>
  (await services.client.register(`${topic}-value`, { type: 'AVRO', text: envelope })).id;

describe('reading', () => {
  test('inserts, updates, deletes, and tombstones', async () => {
    const topic = services.freshTopic();
    const id = await register(topic);
    services.broker.produce(topic, [
      change(id, [0], row(1, 'tea'), 'c'),
      change(id, [0], row(2, 'rum'), 'r'),
      change(id, row(1, 'tea'), row(1, 'ale'), 'u'),
      change(id, row(2, 'rum'), [0], 'd'),
      { value: null },
    ]);
    const { rows, kinds } = await readAll(tableOf(columns, services.options(topic, format)));
    expect(rows.map((r, i) => [kinds[i], ...r])).toEqual([
      ['+I', 1n, 'tea'],
      ['+I', 2n, 'rum'],
      ['-U', 1n, 'tea'],
      ['+U', 1n, 'ale'],
      ['-D', 2n, 'rum'],
    ]);
  });
  test('an update without the row before says what to set', async () => {
    const topic = services.freshTopic();
    services.broker.produce(topic, [change(await register(topic), [0], row(1, 'ale'), 'u')]);
    await expect(readAll(tableOf(columns, services.options(topic, format)))).rejects.toMatchObject({
      code: 'FMT1001',
      hint: expect.stringContaining('REPLICA IDENTITY'),
    });
  });
  test('a query over changes', async () => {
    const topic = services.freshTopic();
    const id = await register(topic);
    services.broker.produce(topic, [
      change(id, [0], row(1, 'tea'), 'c'),
      change(id, row(1, 'tea'), row(5, 'tea'), 'u'),
    ]);
    const options = Object.entries(services.options(topic, format)).map(([k, v]) => `'${k}' = '${v}'`);
    const run = await runSql(
      `CREATE TABLE o (id BIGINT, item STRING) WITH (${options.join(', ')}); SELECT item, SUM(id) FROM o GROUP BY item;`,
    );
    expect(run.changes.at(-1)).toBe('+I[tea, 5]');
  });
});

test('writing: an update is a row that goes and a row that comes', async () => {
  const topic = services.freshTopic();
  const table = tableOf(columns, services.options(topic, format));
  const { insert, updateBefore, updateAfter, delete: gone } = changeKind;
  const rows: Row[] = [
    [1n, 'tea'],
    [1n, 'tea'],
    [1n, null],
    [1n, null],
  ];
  const sink = await openSink(table);
  await sink.write(rows, [insert, updateBefore, updateAfter, gone]);
  await sink.flush();
  await sink.close();
  const { text } = await services.client.version(`${topic}-value`);
  expect(text).toContain('{"name":"before","type":["null",{"type":"record","name":"record_before"');
  const read = await readAll(table);
  expect(read.rows).toEqual(rows);
  expect(read.kinds).toEqual(['+I', '-D', '+I', '-D']);
});

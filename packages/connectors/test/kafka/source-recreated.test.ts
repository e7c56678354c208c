/* A topic that is deleted and created again while it is read, or while its reader is away: none of the new records is
 * taken for one that was read. */

import { Admin } from '@platformatic/kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { types } from '#data';
import type { ConnectorTable } from '#catalog';
import {
  bootstrapServers,
  createTopic,
  jsonOptions,
  noKafka,
  openSource,
  produce,
  tableOf,
  type Reading,
} from './support.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const message = (id: number): { value: string } => ({ value: `{"id":${id}}` });
const ids = (reading: Reading): number[] => reading.rows.map((r) => Number(r[0]));
const unbounded = (topic: string, more: Readonly<Record<string, string>> = {}): ConnectorTable =>
  tableOf({ id: types.BIGINT }, jsonOptions(topic, { 'scan.bounded.mode': '', ...more }));

async function createAgain(topic: string): Promise<void> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [bootstrapServers] });
  await admin.deleteTopics({ topics: [topic] });
  await admin.close();
  for (let tries = 0; ; tries++) {
    try {
      await createTopic(1, bootstrapServers, topic);
      return;
    } catch (error) {
      // Its deletion is under way.
      if (tries > 100) throw error;
      await sleep(50);
    }
  }
}

describe.skipIf(noKafka)('a topic that is created again', () => {
  test.each([
    ['with fewer records than were read', 5],
    ['with as many', 10],
    ['with more', 30],
  ])('while it is read, %s', async (_, count) => {
    const topic = await createTopic();
    await produce(topic, range(0, 10).map(message));
    const reading = await openSource(unbounded(topic));
    await reading.run(() => reading.rows.length >= 10);
    await createAgain(topic);
    await produce(topic, range(100, 100 + count).map(message));
    await reading.run(() => reading.rows.length >= 10 + count);
    expect(ids(reading)).toEqual([...range(0, 10), ...range(100, 100 + count)]);
    expect(reading.warnings).toEqual([
      expect.stringContaining('the topic was deleted and created again while offset 10'),
    ]);
    await produce(topic, [message(1000)]);
    await reading.run(() => reading.rows.length >= 11 + count);
    expect(ids(reading).at(-1)).toBe(1000);
    await reading.source.close();
  });

  test('while its reader is away', async () => {
    const topic = await createTopic();
    await produce(topic, range(0, 10).map(message));
    const before = await openSource(unbounded(topic));
    await before.run(() => before.rows.length >= 10);
    const position = before.source.snapshot();
    await before.source.close();
    await createAgain(topic);
    await produce(topic, range(100, 130).map(message));
    const after = await openSource(unbounded(topic), { position });
    await after.run(() => after.rows.length >= 30);
    expect(ids(after)).toEqual(range(100, 130));
    expect(after.warnings).toHaveLength(1);
    await after.source.close();
  });

  test('is an error where no other place may be gone on from', async () => {
    const topic = await createTopic();
    await produce(topic, range(0, 10).map(message));
    const reading = await openSource(unbounded(topic, { 'properties.auto.offset.reset': 'none' }));
    await reading.run(() => reading.rows.length >= 10);
    await createAgain(topic);
    await produce(topic, range(100, 130).map(message));
    await expect(reading.run(() => reading.rows.length > 10)).rejects.toMatchObject({ code: 'KAF1004' });
    await reading.source.close();
  });
});

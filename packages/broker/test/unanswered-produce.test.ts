/* A producer that waits for no answer (acks=0): what it hears when its records were not taken. The same from Kafka. */

import { afterAll, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { realKafka } from '../../../tools/test-kafka.ts';
import { Broker } from '../src/broker.ts';
import { made } from './talk.ts';
import { batchOf, WireClient } from './wire-client.ts';

const kafka = await realKafka();
const missing = 'missing' in kafka ? kafka.missing : undefined;
const lines: string[] = [];
const ours = await Broker.start({ world: realWorld(), log: (line) => lines.push(line) });
afterAll(() => ours.stop());
const targets = [
  ['ours', ours.bootstrapServers],
  ...('missing' in kafka ? [] : [['Kafka', kafka.bootstrapServers]]),
] as [string, string][];

let topics = 0;

describe(`acks=0${missing === undefined ? '' : ` (Kafka: ${missing})`}`, () => {
  test.each(targets)('%s', async (_, servers) => {
    const client = await WireClient.connect(servers);
    const topic = `unanswered-${process.pid}-${topics++}`;
    await made(client, topic);
    const send = (name: string, records: Buffer): void => {
      const topicData = [{ name, partitionData: [{ index: 0, records: [records] }] }];
      client.socket.write(client.write('Produce', { acks: 0, timeoutMs: 1000, topicData }, 9, 7777));
    };
    const asked = (): Promise<unknown> => client.send('ApiVersions', {}, 0);

    send(topic, batchOf(['a'], 'none', 1_700_000_000_000));
    await asked();
    await expect.poll(async () => (await client.fetch(topic, 0, 0)).length).toBeGreaterThan(0);
    send(`${topic}-none`, batchOf(['b'], 'none', 1_700_000_000_000));
    await expect(asked()).rejects.toThrow();
    expect(client.socket.destroyed).toBe(true);
  });

  test('the operator is told', () => {
    expect(lines).toEqual([
      expect.stringMatching(
        /a Produce with acks=0 to unanswered-\S+-none-0 failed: UNKNOWN_TOPIC_OR_PARTITION/,
      ),
    ]);
  });
});

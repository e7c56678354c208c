/* Runs under a limit for the length of files: a broker whose log grows until the system says no. Prints what a client
 * saw, as JSON. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { realWorld } from '#host';
import { Broker } from '../../src/broker.ts';
import { batchOf, WireClient } from '../wire-client.ts';
import { recordTexts } from './record-texts.ts';

const dir = process.argv[2]!;
const broker = await Broker.start({ dir, world: realWorld() });
const client = await WireClient.connect(broker.bootstrapServers);
await client.createTopic('full');

async function produce(topic: string, value: string): Promise<{ errorCode: number; baseOffset: number }> {
  const topicData = [
    { name: topic, partitionData: [{ index: 0, records: [batchOf([value], 'none', Date.now())] }] },
  ];
  const answer = await client.send('Produce', { acks: -1, timeoutMs: 1000, topicData }, 9);
  return answer.responses[0]!.partitionResponses[0]!;
}

const errors: number[] = [];
const acknowledged: string[] = [];
for (let i = 0; errors.length < 5; i++) {
  const value = `${i} ${'x'.repeat(700 + (i % 7) * 100)}`;
  const { errorCode, baseOffset } = await produce('full', value);
  if (errorCode === 0) acknowledged.push(`${baseOffset} ${value}`);
  else errors.push(errorCode);
}
const data = await client.fetch('full', 0, 0);
const fetched = recordTexts(data);
const sizeAfterRefusal = statSync(join(dir, 'full-0', '00000000000000000000.log')).size;
// Other topics go on.
await client.createTopic('other');
const { errorCode: created } = await produce('other', 'small');
const { errorCode: smallAfter } = await produce('other', 'small');
client.close();
await broker.stop();
console.log(
  JSON.stringify({
    errors,
    acknowledged,
    fetched,
    created,
    smallAfter,
    sizeAfterRefusal,
    soundBytes: data.length,
  }),
);

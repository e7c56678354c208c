/* A batch that was changed on its way is refused, whatever byte it is. */

import { afterAll, expect, test } from 'vitest';
import { realWorld } from '#host';
import { Broker } from '#broker';
import { batchOf, WireClient } from './wire-client.ts';

const broker = await Broker.start({ world: realWorld() });
const client = await WireClient.connect(broker.bootstrapServers);
afterAll(async () => {
  client.close();
  await broker.stop();
});

test('a byte of the records, or of what the checksum covers of the head', async () => {
  await client.createTopic('t');
  const batch = batchOf(['the first', 'the second'], 'none', 1_700_000_000_000);
  // Attributes and all behind them; not what the broker itself writes in.
  for (let at = 21; at < batch.length; at += 5) {
    const changed = Buffer.from(batch);
    changed[at]! ^= 0x10;
    await expect(client.produce('t', 0, changed), `byte ${at}`).rejects.toThrow(/produce: error (2|87)/);
  }
  expect(broker.read('t')).toEqual([]);
  await client.produce('t', 0, batch);
  expect(broker.read('t').map((r) => String(r.value))).toEqual(['the first', 'the second']);
});

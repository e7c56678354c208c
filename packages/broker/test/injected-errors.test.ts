/* An error on purpose is told wherever a client looks for it, whatever it asked. */

import { afterAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { realWorld } from '#host';
import { Broker } from '#broker';
import { errorCodes, type ApiName } from '#kafka';
import { samples } from './fuzz/requests.ts';
import { WireClient } from './wire-client.ts';

const broker = await Broker.start({ world: realWorld() });
const client = await WireClient.connect(broker.bootstrapServers);
afterAll(async () => {
  client.close();
  await broker.stop();
});

const known = { topicIds: [], memberIds: ['m'] };
const seeds = Array.from({ length: 8 }, (_, i) => i);
/** Every error code in an answer. */
const codesIn = (answer: unknown): number[] =>
  typeof answer !== 'object' || answer === null
    ? []
    : Object.entries(answer).flatMap(([key, value]) =>
        /errorCode$/i.test(key) ? [value as number] : codesIn(value),
      );

test.each(Object.keys(samples(new Rng(0), known)) as ApiName[])('%s', async (request) => {
  const codes: number[] = [];
  for (const seed of seeds) {
    const asked = samples(new Rng(seed), known)[request];
    broker.inject({ request, error: 'UNKNOWN_SERVER_ERROR' });
    codes.push(
      ...codesIn(await client.send(request, { ...asked, ...(request === 'Produce' ? { acks: -1 } : {}) })),
    );
  }
  expect(codes).toContain(errorCodes.UNKNOWN_SERVER_ERROR);
});

test('what does not exist cannot be asked for', () => {
  expect(() => broker.inject({ request: 'Produces' as ApiName })).toThrow(
    /no request of Kafka's is called "Produces"/,
  );
  expect(() => broker.inject({ request: 'Fetch', error: 'NOT_LEADER' as 'NONE' })).toThrow(
    /no error of Kafka's/,
  );
});
test('a delayed answer does not outlive its client', async () => {
  const other = await WireClient.connect(broker.bootstrapServers);
  broker.inject({ request: 'Metadata', delayMs: 3_600_000 });
  const answer = other.send('Metadata', { topics: null });
  await new Promise((resolve) => {
    setTimeout(resolve, 30);
  });
  other.close();
  await expect(answer).rejects.toThrow();
});

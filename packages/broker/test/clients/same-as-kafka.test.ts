/* Clients that nobody here wrote, each with the same scenario against Kafka 4.1 and against ours: what they see is equal. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaMissing } from '../../../../tools/kafka.ts';
import { startBoth, type Both } from './both.ts';
import type { Client } from './client.ts';
import { goClient } from './go.ts';
import { consoleTools, javaClients } from './java.ts';
import { kafkajsClient } from './kafkajs.ts';
import { kcatClient } from './kcat.ts';
import { platformaticClient } from './platformatic.ts';
import { pythonClient } from './python.ts';

const clients: readonly Client[] = [
  javaClients,
  consoleTools,
  pythonClient,
  kcatClient,
  goClient,
  platformaticClient,
  kafkajsClient,
];
const missing = await kafkaMissing();
const reasons = new Map<Client, string | undefined>(
  await Promise.all(clients.map(async (client) => [client, missing ?? (await client.prepare())] as const)),
);
const absent = [...reasons].filter(([, reason]) => reason !== undefined);
if (absent.length > 0 && process.env['CI'] === 'true')
  throw new Error(absent.map(([{ name }, reason]) => `${name}: ${reason}`).join('\n'));

/** How a client wraps what the broker said depends on which of its threads hears it first. */
const unwrapped = (line: string): string => line.replaceAll(/\bKafkaException of (?=\w+Exception)/g, '');
let attempts = 0;

describe.skipIf(missing !== undefined)('as Kafka 4.1', () => {
  let both: Both;
  beforeAll(async () => {
    both = await startBoth();
  }, 120_000);
  afterAll(() => both.close());

  for (const [client, reason] of reasons)
    test.skipIf(reason !== undefined).concurrent(
      `${client.name}${reason === undefined ? '' : ` (${reason})`}`,
      // Rebalances of real clients take the course that the machine gives them: a talk that went another way is had again.
      { timeout: 180_000, retry: 2 },
      async () => {
        const name = `c${clients.indexOf(client)}x${attempts++}y`;
        const [expected, got] = await Promise.all(
          [both.kafka, both.ours].map((servers) => client.observe(servers, name)),
        );
        expect(got!.map(unwrapped)).toEqual(expected!.map(unwrapped));
        expect(expected!.length).toBeGreaterThan(client.linesMin);
      },
    );
});

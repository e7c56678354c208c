/* What happens to a pipeline when Kafka misbehaves, as it does in production once a month and in a test never by itself:
 * leaders move, connections drop, an acknowledgement is lost, a partition hangs. Nothing may be missing afterwards. */

import { readFileSync } from 'node:fs';
import { Millrace, type Job } from 'millrace';
import { Broker } from 'millrace/broker';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let broker: Broker;
let job: Job | undefined;
let produced = 0;

beforeEach(async () => {
  produced = 0;
  // Two ports that look like two brokers, so that a leader has where to go.
  broker = await Broker.start({ nodes: 2 });
  broker.topics.create('payments');
  broker.topics.create('suspicious');
  process.env['KAFKA'] = broker.bootstrapServers;
  job = await new Millrace().execute(readFileSync(new URL('pipeline.sql', import.meta.url), 'utf8'));
});
afterEach(async () => {
  await job?.stop();
  await broker.stop();
});

/** Ten payments, one of them suspicious. */
function produce(): void {
  const payments = Array.from({ length: 10 }, (_, i) => ({ id: produced++, amount: i * 101 }));
  broker.produce(
    'payments',
    payments.map((p) => ({ value: JSON.stringify(p) })),
  );
}
/** The ids that came out; delivery is at least once, so one may have come twice. */
const found = (): Set<number> =>
  new Set(broker.read('suspicious').map((r) => (JSON.parse(String(r.value)) as { id: number }).id));
const everySuspicious = (): Set<number> =>
  new Set(Array.from({ length: produced / 10 }, (_, i) => i * 10 + 9));
const complete = (): Promise<void> =>
  vi.waitFor(() => expect(found()).toEqual(everySuspicious()), { timeout: 20_000 });

test('a leader moves while the pipeline reads and writes', async () => {
  produce();
  await complete();
  broker.moveLeader('payments', 0, 2);
  broker.moveLeader('suspicious', 0, 2);
  produce();
  await complete();
  expect(job!.state).toBe('running');
});

test('a broker that says it is no leader, though it is', async () => {
  broker.inject({ request: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER', times: 3 });
  broker.inject({ request: 'Fetch', error: 'NOT_LEADER_OR_FOLLOWER', times: 3 });
  produce();
  await complete();
});

test('connections drop, again and again', async () => {
  for (let round = 0; round < 5; round++) {
    produce();
    broker.dropConnections();
  }
  await complete();
});

test('a record is written but its acknowledgement is lost', async () => {
  broker.inject({ request: 'Produce', drop: 'after' });
  produce();
  await complete();
});

test('a partition hangs, and then goes on', async () => {
  const resume = broker.pause('payments', 0);
  produce();
  await new Promise((done) => setTimeout(done, 200));
  expect(found().size).toBe(0);
  resume();
  await complete();
});

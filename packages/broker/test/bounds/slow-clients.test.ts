/* Clients that read nothing, send half a request, or a byte now and then: others do not notice, and memory does not grow. */

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { batchOf, type WireClient } from '../wire-client.ts';
import { announced, BoundsRig, closed, fastWorld, heldMiB } from './bounds-rig.ts';

const text = 'x'.repeat(100_000);

async function takesRecords(client: WireClient, withinMs: number): Promise<void> {
  const started = performance.now();
  await client.produce('t', 0, batchOf([text], 'none', Date.now()));
  expect(performance.now() - started).toBeLessThan(withinMs);
}

test('clients that ask for everything and read nothing', async () => {
  const rig = await BoundsRig.start({ config: { 'queued.max.request.bytes': '4000000' } });
  const client = await rig.client();
  await client.createTopic('t');
  for (let i = 0; i < 30; i++) await takesRecords(client, 10_000);
  const before = heldMiB();
  const fetch = client.write(
    'Fetch',
    {
      maxWaitMs: 0,
      maxBytes: 50_000_000,
      topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 50_000_000 }] }],
    },
    11,
  );
  for (let i = 0; i < 30; i++) {
    const socket = await rig.socket();
    socket.pause();
    socket.write(Buffer.concat(Array.from({ length: 200 }, () => fetch)));
  }
  await sleep(300);
  // Short requests and whole batches go through meanwhile, and a fetch gives something, if not all.
  const data = await client.fetch('t', 0, 0, 50_000_000);
  expect(data.length).toBeGreaterThan(text.length);
  await client.produce('t', 0, batchOf(['small'], 'none', Date.now()));
  expect(heldMiB() - before).toBeLessThan(150);
});

test('memory that was held for a request serves the next', async () => {
  const rig = await BoundsRig.start({ config: { 'queued.max.request.bytes': '1000000' } });
  const clients = [await rig.client(), await rig.client()];
  await clients[0]!.createTopic('t');
  for (let i = 0; i < 60; i++) await takesRecords(clients[i % 2]!, 10_000);
});

test('who holds memory and does not get on is ended when others wait for it', async () => {
  const rig = await BoundsRig.start({
    world: fastWorld(20),
    config: { 'queued.max.request.bytes': '1000000', 'connections.max.idle.ms': '-1' },
  });
  const client = await rig.client();
  await client.createTopic('t');
  const small = await rig.socket();
  small.write(announced(1000, Buffer.alloc(10)));
  const halves = [await rig.socket(), await rig.socket()];
  for (const [i, socket] of halves.entries()) socket.write(announced(450_000 + i, Buffer.alloc(1000)));
  await sleep(50);
  // 5 s of the broker's time are 250 ms.
  await takesRecords(client, 10_000);
  await Promise.race(halves.map(closed));
  expect(rig.lines).toEqual([
    expect.stringMatching(
      /^connection from \S+ closed: it held 45000[01] bytes and did not get on while others/,
    ),
  ]);
  // The other half had not to go.
  expect(halves.filter((s) => s.destroyed)).toHaveLength(1);
  await takesRecords(client, 10_000);
  expect(small.destroyed).toBe(false);
});

test('a request that comes a byte at a time is answered, and nobody waits for it', async () => {
  const rig = await BoundsRig.start();
  const client = await rig.client();
  await client.createTopic('t');
  const slow = await rig.socket();
  const answer = new Promise<Buffer>((resolve) => slow.once('data', resolve));
  for (const byte of client.write('ApiVersions', {}, 0)) {
    slow.write(Buffer.from([byte]));
    await sleep(2);
    await client.send('Metadata', { topics: [{ name: 't' }] });
  }
  expect((await answer).length).toBeGreaterThan(100);
});

test('requests without end, of which no answer is read, stay in the client', async () => {
  const rig = await BoundsRig.start();
  const client = await rig.client();
  await client.createTopic('t');
  const flood = await rig.socket();
  flood.pause();
  const requests = Buffer.concat(Array.from({ length: 1000 }, () => client.write('ApiVersions', {}, 3)));
  const before = heldMiB();
  let taken = 0;
  for (let full = false; !full && taken < 400; taken++)
    full = await Promise.race([
      new Promise<boolean>((resolve) => {
        flood.write(requests, () => resolve(false));
      }),
      sleep(300, true),
    ]);
  expect(taken).toBeLessThan(400);
  expect(heldMiB() - before).toBeLessThan(100);
  await takesRecords(client, 10_000);
});

test('idle connections end: also one that sent half a request, but not one that waits for an answer', async () => {
  const rig = await BoundsRig.start({
    world: fastWorld(20),
    config: { 'connections.max.idle.ms': '6000' },
  });
  const client = await rig.client();
  await client.createTopic('t');
  const [idle, half] = [await rig.socket(), await rig.socket()];
  half.write(announced(100, Buffer.alloc(10)));
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }];
  const request = { maxWaitMs: 15_000, minBytes: 1, maxBytes: 1000, topics: [{ topic: 't', partitions }] };
  const waiting = client.send('Fetch', request, 11);
  await Promise.all([closed(idle), closed(half)]);
  expect((await waiting).responses[0]!.partitions[0]!.errorCode).toBe(0);
  const line = expect.stringMatching(/^connection from \S+ closed: nothing came or went for 6000 ms$/);
  expect(rig.lines).toEqual([line, line]);
});

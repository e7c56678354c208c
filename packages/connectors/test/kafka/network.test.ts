/* Networks that are slow, cut where they like, and break: the rows are the same. */

import { afterEach, describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { types, type Row } from '#data';
import { saslUser } from '../../../../tools/kafka/server.ts';
import { ownKafka } from '../../../../tools/test-kafka.ts';
import { byteAtATime, Detour, type Shape } from './proxy.ts';
import {
  bootstrapServers,
  createTopic,
  jsonOptions,
  kafka,
  noKafka,
  openSink,
  openSource,
  produce,
  readAll,
  tableOf,
  type Message,
} from './support.ts';

const columns = { id: types.BIGINT, text: types.STRING };
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const textOf = (id: number): string => `row ${id} ${'.'.repeat(id % 50)}`;
const message = (id: number): Message => ({ value: JSON.stringify({ id, text: textOf(id) }) });
const row = (id: number): Row => [BigInt(id), textOf(id)];
/** The same cuts for the same seed. */
function cuts(seed: number, bytesMax: number, pauseMs = 0): Shape {
  const rng = new Rng(seed);
  return { next: () => 1 + rng.below(bytesMax), pauseMs };
}

let detour: Detour | undefined;
afterEach(() => detour?.close());
function through(shape: Shape): Detour {
  detour = new Detour(shape);
  return detour;
}

describe.skipIf(noKafka)('a bad network', () => {
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
    test(`a byte at a time, with compression ${codec}`, async () => {
      const topic = await createTopic();
      for (let i = 0; i < 3; i++) await produce(topic, range(i * 50, i * 50 + 50).map(message), codec);
      const { reach } = through(byteAtATime);
      expect((await readAll(tableOf(columns, jsonOptions(topic)), { reach })).rows).toEqual(
        range(0, 150).map(row),
      );
    });
  }

  test('TLS and a login, cut anywhere', async () => {
    const topic = await createTopic();
    const rows = 60_000;
    const sink = await openSink(tableOf(columns, jsonOptions(topic)));
    await sink.write(range(0, rows).map(row));
    await sink.flush();
    await sink.close();
    const addresses = 'missing' in kafka ? undefined : kafka;
    const password = saslUser.password.replaceAll('"', '\\"');
    const secure = {
      'properties.bootstrap.servers': addresses?.tlsServers ?? '',
      'properties.security.protocol': 'SASL_SSL',
      'properties.sasl.mechanism': 'PLAIN',
      'properties.sasl.jaas.config': `x required username="${saslUser.name}" password="${password}";`,
      'properties.ssl.truststore.type': 'PEM',
      'properties.ssl.truststore.location': addresses?.certificateFile ?? '',
      'properties.fetch.max.bytes': '1000000',
    };
    for (const seed of [1, 2, 3]) {
      const { reach } = through(cuts(seed, seed === 1 ? 40 : 40_000));
      const reading = await readAll(tableOf(columns, jsonOptions(topic, secure)), {
        reach,
        ...(seed === 1 ? { limit: 3000 } : {}),
      });
      expect({ seed, rows: reading.rows.length }).toEqual({ seed, rows: seed === 1 ? 3000 : rows });
      expect(reading.rows.every((r, id) => r[0] === BigInt(id) && r[1] === textOf(id))).toBe(true);
      await detour?.close();
    }
  });

  test('a slow broker that goes in the middle of an answer, and comes back', async () => {
    const broker = (await ownKafka())!;
    try {
      const servers = broker.bootstrapServers;
      const topic = await createTopic(1, servers);
      const options = jsonOptions(topic, {
        'properties.bootstrap.servers': servers,
        'properties.fetch.max.bytes': '300000',
      });
      const rows = 20_000;
      const sink = await openSink(tableOf(columns, options));
      await sink.write(range(0, rows).map(row));
      await sink.flush();
      await sink.close();
      const { reach } = through(cuts(7, 20_000, 5));
      const reading = await openSource(tableOf(columns, options), { reach });
      await reading.run(() => reading.rows.length >= 4000);
      await broker.stop(true);
      const rest = reading.run();
      await broker.restart();
      await rest;
      await reading.source.close();
      expect(reading.rows).toEqual(range(0, rows).map(row));
    } finally {
      await broker.close();
    }
  });

  test('two hundred partitions', async () => {
    const partitions = 200;
    const topic = await createTopic(partitions);
    const sink = await openSink(
      tableOf(
        { id: types.BIGINT },
        jsonOptions(topic, { 'sink.partitioner': 'round-robin', 'properties.linger.ms': '200' }),
      ),
    );
    await sink.write(range(0, 20_000).map((id) => [BigInt(id)]));
    await sink.flush();
    await sink.close();
    const { rows } = await readAll(tableOf({ id: types.BIGINT }, jsonOptions(topic)), {
      metadata: ['partition'],
    });
    const byPartition = Map.groupBy(rows, (r) => r[1] as number);
    expect(byPartition.size).toBe(partitions);
    for (const list of byPartition.values()) {
      const ids = list.map((r) => Number(r[0]));
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    }
    expect(rows.map((r) => Number(r[0])).sort((a, b) => a - b)).toEqual(range(0, 20_000));
  });

  test('partitions take turns, however little one answer holds', async () => {
    const topic = await createTopic(4);
    const table = (more: Record<string, string>) => tableOf(columns, jsonOptions(topic, more));
    const sink = await openSink(
      table({ 'sink.partitioner': 'round-robin', 'properties.batch.size': '10000' }),
    );
    await sink.write(range(0, 40_000).map(row));
    await sink.flush();
    await sink.close();
    const few = { 'properties.fetch.max.bytes': '50000', 'properties.max.partition.fetch.bytes': '50000' };
    const { rows, splits } = await readAll(table(few));
    expect(rows).toHaveLength(40_000);
    const half = splits.slice(0, rows.length / 2);
    const counts = [0, 1, 2, 3].map((split) => half.filter((s) => s === split).length);
    expect(Math.min(...counts)).toBeGreaterThan(3000);
  });

  for (const [name, more] of [
    ['larger than a slot', {}],
    [
      'in a slot',
      { 'properties.fetch.max.bytes': '25000000', 'properties.max.partition.fetch.bytes': '25000000' },
    ],
  ] as const) {
    for (const codec of ['none', 'lz4'] as const) {
      test(`records of ten megabytes, ${name}, with compression ${codec}`, async () => {
        const topic = await createTopic();
        const large = (id: number): string => `${id}`.repeat(10_000_000);
        for (const id of [1, 2, 3])
          await produce(topic, [{ value: `{"id":${id},"text":"${large(id)}"}` }], codec);
        const { rows } = await readAll(tableOf(columns, jsonOptions(topic, more)));
        expect(rows.map(([id, text]) => [id, text === large(Number(id))])).toEqual([
          [1n, true],
          [2n, true],
          [3n, true],
        ]);
      });
    }
  }
});

describe.skipIf(noKafka)('what listens there', () => {
  const read = (more: Record<string, string>): Promise<unknown> =>
    readAll(tableOf(columns, jsonOptions('t', { 'properties.default.api.timeout.ms': '1', ...more }))).catch(
      (error: unknown) => error,
    );
  test('a listener that speaks TLS, to a client that does not', async () => {
    const tls = 'missing' in kafka ? '' : kafka.tlsServers;
    expect(await read({ 'properties.bootstrap.servers': tls })).toMatchObject({
      code: 'KAF2001',
      message: expect.stringMatching(/speaks TLS|connection was closed/),
    });
  });
  test('a listener that speaks no TLS, to a client that does', async () => {
    const options = {
      'properties.bootstrap.servers': bootstrapServers,
      'properties.security.protocol': 'SSL',
    };
    expect(await read(options)).toMatchObject({
      code: 'KAF2001',
      hint: expect.stringContaining('security.protocol'),
    });
  });
});

test.skipIf(noKafka)(
  'what nobody acknowledges is in the topic all the same, when the sink is closed at once',
  async () => {
    const topic = await createTopic();
    const options = jsonOptions(topic, {
      'properties.acks': '0',
      'properties.batch.size': '30000000',
      'properties.max.request.size': '31000000',
      'properties.linger.ms': '10000',
    });
    // More than the system takes at once.
    const large = 'x'.repeat(4000);
    const sink = await openSink(tableOf(columns, options));
    await sink.write(range(0, 5000).map((id) => [BigInt(id), large]));
    await sink.flush();
    await sink.close();
    const unbounded = tableOf(columns, jsonOptions(topic, { 'scan.bounded.mode': '' }));
    const reading = await openSource(unbounded, { columns: ['id'] });
    await reading.run(() => reading.rows.length >= 5000);
    await reading.source.close();
    expect(reading.rows.map((r) => Number(r[0]))).toEqual(range(0, 5000));
  },
);

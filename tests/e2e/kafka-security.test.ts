/* The kafka connector behind every lock that a broker can have: rows written and read back. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Broker } from '../../apps/library/src/broker.ts';
import { Millrace } from '../../apps/library/src/index.ts';
import { makeCertificates } from '../../packages/broker/test/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-security-'));
const user = { name: 'alice', password: 'it\'s "quoted"; really' };
let broker: Awaited<ReturnType<typeof Broker.start>>;

beforeAll(async () => {
  const { ca, server, client } = makeCertificates();
  writeFileSync(join(folder, 'ca.pem'), ca);
  writeFileSync(join(folder, 'client.pem'), `${client.key}${client.cert}`);
  broker = await Broker.start({
    users: { [user.name]: user.password },
    listeners: [
      { protocol: 'SASL_PLAINTEXT' },
      { protocol: 'SASL_SSL', tls: server },
      { name: 'MUTUAL', protocol: 'SSL', tls: { ...server, ca, clientAuth: 'required' } },
    ],
  });
  broker.topics.create('t');
}, 30_000);
afterAll(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

const escaped = user.password.replaceAll(/["\\]/g, '\\$&');
const login = (module: string): string =>
  `org.apache.kafka.common.security.${module} required username="${user.name}" password="${escaped}";`;
const bearer = ['{"alg":"none"}', `{"sub":"alice","exp":4102444800}`, '']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');
const trust = {
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': join(folder, 'ca.pem'),
};
const locks: readonly [string, string, Readonly<Record<string, string>>][] = [
  [
    'PLAIN',
    'SASL_PLAINTEXT',
    { 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': login('plain.PlainLoginModule') },
  ],
  [
    'SCRAM-SHA-256',
    'SASL_PLAINTEXT',
    { 'sasl.mechanism': 'SCRAM-SHA-256', 'sasl.jaas.config': login('scram.ScramLoginModule') },
  ],
  [
    'SCRAM-SHA-512 over TLS',
    'SASL_SSL',
    { ...trust, 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': login('scram.ScramLoginModule') },
  ],
  [
    'OAUTHBEARER',
    'SASL_PLAINTEXT',
    {
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.jaas.config': `org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required token="${bearer}";`,
    },
  ],
  [
    'a client certificate',
    'MUTUAL',
    { ...trust, 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': join(folder, 'client.pem') },
  ],
];

test.each(locks)('%s', async (name, listener, properties) => {
  const protocol = listener === 'MUTUAL' ? 'SSL' : listener;
  const all = { ...properties, 'bootstrap.servers': broker.address(listener), 'security.protocol': protocol };
  const options = Object.entries(all)
    .map(([key, value]) => `'properties.${key}' = '${value.replaceAll("'", "''")}'`)
    .join(', ');
  const m = new Millrace();
  const topic = `t-${name.replaceAll(/\W/g, '-')}`;
  broker.topics.create(topic);
  const job = await m.execute(`
    CREATE TABLE t (id INT, s STRING) WITH ('connector' = 'kafka', 'topic' = '${topic}', ${options},
      'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json');
    INSERT INTO t VALUES (1, 'a'), (2, 'b');`);
  await job!.done;
  const rows: unknown[] = [];
  for await (const { row } of m.query('SELECT * FROM t')) rows.push(row);
  expect(rows).toHaveLength(2);
  expect(broker.read(topic).map((r) => String(r.value))).toEqual(['{"id":1,"s":"a"}', '{"id":2,"s":"b"}']);
});

test('a wrong password is the user’s mistake, and is not told', async () => {
  const m = new Millrace();
  const jaas = login('scram.ScramLoginModule').replace(escaped, 'another secret');
  const starting = m
    .execute(`
    CREATE TABLE t (id INT) WITH ('connector' = 'kafka', 'topic' = 't', 'format' = 'json',
      'properties.bootstrap.servers' = '${broker.address('SASL_PLAINTEXT')}', 'properties.security.protocol' = 'SASL_PLAINTEXT',
      'properties.sasl.mechanism' = 'SCRAM-SHA-256', 'properties.sasl.jaas.config' = '${jaas}');
    INSERT INTO t VALUES (1);`)
    .then((job) => job!.done);
  const error = await starting.then(
    () => undefined,
    (e: unknown) => e as Error & { code: string },
  );
  expect(error).toBeDefined();
  expect(error!.message).not.toContain('another secret');
  expect(error!.message).toMatch(/authenticat/i);
});

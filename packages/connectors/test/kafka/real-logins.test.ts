/* Every login and a client certificate, against Kafka itself: what is written is read, and who is not known gets nowhere. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { types } from '#data';
import { makeCertificates } from '../../../broker/test/certificates.ts';
import { kafkaTool, quickJvm, RealKafka } from '../../../../tools/kafka.ts';
import { saslUser } from '../../../../tools/kafka/server.ts';
import { kafkaToolsMissing } from '../../../../tools/test-kafka.ts';
import { createTopic, jsonOptions, openSink, readAll, tableOf } from './support.ts';

const missing = await kafkaToolsMissing();
const columns = { id: types.BIGINT };
const folder = mkdtempSync(join(tmpdir(), 'millrace-logins-'));
const security = 'org.apache.kafka.common.security';
const scramUser = { name: 'bob', password: 'its-a-secret' } as const;
const listenerJaas = (listener: string, mechanism: string, jaas: string): string =>
  `listener.name.${listener}.${mechanism}.sasl.jaas.config=${security}.${jaas};`;
const bearer = (claims: object): string =>
  [JSON.stringify({ alg: 'none' }), JSON.stringify(claims), '']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

let kafka: RealKafka;

describe.skipIf(missing !== undefined)('Kafka itself', () => {
  beforeAll(async () => {
    const { ca, client } = makeCertificates();
    writeFileSync(join(folder, 'ca.pem'), ca);
    writeFileSync(join(folder, 'client.pem'), `${client.key}${client.cert}`);
    kafka = await RealKafka.start(
      [
        'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
        ...['sasl_plaintext', 'sasl_ssl'].flatMap((listener) => [
          listenerJaas(listener, 'scram-sha-256', 'scram.ScramLoginModule required'),
          listenerJaas(listener, 'scram-sha-512', 'scram.ScramLoginModule required'),
          listenerJaas(
            listener,
            'oauthbearer',
            'oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="admin"',
          ),
        ]),
        'listener.name.sasl_ssl.ssl.client.auth=required',
        'listener.name.sasl_ssl.ssl.truststore.type=PEM',
        `listener.name.sasl_ssl.ssl.truststore.location=${join(folder, 'ca.pem')}`,
      ],
      quickJvm,
    );
    // One change of a user at a time.
    for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'])
      await kafkaTool('kafka.admin.ConfigCommand', [
        ...['--bootstrap-server', kafka.bootstrapServers, '--alter', '--add-config'],
        `${mechanism}=[password=${scramUser.password}]`,
        ...['--entity-type', 'users', '--entity-name', scramUser.name],
      ]);
  }, 120_000);
  afterAll(async () => {
    await kafka.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const userJaas = (module: string, user: { name: string; password: string }): string =>
    `${security}.${module} required username="${user.name}" password="${user.password.replaceAll('"', '\\"')}";`;
  const logins = {
    PLAIN: userJaas('plain.PlainLoginModule', saslUser),
    'SCRAM-SHA-256': userJaas('scram.ScramLoginModule', scramUser),
    'SCRAM-SHA-512': userJaas('scram.ScramLoginModule', scramUser),
    OAUTHBEARER: `${security}.oauthbearer.OAuthBearerLoginModule required token="${bearer({ sub: 'carol', exp: 4102444800 })}";`,
  };
  const certificate = {
    'properties.ssl.keystore.type': 'PEM',
    'properties.ssl.keystore.location': join(folder, 'client.pem'),
  };
  const options = (mechanism: string, jaas: string, tls: boolean): Record<string, string> => ({
    'properties.sasl.mechanism': mechanism,
    'properties.sasl.jaas.config': jaas,
    'properties.bootstrap.servers': tls ? kafka.tlsServers : kafka.saslServers,
    'properties.security.protocol': tls ? 'SASL_SSL' : 'SASL_PLAINTEXT',
    'properties.default.api.timeout.ms': '3000',
    ...(tls
      ? {
          'properties.ssl.truststore.type': 'PEM',
          'properties.ssl.truststore.location': kafka.certificateFile,
          'properties.ssl.endpoint.identification.algorithm': '',
        }
      : {}),
  });

  for (const tls of [false, true])
    for (const [mechanism, jaas] of Object.entries(logins))
      test(`${mechanism}${tls ? ' over TLS, with a client certificate' : ''}: written and read, in transactions too`, async () => {
        const topic = await createTopic(1, kafka.bootstrapServers);
        const common = { ...options(mechanism, jaas, tls), ...(tls ? certificate : {}) };
        const sinkOptions = {
          ...common,
          'sink.delivery-guarantee': 'exactly-once',
          'sink.transactional-id-prefix': topic,
        };
        const { sink, write, close } = await openSink(tableOf(columns, jsonOptions(topic, sinkOptions)));
        await write([[1n], [2n]]);
        await sink.commit!((await sink.prepare!(false))!);
        await close();
        const committed = { ...common, 'properties.isolation.level': 'read_committed' };
        const { rows } = await readAll(tableOf(columns, jsonOptions(topic, committed)));
        expect(rows).toEqual([[1n], [2n]]);
      });

  test('no client certificate, no connection', async () => {
    const topic = await createTopic(1, kafka.bootstrapServers);
    const reading = readAll(tableOf(columns, jsonOptions(topic, options('PLAIN', logins.PLAIN, true))));
    await expect(reading).rejects.toMatchObject({ code: 'KAF2001' });
  });
  test.each([
    ['SCRAM-SHA-512', userJaas('scram.ScramLoginModule', { name: scramUser.name, password: 'a guess' })],
    [
      'OAUTHBEARER',
      `${security}.oauthbearer.OAuthBearerLoginModule required token="${bearer({ sub: 'carol', exp: 1 })}";`,
    ],
  ])("%s with what is not right is the user's mistake", async (mechanism, jaas) => {
    const reading = readAll(tableOf(columns, jsonOptions('t', options(mechanism, jaas, false))));
    await expect(reading).rejects.toMatchObject({ code: 'KAF1003', class: 'user' });
  });
});

/* Logins and TLS, against listeners that ask for them. */

import { describe, expect, test } from 'vitest';
import { types } from '#data';
import { saslUser } from '../../../../tools/kafka/server.ts';
import { createTopic, jsonOptions, kafka, noKafka, openSink, produce, readAll, tableOf } from './support.ts';

const columns = { id: types.BIGINT };
const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const jaas = (name: string, password: string): string =>
  `${login} username="${name}" password="${password.replaceAll('"', '\\"')}";`;

describe.skipIf(noKafka)('security', () => {
  const addresses = 'missing' in kafka ? undefined : kafka;
  const credentials = {
    'properties.sasl.mechanism': 'PLAIN',
    'properties.sasl.jaas.config': jaas(saslUser.name, saslUser.password),
  };
  const sasl = {
    ...credentials,
    'properties.bootstrap.servers': addresses?.saslServers ?? '',
    'properties.security.protocol': 'SASL_PLAINTEXT',
  };
  const tls = {
    ...credentials,
    'properties.bootstrap.servers': addresses?.tlsServers ?? '',
    'properties.security.protocol': 'SASL_SSL',
    'properties.ssl.truststore.type': 'PEM',
    'properties.ssl.truststore.location': addresses?.certificateFile ?? '',
    'properties.ssl.endpoint.identification.algorithm': '',
  };

  for (const [name, options] of Object.entries({ 'a login': sasl, 'a login over TLS': tls })) {
    test(`with ${name}, what is written is read`, async () => {
      const topic = await createTopic();
      const sink = await openSink(tableOf(columns, jsonOptions(topic, options)));
      await sink.write(Array.from({ length: 3000 }, (_, i) => [BigInt(i)]));
      await sink.flush();
      await sink.close();
      expect((await readAll(tableOf(columns, jsonOptions(topic, options)))).rows).toHaveLength(3000);
    });
  }
  test("a wrong password is the user's mistake, and does not show", async () => {
    const options = { ...sasl, 'properties.sasl.jaas.config': jaas(saslUser.name, 'hunter2') };
    const failed = await readAll(tableOf(columns, jsonOptions('t', options))).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code: 'KAF1003', class: 'user' });
    expect(String((failed as Error).message)).not.toContain('hunter2');
  });
  test('a certificate that is not trusted is refused', async () => {
    const topic = await createTopic();
    await produce(topic, [{ value: '{"id":1}' }]);
    const options = {
      ...tls,
      'properties.ssl.truststore.location': '',
      'properties.ssl.truststore.type': '',
      'properties.default.api.timeout.ms': '300',
    };
    await expect(readAll(tableOf(columns, jsonOptions(topic, options)))).rejects.toThrow(/self-signed/);
  });
  test('a key store of Java is refused with what to do', async () => {
    const options = { ...tls, 'properties.ssl.truststore.type': 'JKS' };
    await expect(readAll(tableOf(columns, jsonOptions('t', options)))).rejects.toThrow(
      /found 'JKS', expected PEM/,
    );
  });
});

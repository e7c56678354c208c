/* Who may come in, by clients that nobody here wrote: SASL, TLS and access control lists. */

import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
  type Admin,
  type KafkaConfig,
  type SASLOptions,
} from 'kafkajs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { Broker, type BrokerOptions } from '#broker';
import { makeCertificates, type Certificates } from './certificates.ts';
import { WireClient } from './wire-client.ts';

let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates();
}, 30_000);

let broker: Broker | undefined;
const admins: Admin[] = [];
afterEach(async () => {
  await Promise.all(admins.splice(0).map((a) => a.disconnect()));
  await broker?.stop();
});
async function start(options: Partial<BrokerOptions>): Promise<Broker> {
  broker = await Broker.start({ world: realWorld(), ...options });
  return broker;
}
async function admin(address: string, config: Partial<KafkaConfig>): Promise<Admin> {
  const kafka = new Kafka({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    connectionTimeout: 5000,
    ...config,
  });
  const made = kafka.admin();
  admins.push(made);
  await made.connect();
  return made;
}
const users = { alice: 'a, secret=1', bob: 'b' };
const token = (claims: object): string =>
  [{ alg: 'none' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('')
    .join('.');

describe('SASL', () => {
  const listeners = [{ protocol: 'SASL_PLAINTEXT' }] as const;
  const plain: SASLOptions = { mechanism: 'plain', username: 'alice', password: users.alice };
  test.each<[string, SASLOptions]>([
    ['PLAIN', plain],
    ['SCRAM-SHA-256', { ...plain, mechanism: 'scram-sha-256' }],
    ['SCRAM-SHA-512', { ...plain, mechanism: 'scram-sha-512' }],
    [
      'OAUTHBEARER',
      {
        mechanism: 'oauthbearer',
        oauthBearerProvider: async () => ({ value: token({ sub: 'alice', exp: Date.now() / 1000 + 60 }) }),
      },
    ],
  ])('%s lets a known user in', async (_, sasl) => {
    const b = await start({ listeners, users });
    b.topics.create('t');
    expect(await (await admin(b.bootstrapServers, { sasl })).listTopics()).toEqual(['t']);
  });
  test.each<[string, SASLOptions]>([
    ['a wrong password by PLAIN', { mechanism: 'plain', username: 'alice', password: 'b' }],
    ['a wrong password by SCRAM', { mechanism: 'scram-sha-256', username: 'alice', password: 'b' }],
    ['an unknown user by SCRAM', { mechanism: 'scram-sha-512', username: 'eve', password: 'b' }],
    [
      'a token that ran out',
      {
        mechanism: 'oauthbearer',
        oauthBearerProvider: async () => ({ value: token({ sub: 'alice', exp: 1 }) }),
      },
    ],
  ])('%s is refused', async (_, sasl) => {
    const b = await start({ listeners, users });
    // This client takes what is wrong with a token for a welcome, and learns better at its next request.
    const listed = admin(b.bootstrapServers, { sasl }).then((a) => a.listTopics());
    await expect(listed).rejects.toThrow();
  });
  test('without logging in nothing is answered, and the operator is told', async () => {
    const lines: string[] = [];
    const b = await start({ listeners, users, log: (line) => lines.push(line) });
    const made = await admin(b.bootstrapServers, {}).catch((error: unknown) => error);
    if (!(made instanceof Error)) await expect((made as Admin).listTopics()).rejects.toThrow();
    expect(lines.join('\n')).toContain('came before the client was authenticated');
    expect(lines.join('\n')).not.toContain(users.alice);
  });
});

describe('TLS', () => {
  const { protocol } = { protocol: 'SSL' } as const;
  test('a client that trusts the authority comes in', async () => {
    const b = await start({ listeners: [{ protocol, tls: certificates.server }] });
    b.topics.create('t');
    const ssl = { ca: [certificates.ca] };
    expect(await (await admin(b.bootstrapServers, { ssl })).listTopics()).toEqual(['t']);
    await expect(admin(b.bootstrapServers, { ssl: true })).rejects.toThrow(/certificate/);
  });
  test('with client certificates the name in one is who asks', async () => {
    const tls = { ...certificates.server, ca: certificates.ca, clientAuth: 'required' } as const;
    const b = await start({
      listeners: [{ protocol, tls }],
      config: { 'authorizer.class.name': 'StandardAuthorizer', 'super.users': 'User:CN=alice,O=shop' },
    });
    b.topics.create('t');
    const ssl = { ca: [certificates.ca], ...certificates.client };
    expect(await (await admin(b.bootstrapServers, { ssl })).listTopics()).toEqual(['t']);
    await expect(admin(b.bootstrapServers, { ssl: { ca: [certificates.ca] } })).rejects.toThrow();
  });
  test('SASL over TLS, beside a plain listener', async () => {
    const b = await start({
      listeners: [{ protocol: 'PLAINTEXT' }, { protocol: 'SASL_SSL', tls: certificates.server }],
      users,
    });
    b.topics.create('t');
    const sasl = { mechanism: 'scram-sha-512', username: 'bob', password: 'b' } as const;
    const ssl = { ca: [certificates.ca] };
    expect(await (await admin(b.address('SASL_SSL'), { sasl, ssl })).listTopics()).toEqual(['t']);
    expect(await (await admin(b.address('PLAINTEXT'), {})).listTopics()).toEqual(['t']);
  });
  test('a listener without a certificate is refused', async () => {
    await expect(start({ listeners: [{ protocol }] })).rejects.toThrow(/has no certificate/);
  });
});

describe('access control lists', () => {
  const config = { 'authorizer.class.name': 'StandardAuthorizer', 'super.users': 'User:alice' };
  const listeners = [{ protocol: 'SASL_PLAINTEXT' }] as const;
  const as = (username: 'alice' | 'bob'): Partial<KafkaConfig> => ({
    sasl: { mechanism: 'plain', username, password: users[username] },
  });
  const acl = {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: 'shop.',
    resourcePatternType: ResourcePatternTypes.PREFIXED,
    principal: 'User:bob',
    host: '*',
    operation: AclOperationTypes.WRITE,
    permissionType: AclPermissionTypes.ALLOW,
  };
  const send = async (b: Broker, topic: string): Promise<unknown> => {
    const kafka = new Kafka({
      brokers: [b.bootstrapServers],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
      ...as('bob'),
    });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    try {
      return await producer.send({ topic, messages: [{ value: 'v' }] });
    } finally {
      await producer.disconnect();
    }
  };

  test('what nobody allowed is refused; a permission lets in, by prefix; a denial wins', async () => {
    const b = await start({ listeners, users, config });
    b.topics.create('shop.orders');
    b.topics.create('other');
    const boss = await admin(b.bootstrapServers, as('alice'));
    const bob = await admin(b.bootstrapServers, as('bob'));
    expect(await bob.listTopics()).toEqual([]);
    await expect(send(b, 'shop.orders')).rejects.toThrow(/not authorized/i);
    await boss.createAcls({ acl: [acl] });
    expect(await bob.listTopics()).toEqual(['shop.orders']);
    await send(b, 'shop.orders');
    await expect(send(b, 'other')).rejects.toThrow(/not authorized/i);
    await expect(bob.createTopics({ topics: [{ topic: 'shop.new' }] })).rejects.toThrow();
    await expect(bob.createAcls({ acl: [acl] })).rejects.toThrow();
    await boss.createAcls({
      acl: [
        {
          ...acl,
          resourceName: 'shop.orders',
          resourcePatternType: ResourcePatternTypes.LITERAL,
          permissionType: AclPermissionTypes.DENY,
        },
      ],
    });
    await expect(send(b, 'shop.orders')).rejects.toThrow(/not authorized/i);
    const { resources } = await boss.describeAcls({
      ...acl,
      resourceName: 'shop.orders',
      resourcePatternType: ResourcePatternTypes.MATCH,
      permissionType: AclPermissionTypes.ANY,
    });
    expect(resources.map((r) => r.resourceName).sort()).toEqual(['shop.', 'shop.orders']);
    expect(b.read('shop.orders')).toHaveLength(1);
  });
  test('a pattern finds the topics that its member may describe, and no others', async () => {
    const b = await start({ listeners, users, config });
    for (const topic of ['shop.orders', 'other']) b.topics.create(topic);
    const boss = await admin(b.bootstrapServers, as('alice'));
    const read = { ...acl, operation: AclOperationTypes.READ };
    const group = { ...read, resourceType: AclResourceTypes.GROUP, resourceName: 'g' };
    await boss.createAcls({ acl: [read, group] });
    const bob = await WireClient.connect(b.bootstrapServers);
    try {
      await bob.send('SaslHandshake', { mechanism: 'PLAIN' });
      await bob.send('SaslAuthenticate', { authBytes: Buffer.from('\u0000bob\u0000b') });
      const { topics } = await bob.send('Metadata', { topics: null });
      const heartbeat = { groupId: 'g', memberId: 'AAAAAAAAAAAAAAAAAAAAAQ', rebalanceTimeoutMs: 5000 };
      const more = { subscribedTopicRegex: '.*', topicPartitions: [] };
      const { assignment } = await bob.send('ConsumerGroupHeartbeat', { ...heartbeat, ...more });
      expect(topics.map((t) => t.name)).toEqual(['shop.orders']);
      expect(assignment?.topicPartitions.map((t) => t.topicId)).toEqual(topics.map((t) => t.topicId));
    } finally {
      bob.close();
    }
  });
  test('without an authorizer they are disabled', async () => {
    const b = await start({ listeners, users });
    await expect((await admin(b.bootstrapServers, as('bob'))).createAcls({ acl: [acl] })).rejects.toThrow(
      /security features are disabled/i,
    );
  });
});

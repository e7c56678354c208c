/* The same talk with a real Kafka and with ours under settings that are not the defaults: logins that end, topics that may
 * not be deleted, more replicas asked for than there are. */

import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { kafkaMissing, quickJvm, RealKafka } from '../../../tools/kafka.ts';
import { Broker } from '../src/broker.ts';
import { made, produce, sameTalk, type Ask } from './talk.ts';
import { batchOf, WireClient } from './wire-client.ts';
import { requestFrame } from './wire-codec.ts';

const missing = await kafkaMissing();
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);

const config = {
  'delete.topic.enable': 'false',
  'min.insync.replicas': '2',
  'listener.name.sasl_plaintext.plain.connections.max.reauth.ms': '1500',
  'connection.failed.authentication.delay.ms': '0',
};
const module = (name: string): string => `org.apache.kafka.common.security.${name}`;
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'OAUTHBEARER'] as const;
const logins = {
  'sasl.enabled.mechanisms': mechanisms.join(','),
  'plain.sasl.jaas.config': `${module('plain.PlainLoginModule')} required user_ann="a" user_bob="b";`,
  'scram-sha-256.sasl.jaas.config': `${module('scram.ScramLoginModule')} required;`,
  'oauthbearer.sasl.jaas.config': `${module('oauthbearer.OAuthBearerLoginModule')} required unsecuredLoginStringClaim_sub="x";`,
  'oauthbearer.sasl.server.callback.handler.class': module(
    'oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler',
  ),
};

let kafka: RealKafka | undefined;
let ours: Broker | undefined;
beforeAll(async () => {
  if (missing !== undefined) return;
  const own = Object.entries(logins).map(([key, value]) => `listener.name.sasl_plaintext.${key}=${value}`);
  kafka = await RealKafka.start(
    [...Object.entries(config).map(([key, value]) => `${key}=${value}`), ...own],
    quickJvm,
  );
  ours = await Broker.start({
    world: realWorld(),
    listeners: [{ protocol: 'PLAINTEXT' }, { protocol: 'SASL_PLAINTEXT', mechanisms }],
    users: { ann: 'a', bob: 'b' },
    config,
  });
}, 60_000);
afterAll(async () => {
  await ours?.stop();
  await kafka?.close();
});

/** A connection to each, for one talk. */
async function talk(
  where: 'PLAINTEXT' | 'SASL_PLAINTEXT',
  script: (ask: Ask, client: WireClient, topic: string) => Promise<void>,
): Promise<void> {
  const theirs = where === 'PLAINTEXT' ? kafka!.bootstrapServers : kafka!.saslServers;
  const addresses = [theirs, ours!.address(where)];
  const clients = await Promise.all(addresses.map((address) => WireClient.connect(address)));
  try {
    await sameTalk(clients, 'topic', script);
  } finally {
    for (const client of clients) client.close();
  }
}

const plain = (user: string, password: string, as = ''): Buffer =>
  Buffer.from(`${as}\u0000${user}\u0000${password}`);
const bearer = (claims: object, as = ''): Buffer => {
  const parts = [{ alg: 'none' }, claims].map((p) => Buffer.from(JSON.stringify(p)).toString('base64url'));
  return Buffer.from(`n,${as},\u0001auth=Bearer ${parts.join('.')}.\u0001\u0001`);
};
const handshake = (ask: Ask, mechanism = 'PLAIN') => ask('SaslHandshake', { mechanism });
const show = (ask: Ask, authBytes: Buffer, version = 2) => ask('SaslAuthenticate', { authBytes }, version);
const use = (ask: Ask) => ask('Metadata', { topics: [] });
const versions = (ask: Ask, clientSoftwareName = 'a') =>
  ask('ApiVersions', { clientSoftwareName, clientSoftwareVersion: '1' }, 2);
async function login(ask: Ask, user = 'ann', password = 'a', version = 2): Promise<void> {
  await handshake(ask);
  await show(ask, plain(user, password), version);
}
const pass = (ms: number): Promise<void> =>
  new Promise((done) => {
    realWorld().after(ms, done);
  });

/** The answers to bare messages of a login, and whether a request is served then. */
async function bareLogin(address: string, mechanism: string, messages: readonly Buffer[]): Promise<string[]> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host!);
  const frames = framesOf(socket);
  const send = async (frame: Buffer): Promise<string> => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(frame.length);
    socket.write(Buffer.concat([length, frame]));
    const { value } = await frames.next();
    return value === undefined ? 'closed' : value.toString('latin1');
  };
  try {
    await send(requestFrame('SaslHandshake', 0, { mechanism }, 1));
    const heard: string[] = [];
    for (const message of messages) heard.push(await send(message));
    const served = await send(requestFrame('Metadata', 12, { topics: [] }, 2));
    return [...heard, served === 'closed' ? served : 'served'];
  } finally {
    socket.destroy();
  }
}
async function* framesOf(socket: Socket): AsyncGenerator<Buffer, undefined> {
  let data = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    data = Buffer.concat([data, chunk]);
    for (
      ;
      data.length >= 4 && data.length >= 4 + data.readInt32BE(0);
      data = data.subarray(4 + data.readInt32BE(0))
    )
      yield data.subarray(4, 4 + data.readInt32BE(0));
  }
  return undefined;
}

describe.skipIf(missing !== undefined)(`as set${missing === undefined ? '' : ` (${missing})`}`, () => {
  test('a topic has fewer replicas than min.insync.replicas asks for: all that it has are enough', () =>
    talk('PLAINTEXT', async (ask, client, topic) => {
      await made(client, topic, { 'min.insync.replicas': '3' });
      for (const acks of [-1, 1]) await ask('Produce', produce(topic, 0, batchOf(['a']), acks));
      await ask('DescribeConfigs', {
        resources: [{ resourceType: 4, resourceName: '1', configurationKeys: ['delete.topic.enable'] }],
        includeSynonyms: true,
      });
    }));
  test('delete.topic.enable=false', () =>
    talk('PLAINTEXT', async (ask, client) => {
      await made(client, 'kept');
      for (const version of [1, 2, 3, 5])
        await ask('DeleteTopics', { topicNames: ['kept', 'none'], timeoutMs: 3000 }, version);
      await ask('DeleteTopics', { topics: [{ name: 'kept' }, { name: 'none' }], timeoutMs: 3000 });
    }));

  test.each<[what: string, bytes: Buffer, mechanism?: (typeof mechanisms)[number]]>([
    ['a wrong password', plain('ann', 'b')],
    ['nobody', plain('eve', 'b')],
    ['no user', plain('', 'b')],
    ['no password', plain('ann', '')],
    ['another to be', plain('ann', 'a', 'bob')],
    ['too few parts', Buffer.from('ann')],
    ['too many parts', Buffer.from('\u0000ann\u0000a\u0000a\u0000a')],
    ['an unknown user by SCRAM', Buffer.from('n,,n=eve,r=nonce'), 'SCRAM-SHA-256'],
    ['no SCRAM at all', Buffer.from('hello'), 'SCRAM-SHA-256'],
    ['no token', Buffer.from('hello'), 'OAUTHBEARER'],
    ['a token of another', bearer({ sub: 'ann', exp: 9e9 }, 'a=bob'), 'OAUTHBEARER'],
  ])('refused, and the connection ends: %s', async (_, bytes, mechanism) =>
    talk('SASL_PLAINTEXT', async (ask) => {
      await handshake(ask, mechanism);
      await show(ask, bytes);
      await use(ask);
    }),
  );
  test('a token that ran out is told of first', () =>
    talk('SASL_PLAINTEXT', async (ask) => {
      await handshake(ask, 'OAUTHBEARER');
      await show(ask, bearer({ sub: 'ann', exp: 1 }));
      await show(ask, Buffer.from('\u0001'));
      await use(ask);
    }));
  test('a mechanism that is not offered', () =>
    talk('SASL_PLAINTEXT', async (ask) => {
      await handshake(ask, 'NONE');
      await use(ask);
    }));

  test.each<[what: string, script: (ask: Ask) => Promise<unknown>]>([
    ['a request before the login', use],
    ['an exchange that was not begun', (ask) => show(ask, plain('ann', 'a'))],
    ['a request in an exchange', (ask) => handshake(ask).then(() => use(ask))],
    ['a handshake in an exchange', (ask) => handshake(ask).then(() => handshake(ask))],
  ])('out of order: %s', (_, script) =>
    talk('SASL_PLAINTEXT', async (ask) => {
      await script(ask);
      await use(ask);
    }),
  );
  test('what is served is asked once before a login', () =>
    talk('SASL_PLAINTEXT', async (_, client) => {
      const ask = (): Promise<unknown> =>
        client.send('ApiVersions', { clientSoftwareName: 'a', clientSoftwareVersion: '1' }, 3);
      await ask();
      await expect(ask()).rejects.toThrow(/closed/);
    }));

  test.each<[what: string, mechanism: string, messages: Buffer[]]>([
    ['a password', 'PLAIN', [plain('ann', 'a')]],
    ['a wrong password', 'PLAIN', [plain('ann', 'b')]],
    ['SCRAM that fails', 'SCRAM-SHA-256', [Buffer.from('n,,n=eve,r=nonce')]],
    ['a token that ran out', 'OAUTHBEARER', [bearer({ sub: 'ann', exp: 1 }), Buffer.from('\u0001')]],
  ])('bare messages after the first version of the handshake: %s', async (_, mechanism, messages) => {
    const heard = [kafka!.saslServers, ours!.address('SASL_PLAINTEXT')].map((address) =>
      bareLogin(address, mechanism, messages),
    );
    const [theirs, own] = await Promise.all(heard);
    expect(own).toEqual(theirs);
  });
  test('logging in again, not more than once a second', () =>
    talk('SASL_PLAINTEXT', async (ask) => {
      await login(ask);
      await use(ask);
      await login(ask);
      await handshake(ask);
      await show(ask, plain('ann', 'a'));
      await use(ask);
      await pass(1100);
      await login(ask, 'ann', 'a', 0);
      await use(ask);
    }));
  test.each<[what: string, script: (ask: Ask) => Promise<unknown>]>([
    ['as somebody else', (ask) => login(ask, 'bob', 'b')],
    ['with a wrong password', (ask) => login(ask, 'ann', 'b')],
    ['by a mechanism that is not offered', (ask) => handshake(ask, 'NONE')],
    [
      'by another mechanism',
      (ask) => handshake(ask, 'SCRAM-SHA-256').then(() => show(ask, Buffer.from('n,,n=ann,r=nonce'))),
    ],
    ['and asking for something meanwhile', (ask) => handshake(ask).then(() => use(ask))],
    ['and what is served', (ask) => handshake(ask).then(() => versions(ask))],
  ])('logging in again %s ends the connection', (_, script) =>
    talk('SASL_PLAINTEXT', async (ask) => {
      await login(ask);
      await script(ask);
      await use(ask);
    }),
  );

  test.concurrent.each<[what: string, script: (ask: Ask) => Promise<unknown>]>([
    ['a request', use],
    ['what is served', (ask) => versions(ask)],
    ['an exchange that was not begun', (ask) => show(ask, plain('ann', 'a'))],
    ['a login', (ask) => login(ask).then(() => use(ask))],
  ])('after the session: %s', (_, script) =>
    talk('SASL_PLAINTEXT', async (ask) => {
      await login(ask);
      await use(ask);
      await pass(1700);
      await script(ask);
    }),
  );
  test('a token bounds the session', () =>
    talk('SASL_PLAINTEXT', async (ask, client) => {
      const exp = Math.floor(realWorld().now() / 1000) + 60;
      await handshake(ask, 'OAUTHBEARER');
      const { errorCode, sessionLifetimeMs } = await client.send('SaslAuthenticate', {
        authBytes: bearer({ sub: 'ann', exp }),
      });
      expect(errorCode).toBe(0);
      expect(sessionLifetimeMs).toBeGreaterThan(55_000);
      expect(sessionLifetimeMs).toBeLessThanOrEqual(60_000);
      await handshake(ask, 'OAUTHBEARER');
      await show(ask, bearer({ sub: 'bob', exp }));
      await use(ask);
    }));
});

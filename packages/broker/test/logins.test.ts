/* When a login ends, to the millisecond: the clock stands still until a test moves it. That the answers are Kafka's is shown
 * in settings.test.ts. */

import { afterEach, describe, expect, test } from 'vitest';
import { Broker } from '#broker';
import { errorCodes, type Messages } from '#kafka';
import { SimWorld } from '#testkit';
import { LinkClient } from './link-client.ts';

let world: SimWorld;
let broker: Broker | undefined;
const lines: string[] = [];
afterEach(async () => {
  await broker?.stop();
  lines.length = 0;
});
async function start(config: Readonly<Record<string, string>>): Promise<void> {
  world = new SimWorld(1);
  broker = await Broker.start({
    world,
    listen: false,
    listeners: [{ name: 'Front', protocol: 'SASL_PLAINTEXT' }],
    users: { ann: 'a' },
    config,
    log: (line) => lines.push(line),
  });
}
type Login = Messages['SaslAuthenticate']['response'];
class Client {
  readonly #link = new LinkClient(broker!.connect());

  async login(bytes: Uint8Array = Buffer.from('\u0000ann\u0000a'), mechanism = 'PLAIN'): Promise<Login> {
    await this.#link.send('SaslHandshake', { mechanism }, 1);
    return this.#link.send('SaslAuthenticate', { authBytes: bytes }, 2);
  }
  async lifetime(bytes?: Uint8Array, mechanism?: string): Promise<number> {
    const { errorCode, sessionLifetimeMs } = await this.login(bytes, mechanism);
    expect(errorCode).toBe(0);
    return sessionLifetimeMs;
  }
  async served(): Promise<boolean> {
    const answer = this.#link.send('Metadata', { topics: [] }, 12);
    return answer.then(
      () => true,
      () => false,
    );
  }
}
/** A token for so long from now on, in seconds. */
function bearer(seconds: number): Buffer {
  const claims = { sub: 'ann', exp: world.now() / 1000 + seconds };
  const parts = [{ alg: 'none' }, claims].map((p) => Buffer.from(JSON.stringify(p)).toString('base64url'));
  return Buffer.from(`n,,\u0001auth=Bearer ${parts.join('.')}.\u0001\u0001`);
}

describe('how long a login lasts', () => {
  test('as long as its connection, unless somebody said otherwise', async () => {
    await start({});
    const client = new Client();
    expect(await client.lifetime()).toBe(0);
    world.moveTo(world.now() + 1e9);
    expect(await client.served()).toBe(true);
  });
  test.each<[name: string, ms: number]>([
    ['connections.max.reauth.ms', 3000],
    ['listener.name.front.connections.max.reauth.ms', 3000],
    ['listener.name.front.plain.connections.max.reauth.ms', 3000],
    ['listener.name.front.oauthbearer.connections.max.reauth.ms', 0],
    ['listener.name.back.connections.max.reauth.ms', 0],
  ])('%s', async (name, ms) => {
    await start({ [name]: '3000' });
    expect(await new Client().lifetime()).toBe(ms);
  });
  test('the nearest setting counts', async () => {
    await start({
      'connections.max.reauth.ms': '1000',
      'listener.name.front.connections.max.reauth.ms': '2000',
      'listener.name.front.scram-sha-256.connections.max.reauth.ms': '3000',
    });
    expect(await new Client().lifetime()).toBe(2000);
  });
  test('no longer than the token', async () => {
    await start({ 'connections.max.reauth.ms': '60000' });
    expect(await new Client().lifetime(bearer(5), 'OAUTHBEARER')).toBe(5000);
    expect(await new Client().lifetime(bearer(500), 'OAUTHBEARER')).toBe(60_000);
  });
  test('to its last millisecond', async () => {
    await start({ 'connections.max.reauth.ms': '3000' });
    const client = new Client();
    await client.login();
    world.moveTo(world.now() + 3000);
    expect(await client.served()).toBe(true);
    world.moveTo(world.now() + 1);
    expect(await client.served()).toBe(false);
  });
  test('once more as long when the client logs in again, before or after its end', async () => {
    await start({ 'connections.max.reauth.ms': '3000' });
    const client = new Client();
    for (const ms of [0, 2000, 10_000]) {
      world.moveTo(world.now() + ms);
      expect(await client.lifetime()).toBe(3000);
      expect(await client.served()).toBe(true);
    }
  });
  test('a session that ended within a second of the last login cannot be renewed', async () => {
    await start({ 'connections.max.reauth.ms': '500' });
    const client = new Client();
    await client.login();
    await client.login();
    world.moveTo(world.now() + 501);
    await expect(client.login()).rejects.toThrow();
  });
});

test('who could not log in is answered late, and no more', async () => {
  await start({});
  const client = new Client();
  let answered: Login | undefined;
  const login = client.login(Buffer.from('\u0000ann\u0000b')).then((answer) => {
    answered = answer;
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  await settle();
  world.moveTo(world.now() + 99);
  await settle();
  expect(answered).toBeUndefined();
  world.moveTo(world.now() + 1);
  await login;
  expect(answered).toMatchObject({ errorCode: errorCodes.SASL_AUTHENTICATION_FAILED });
  expect(await client.served()).toBe(false);
});

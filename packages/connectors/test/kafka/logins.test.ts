/* Logins by every mechanism, against an embedded broker's listeners, and what is said when they are refused. */

import { afterEach, describe, expect, test } from 'vitest';
import { Broker, type BrokerOptions } from '#broker';
import { types } from '#data';
import { realWorld } from '#host';
import { LoginRefused, type Conversation } from '../../src/kafka/client/sasl/mechanism.ts';
import { oauthBearer } from '../../src/kafka/client/sasl/oauth-bearer.ts';
import { scram } from '../../src/kafka/client/sasl/scram.ts';
import { jsonOptions, openSink, openSource, readAll, tableOf } from './support.ts';

const columns = { id: types.BIGINT };
const user = { name: 'o=neil, "junior"', password: 'a, secret=1\\' } as const;
const jaas = (fields: Record<string, string>): string =>
  `some.LoginModule required ${Object.entries(fields)
    .map(([k, v]) => `${k}="${v.replaceAll(/["\\]/g, '\\$&')}"`)
    .join(' ')};`;
const byPassword = (password: string): string => jaas({ username: user.name, password });
const token = (secondsLeft: number): string =>
  [{ alg: 'none' }, { sub: 'alice', exp: Date.now() / 1000 + secondsLeft }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('')
    .join('.');

let broker: Broker | undefined;
afterEach(() => broker?.stop());
async function start(options: Partial<BrokerOptions> = {}): Promise<Broker> {
  broker = await Broker.start({
    world: realWorld(),
    listeners: [{ protocol: 'SASL_PLAINTEXT' }],
    users: { [user.name]: user.password },
    ...options,
  });
  broker.topics.create('t');
  return broker;
}
const login = (b: Broker, mechanism: string, config: string): Record<string, string> => ({
  'properties.bootstrap.servers': b.bootstrapServers,
  'properties.security.protocol': 'SASL_PLAINTEXT',
  'properties.sasl.mechanism': mechanism,
  'properties.sasl.jaas.config': config,
  'properties.default.api.timeout.ms': '1',
});
const failure = (options: Record<string, string>): Promise<Error & { code?: string; hint?: string }> =>
  readAll(tableOf(columns, jsonOptions('t', options))).then(
    () => new Error('nobody was refused'),
    (error: Error) => error,
  );
/** All that an error says. */
function said(error: unknown): string {
  const { message, hint, cause } = error as { message: string; hint?: string; cause?: unknown };
  return [message, hint ?? '', cause === undefined ? '' : said(cause)].join('\n');
}

describe('logins', () => {
  test.each([
    ['PLAIN', () => byPassword(user.password)],
    ['SCRAM-SHA-256', () => byPassword(user.password)],
    ['SCRAM-SHA-512', () => byPassword(user.password)],
    ['OAUTHBEARER', () => jaas({ token: token(60) })],
  ])('%s lets in who may come in', async (mechanism, config) => {
    const table = tableOf(columns, jsonOptions('t', login(await start(), mechanism, config())));
    const sink = await openSink(table);
    await sink.write([[1n], [2n]]);
    await sink.flush();
    await sink.close();
    expect((await readAll(table)).rows).toEqual([[1n], [2n]]);
  });

  test.each([
    ['PLAIN', byPassword('hunter2')],
    ['SCRAM-SHA-256', byPassword('hunter2')],
    ['SCRAM-SHA-512', jaas({ username: 'nobody', password: 'hunter2' })],
    ['OAUTHBEARER', jaas({ token: token(-60) })],
  ])('%s keeps out who may not, and shows no secret', async (mechanism, config) => {
    const b = await start();
    const error = await failure(login(b, mechanism, config));
    expect(error).toMatchObject({
      code: 'KAF1003',
      class: 'user',
      message: expect.stringContaining(`Kafka at ${b.bootstrapServers} refused the login: `),
      hint: expect.stringContaining('sasl.jaas.config'),
    });
    expect(said(error)).not.toContain('hunter2');
    expect(said(error)).not.toMatch(/eyJ/);
  });
  test('a mechanism that the listener does not offer is named with those it does', async () => {
    const b = await start({ listeners: [{ protocol: 'SASL_PLAINTEXT', mechanisms: ['SCRAM-SHA-512'] }] });
    const error = await failure(login(b, 'PLAIN', byPassword(user.password)));
    expect(error.message).toMatch(/refused the login: it offers SCRAM-SHA-512, not PLAIN/);
  });

  test('reading goes on when logins last a moment only', async () => {
    const b = await start({ config: { 'connections.max.reauth.ms': '400' } });
    const options = {
      ...login(b, 'SCRAM-SHA-256', byPassword(user.password)),
      'properties.fetch.max.wait.ms': '100',
    };
    const table = tableOf(columns, jsonOptions('t', { ...options, 'scan.bounded.mode': '' }));
    const reading = await openSource(table);
    const troubles: unknown[] = [];
    for (let id = 0; id < 4; id++) {
      const sink = await openSink(table);
      await sink.write([[BigInt(id)]]);
      await sink.flush();
      await sink.close();
      await reading.run(() => reading.rows.length > id);
      for (let moment = 0; moment < 6; moment++) {
        await new Promise((done) => setTimeout(done, 50));
        if (reading.source.trouble !== undefined) troubles.push(reading.source.trouble);
      }
    }
    expect(reading.rows.map((r) => r[0])).toEqual([0n, 1n, 2n, 3n]);
    expect(troubles).toEqual([]);
    await reading.source.close();
  });
});

describe('conversations', () => {
  /** What the client says, when the broker answers so. */
  function talk(conversation: Conversation, answers: readonly string[]): string[] {
    const sayings: string[] = [];
    let step = conversation.next();
    for (const answer of answers) {
      if (step.done === true) break;
      sayings.push(step.value.toString());
      step = conversation.next(Buffer.from(answer));
    }
    if (step.done !== true) sayings.push(step.value.toString());
    return sayings;
  }
  const nonce = 'rOprNGfwEbeRWgbNEkqO';
  const challenge = `r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
  const verdict = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';
  const pencil = (): Conversation => scram('SCRAM-SHA-256', 'user', 'pencil', nonce);

  test('the example of RFC 7677', () => {
    expect(talk(pencil(), [challenge, verdict])).toEqual([
      `n,,n=user,r=${nonce}`,
      `c=biws,r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`,
    ]);
  });
  test.each([
    ['another nonce', [challenge.replace(nonce, 'x')]],
    ['no more nonce than ours', [`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`]],
    ['no salt', [`r=${nonce}x,i=4096`]],
    ['too few iterations', [challenge.replace('4096', '1')]],
    ['far too many', [challenge.replace('4096', '9999999999')]],
    ['no number of them', [challenge.replace('4096', '')]],
    ['a wrong proof', [challenge, verdict.replace('6', '7')]],
    ['no proof', [challenge, '']],
    ['an error', [challenge, 'e=other-error']],
  ])('a broker that answers with %s is no broker of ours', (_, answers) => {
    expect(() => talk(pencil(), answers)).toThrow(LoginRefused);
  });
  test('a token that is not taken', () => {
    expect(() => talk(oauthBearer('t'), ['{"status":"invalid_token"}', ''])).toThrow(LoginRefused);
    expect(talk(oauthBearer('t'), [''])).toEqual(['n,,\u0001auth=Bearer t\u0001\u0001']);
  });
});

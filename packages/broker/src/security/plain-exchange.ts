/* PLAIN, the server's side (RFC 4616): authorization id, user and password, a NUL between each. */

import type { Exchange, ExchangeStep } from './exchange.ts';
import type { Users } from './users.ts';

const failed = (reason: string): ExchangeStep => ({ kind: 'failed', reason });

export class PlainExchange implements Exchange {
  readonly #users: Users;

  constructor(users: Users) {
    this.#users = users;
  }
  step(message: Buffer): ExchangeStep {
    const tokens = message.toString('utf8').split('\u0000');
    const [authorize, user, password] = tokens;
    if (authorize === undefined || user === undefined || password === undefined || tokens.length > 3)
      return failed(`Invalid SASL/PLAIN response: expected 3 tokens, got ${Math.min(4, tokens.length)}`);
    if (user === '') return failed('Authentication failed: username not specified');
    if (password === '') return failed('Authentication failed: password not specified');
    if (!this.#users.checkPassword(user, password))
      return failed('Authentication failed: Invalid username or password');
    if (authorize !== '' && authorize !== user)
      return failed(
        'Authentication failed: Client requested an authorization id that is different from username',
      );
    return { kind: 'done', bytes: Buffer.alloc(0), user };
  }
}

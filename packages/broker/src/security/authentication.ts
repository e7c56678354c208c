/* Who is at the other end of a connection. On a SASL listener nobody, until the exchange that it opened is through.
 *
 *   start ── handshake(mechanism) ─▶ exchanging ── authenticate(bytes)… ─▶ known          a failure ends the connection
 */

import type { World } from '#base';
import { uuidText } from '#kafka';
import { ScramExchange, scramMechanisms, type ScramMechanism } from './scram.ts';
import { readToken } from './unsecured-token.ts';
import type { Users } from './users.ts';

export const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;
export type Mechanism = (typeof mechanisms)[number];

export type AuthenticationStep =
  | { readonly kind: 'more' | 'done'; readonly bytes: Buffer }
  | { readonly kind: 'failed'; readonly reason: string };

export class Authentication {
  readonly #users: Users;
  readonly #world: World;
  /** What this listener offers; none: no SASL. */
  readonly offered: readonly Mechanism[];
  #mechanism: Mechanism | undefined;
  #scram: ScramExchange | undefined;
  #principal: string | undefined;

  /** `certified`: the name in the client's certificate, where TLS asked for one. */
  constructor(users: Users, world: World, offered: readonly Mechanism[], certified: string | undefined) {
    this.#users = users;
    this.#world = world;
    this.offered = offered;
    if (offered.length === 0) this.#principal = `User:${certified ?? 'ANONYMOUS'}`;
  }
  /** `User:name`; undefined while nobody is known. */
  get principal(): string | undefined {
    return this.#principal;
  }
  /** True once a mechanism was agreed on and its exchange goes on. */
  get exchanging(): boolean {
    return this.#mechanism !== undefined && this.#principal === undefined;
  }
  /** False when the mechanism is not offered. */
  begin(mechanism: string): boolean {
    const known = this.offered.find((m) => m === mechanism);
    if (known === undefined) return false;
    this.#mechanism = known;
    this.#principal = undefined;
    if (known in scramMechanisms) {
      const nonce = uuidText(Uint8Array.from({ length: 16 }, () => this.#world.rng.below(256)));
      const scram = known as ScramMechanism;
      this.#scram = new ScramExchange(scram, (user) => this.#users.credential(user, scram), nonce);
    }
    return true;
  }
  step(message: Buffer): AuthenticationStep {
    switch (this.#mechanism) {
      case 'PLAIN':
        return this.#plain(message);
      case 'OAUTHBEARER':
        return this.#bearer(message);
      case undefined:
        return { kind: 'failed', reason: 'SaslAuthenticate request received before SaslHandshake' };
      default:
        return this.#scramStep(message);
    }
  }
  #known(user: string, bytes: Buffer): AuthenticationStep {
    this.#principal = `User:${user}`;
    return { kind: 'done', bytes };
  }
  #plain(message: Buffer): AuthenticationStep {
    const [authorize, user, password] = message.toString('utf8').split('\u0000');
    if (user === undefined || password === undefined || user === '')
      return { kind: 'failed', reason: 'Invalid SASL/PLAIN response' };
    if (!this.#users.checkPassword(user, password) || (authorize !== '' && authorize !== user))
      return { kind: 'failed', reason: 'Authentication failed: Invalid username or password' };
    return this.#known(user, Buffer.alloc(0));
  }
  #scramStep(message: Buffer): AuthenticationStep {
    const step = this.#scram!.step(message.toString('utf8'));
    switch (step.kind) {
      case 'challenge':
        return { kind: 'more', bytes: Buffer.from(step.message) };
      case 'done':
        return this.#known(step.user, Buffer.from(step.message));
      case 'failed':
        // Kafka tells nobody what was wrong.
        return {
          kind: 'failed',
          reason: `Authentication failed during authentication due to invalid credentials with SASL mechanism ${this.#mechanism}`,
        };
    }
  }
  #bearer(message: Buffer): AuthenticationStep {
    const answer = readToken(message.toString('utf8'), this.#world.now());
    return 'error' in answer
      ? { kind: 'failed', reason: `{"status":"${answer.error}"}` }
      : this.#known(answer.user, Buffer.alloc(0));
  }
}

/* OAUTHBEARER, the server's side, with unsecured JSON web tokens, for tests only (KIP-255, RFC 7628): the token says who its
 * bearer is, and nobody checks that.
 *
 *   n,,^Aauth=Bearer TOKEN^A^A  ─▶  nothing, or what is wrong as JSON, which the client takes note of by ^A */

import type { World } from '#base';
import type { Exchange, ExchangeStep } from './exchange.ts';

interface Token {
  readonly user: string;
  readonly expiresAt: number;
}

export class BearerExchange implements Exchange {
  readonly #world: World;
  #refusal: string | undefined;

  constructor(world: World) {
    this.#world = world;
  }
  step(message: Buffer): ExchangeStep {
    const text = message.toString('utf8');
    if (this.#refusal !== undefined && text === '\u0001') return { kind: 'failed', reason: this.#refusal };
    const given = /^n,(?:a=([^,]*))?,\u0001(?:.*\u0001)?auth=Bearer ([^\u0001]+)\u0001/s.exec(text);
    if (given === null) return { kind: 'failed' };
    const [, authorize = '', bearer] = given;
    const token = readToken(bearer!, this.#world.now());
    if (token === undefined) {
      this.#refusal = '{"status":"invalid_token"}';
      return { kind: 'more', bytes: Buffer.from(this.#refusal) };
    }
    const { user, expiresAt } = token;
    if (authorize !== '' && authorize !== user)
      return {
        kind: 'failed',
        reason: `Authentication failed: Client requested an authorization id (${authorize}) that is different from the token's principal name (${user})`,
      };
    return { kind: 'done', bytes: Buffer.alloc(0), user, expiresAt };
  }
}

/** Undefined for what is no unsecured token, says no user, or ran out. `now` in ms. */
function readToken(token: string, now: number): Token | undefined {
  const [head, claims, signature] = token.split('.');
  try {
    const { alg } = JSON.parse(Buffer.from(head!, 'base64url').toString()) as { alg?: string };
    const { sub, exp } = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString()) as {
      sub?: string;
      exp?: number;
    };
    const known = alg === 'none' && signature === '' && typeof sub === 'string' && sub !== '';
    if (!known || typeof exp !== 'number' || exp * 1000 <= now) return undefined;
    return { user: sub, expiresAt: exp * 1000 };
  } catch {
    return undefined;
  }
}

/* SCRAM-SHA-256 and SCRAM-SHA-512, the server's side (RFC 5802, RFC 7677).
 *
 *   client-first n,,n=user,r=nonce        ─▶  r=nonce+ours,s=salt,i=iterations
 *   client-final c=biws,r=both,p=proof    ─▶  v=signature, or e=error */

import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import type { Exchange, ExchangeStep } from './exchange.ts';

export const scramMechanisms = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-512': 'sha512' } as const;
export type ScramMechanism = keyof typeof scramMechanisms;

/** What is kept of a password. */
export interface ScramCredential {
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

const hmac = (hash: string, key: Uint8Array, text: string): Buffer =>
  createHmac(hash, key).update(text).digest();

/** From a password that was salted and hashed already, as AlterUserScramCredentials brings it. */
export function credentialOf(
  mechanism: ScramMechanism,
  saltedPassword: Uint8Array,
  salt: Uint8Array,
  iterations: number,
): ScramCredential {
  const hash = scramMechanisms[mechanism];
  const clientKey = hmac(hash, saltedPassword, 'Client Key');
  return {
    iterations,
    salt,
    storedKey: createHash(hash).update(clientKey).digest(),
    serverKey: hmac(hash, saltedPassword, 'Server Key'),
  };
}
export function hashedPassword(
  mechanism: ScramMechanism,
  password: string,
  salt: Uint8Array,
  iterations: number,
): Buffer {
  const hash = scramMechanisms[mechanism];
  const length = hash === 'sha256' ? 32 : 64;
  return pbkdf2Sync(password.normalize('NFKC'), salt, iterations, length, hash);
}

const failed: ExchangeStep = { kind: 'failed' };

/** One authentication. */
export class ScramExchange implements Exchange {
  readonly #mechanism: ScramMechanism;
  readonly #find: (user: string) => ScramCredential | undefined;
  readonly #serverNonce: string;
  #first: { readonly user: string; readonly nonce: string; readonly text: string } | undefined;
  #challenge = '';
  #credential: ScramCredential | undefined;

  constructor(
    mechanism: ScramMechanism,
    find: (user: string) => ScramCredential | undefined,
    serverNonce: string,
  ) {
    this.#mechanism = mechanism;
    this.#find = find;
    this.#serverNonce = serverNonce;
  }
  step(message: Buffer): ExchangeStep {
    const text = message.toString('utf8');
    return this.#first === undefined ? this.#begin(text) : this.#finish(text);
  }
  #begin(message: string): ExchangeStep {
    const match = /^[ny](?:=[^,]*)?,(?:a=[^,]*)?,((?:m=[^,]*,)?n=([^,]*),r=([^,]+).*)$/.exec(message);
    if (match === null) return failed;
    const user = match[2]!.replaceAll('=2C', ',').replaceAll('=3D', '=');
    const nonce = `${match[3]!}${this.#serverNonce}`;
    const credential = this.#find(user);
    if (credential === undefined) return failed;
    this.#first = { user, nonce, text: match[1]! };
    this.#credential = credential;
    this.#challenge = `r=${nonce},s=${Buffer.from(credential.salt).toString('base64')},i=${credential.iterations}`;
    return { kind: 'more', bytes: Buffer.from(this.#challenge) };
  }
  #finish(message: string): ExchangeStep {
    const first = this.#first!;
    const credential = this.#credential!;
    const match = /^(c=([^,]*),r=([^,]*).*),p=([^,]*)$/.exec(message);
    if (match === null || match[3] !== first.nonce) return failed;
    const hash = scramMechanisms[this.#mechanism];
    const authMessage = `${first.text},${this.#challenge},${match[1]!}`;
    const proof = Buffer.from(match[4]!, 'base64');
    const signature = hmac(hash, credential.storedKey, authMessage);
    if (proof.length !== signature.length) return failed;
    const clientKey = proof.map((byte, i) => byte ^ signature[i]!);
    const storedKey = createHash(hash).update(clientKey).digest();
    if (!timingSafeEqual(storedKey, credential.storedKey)) return failed;
    const verifier = hmac(hash, credential.serverKey, authMessage).toString('base64');
    return { kind: 'done', bytes: Buffer.from(`v=${verifier}`), user: first.user };
  }
}

/* SASL/SCRAM (RFC 5802, 7677): proves to each side that the other knows the password, without showing it.
 *
 *   client   n,,n=user,r=nonce
 *   broker   r=nonce and more,s=salt,i=iterations
 *   client   c=biws,r=nonce and more,p=proof
 *   broker   v=signature */

import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { LoginRefused, type Conversation } from './mechanism.ts';

const hashes = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-512': 'sha512' } as const;
/** Fewer are not safe; many more would only keep us busy. */
const iterations = { min: 4096, max: 1 << 17 } as const;
/** "No channel binding", and the same in base64. */
const [noBinding, noBindingBase64] = ['n,,', 'biws'] as const;

export function* scram(
  mechanism: keyof typeof hashes,
  username: string,
  password: string,
  nonce = randomBytes(24).toString('base64url'),
): Conversation {
  const hash = hashes[mechanism];
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  const first = `n=${username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  const challenge = (yield Buffer.from(noBinding + first)).toString();
  const { r: bothNonces = '', s: salt = '', i: rounds = '' } = attributesOf(challenge);
  if (!bothNonces.startsWith(nonce) || bothNonces === nonce || salt === '')
    throw new LoginRefused('its answer is no SCRAM challenge');
  const count = Number(rounds);
  if (!(count >= iterations.min && count <= iterations.max))
    throw new LoginRefused(
      `it asks for ${rounds} iterations; ${iterations.min} to ${iterations.max} are made`,
    );
  const bytes = createHash(hash).digest().length;
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), count, bytes, hash);
  const clientKey = hmac(salted, 'Client Key');
  const storedKey = createHash(hash).update(clientKey).digest();
  const last = `c=${noBindingBase64},r=${bothNonces}`;
  const whole = `${first},${challenge},${last}`;
  const signature = hmac(storedKey, whole);
  const proof = clientKey.map((byte, i) => byte ^ signature[i]!);
  const verdict = attributesOf(
    (yield Buffer.from(`${last},p=${Buffer.from(proof).toString('base64')}`)).toString(),
  );
  if (verdict['e'] !== undefined) throw new LoginRefused(verdict['e']);
  const expected = hmac(hmac(salted, 'Server Key'), whole);
  const shown = Buffer.from(verdict['v'] ?? '', 'base64');
  if (shown.length !== expected.length || !timingSafeEqual(shown, expected))
    throw new LoginRefused('it did not prove that it knows the password');
}

/** `a=b,c=d` by name. */
function attributesOf(message: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    message.split(',').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
}

/* OAUTHBEARER with unsecured JSON web tokens, for tests only (KIP-255, RFC 7628): the token says who its bearer is, and
 * nobody checks that. */

export type TokenAnswer = { readonly user: string; readonly expiresAt: number } | { readonly error: string };

/** Reads `n,,^Aauth=Bearer TOKEN^A^A`. `now` in ms. */
export function readToken(message: string, now: number): TokenAnswer {
  const token = /^n,(?:a=[^,]*)?,\u0001(?:.*\u0001)?auth=Bearer ([^\u0001]+)\u0001/s.exec(message)?.[1];
  if (token === undefined) return { error: 'invalid_request' };
  const [head, claims, signature] = token.split('.');
  try {
    const { alg } = JSON.parse(Buffer.from(head!, 'base64url').toString()) as { alg?: string };
    const { sub, exp } = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString()) as {
      sub?: string;
      exp?: number;
    };
    if (alg !== 'none' || signature !== '') return { error: 'invalid_token' };
    if (typeof sub !== 'string' || sub === '' || typeof exp !== 'number' || exp * 1000 <= now)
      return { error: 'invalid_token' };
    return { user: sub, expiresAt: exp * 1000 };
  } catch {
    return { error: 'invalid_token' };
  }
}

/* Who may ask: HTTP basic authentication, or a bearer token. */

import { createHash, timingSafeEqual } from 'node:crypto';

export interface Authentication {
  /** Passwords by user. */
  readonly users?: Readonly<Record<string, string>>;
  readonly tokens?: readonly string[];
}
/** Equal in the same time wherever they differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Whether the value of the header Authorization is right. */
export function isAuthenticated(
  { users = {}, tokens = [] }: Authentication,
  header: string | undefined,
): boolean {
  const [, scheme, value] = /^(\w+)\s+(\S+)\s*$/.exec(header ?? '') ?? [];
  if (scheme?.toLowerCase() === 'bearer') return tokens.some((token) => same(token, value!));
  if (scheme?.toLowerCase() !== 'basic') return false;
  const pair = Buffer.from(value!, 'base64').toString();
  const at = pair.indexOf(':');
  if (at < 0) return false;
  const [user, password] = [pair.slice(0, at), pair.slice(at + 1)];
  return Object.hasOwn(users, user) && same(users[user]!, password);
}

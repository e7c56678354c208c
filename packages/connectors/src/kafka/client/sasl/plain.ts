/* SASL/PLAIN (RFC 4616): name and password, as they are. */

import type { Conversation } from './mechanism.ts';

export function* plain(username: string, password: string): Conversation {
  yield Buffer.from(`\u0000${username}\u0000${password}`);
}

/* SASL/OAUTHBEARER (RFC 7628): a token. A broker that does not take it says why in JSON, and waits for a word before it
 * ends the exchange. */

import { LoginRefused, type Conversation } from './mechanism.ts';

const separator = '\u0001';

export function* oauthBearer(token: string): Conversation {
  const answer = yield Buffer.from(`n,,${separator}auth=Bearer ${token}${separator}${separator}`);
  if (answer.length === 0) return;
  // The refusal is the answer to this; a broker that is content with it has said two things at once.
  yield Buffer.from(separator);
  throw new LoginRefused(`the token was not taken`);
}

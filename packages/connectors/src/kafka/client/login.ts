/* Logs in over a link that has just been opened. */

import { ExternalError, UserError } from '#base';
import { errorCodes, errorName } from '#kafka';
import { saslAuthenticateRequest, saslHandshakeRequest } from '../requests/sasl.ts';
import { LoginRefused, type Conversation, type SaslLogin } from './sasl/mechanism.ts';
import { oauthBearer } from './sasl/oauth-bearer.ts';
import { plain } from './sasl/plain.ts';
import { scram } from './sasl/scram.ts';
import type { BrokerLink } from './transport.ts';

const hint = `Check 'properties.sasl.mechanism' and 'properties.sasl.jaas.config'.`;
/** A broker's own trouble with a login, which says nothing of the user. */
const passing: ReadonlySet<number> = new Set([
  errorCodes.UNKNOWN_SERVER_ERROR,
  errorCodes.REQUEST_TIMED_OUT,
  errorCodes.NETWORK_EXCEPTION,
]);

function conversation(login: SaslLogin): Conversation {
  switch (login.mechanism) {
    case 'PLAIN':
      return plain(login.username, login.password);
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return scram(login.mechanism, login.username, login.password);
    case 'OAUTHBEARER':
      return oauthBearer(login.token);
  }
}

/** Resolves with how long the login lasts, 0 for as long as the connection. `name`: the broker's, in messages. Rejects with
 *  UserError KAF1003 when the broker refuses it. */
export async function logIn(link: BrokerLink, login: SaslLogin, name: string): Promise<number> {
  const refused = (reason: string): UserError => {
    const secret = 'token' in login ? login.token : login.password;
    // A broker may say anything; what it was told in confidence is not repeated.
    const shown = secret !== '' && reason.includes(secret) ? 'for a reason that repeats the secret' : reason;
    return new UserError('KAF1003', { message: `Kafka at ${name} refused the login: ${shown}`, hint });
  };
  const { error, mechanisms } = await link.request(saslHandshakeRequest(login.mechanism));
  if (error !== 0)
    throw refused(`it offers ${mechanisms.join(', ') || 'no mechanism'}, not ${login.mechanism}`);
  const talk = conversation(login);
  try {
    let lifetimeMs = 0;
    for (let said = talk.next(); said.done !== true; ) {
      const answer = await link.request(saslAuthenticateRequest(said.value));
      if (passing.has(answer.error))
        throw new ExternalError('KAF2001', {
          message: `Kafka at ${name} cannot log anybody in now: ${errorName(answer.error)}`,
        });
      if (answer.error !== 0) throw refused(answer.message || errorName(answer.error));
      lifetimeMs = answer.lifetimeMs;
      said = talk.next(answer.bytes);
    }
    return lifetimeMs;
  } catch (error) {
    throw error instanceof LoginRefused ? refused(error.message) : error;
  }
}

/* SaslAuthenticate (36): one message of the exchange. */

import { errorCodes } from '#kafka';
import type { Handler } from './handler.ts';

export const saslAuthenticate: Handler<'SaslAuthenticate'> = ({ authBytes }, { authentication }) => {
  if (!authentication.exchanging)
    return {
      errorCode: errorCodes.ILLEGAL_SASL_STATE,
      errorMessage: 'SaslAuthenticate request received after successful authentication',
    };
  const step = authentication.step(Buffer.from(authBytes));
  return step.kind === 'failed'
    ? { errorCode: errorCodes.SASL_AUTHENTICATION_FAILED, errorMessage: step.reason }
    : { errorCode: 0, errorMessage: null, authBytes: step.bytes, sessionLifetimeMs: 0 };
};

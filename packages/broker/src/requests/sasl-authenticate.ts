/* SaslAuthenticate (36): one message of the exchange. */

import { errorCodes } from '#kafka';
import type { Handler } from './handler.ts';

export const saslAuthenticate: Handler<'SaslAuthenticate'> = ({ authBytes }, { authentication }) => {
  if (!authentication.pending)
    return {
      errorCode: errorCodes.ILLEGAL_SASL_STATE,
      errorMessage: 'SaslAuthenticate request received after successful authentication',
    };
  const step = authentication.step(Buffer.from(authBytes));
  switch (step?.kind) {
    case undefined:
      return undefined;
    case 'failed':
      return { errorCode: errorCodes.SASL_AUTHENTICATION_FAILED, errorMessage: step.reason };
    case 'more':
      return { errorCode: 0, errorMessage: '', authBytes: step.bytes, sessionLifetimeMs: 0 };
    case 'done':
      return { errorCode: 0, errorMessage: '', authBytes: step.bytes, sessionLifetimeMs: step.lifetimeMs };
  }
};

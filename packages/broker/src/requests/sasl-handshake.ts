/* SaslHandshake (17): which mechanism the client wants. */

import { errorCodes } from '#kafka';
import type { Handler } from './handler.ts';

export const saslHandshake: Handler<'SaslHandshake'> = ({ mechanism }, { authentication }) => {
  if (authentication.offered.length === 0)
    return { errorCode: errorCodes.ILLEGAL_SASL_STATE, mechanisms: [] };
  const taken = authentication.begin(mechanism);
  return {
    errorCode: taken ? 0 : errorCodes.UNSUPPORTED_SASL_MECHANISM,
    mechanisms: authentication.offered,
  };
};

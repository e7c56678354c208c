/* SaslHandshake (17): which mechanism the client wants. After version 0 the messages of the exchange come bare. */

import { errorCodes } from '#kafka';
import type { Handler } from './handler.ts';

export const saslHandshake: Handler<'SaslHandshake'> = ({ mechanism }, { authentication, version }) => {
  const mechanisms = authentication.offered;
  switch (authentication.begin(mechanism, version === 0)) {
    case 'begun':
      return { errorCode: 0, mechanisms };
    case 'unsupported':
      return { errorCode: errorCodes.UNSUPPORTED_SASL_MECHANISM, mechanisms };
    case 'refused':
      return { errorCode: errorCodes.ILLEGAL_SASL_STATE, mechanisms: [] };
    case 'ended':
      return undefined;
  }
};

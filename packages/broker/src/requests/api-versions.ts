/* ApiVersions (18): which requests are served in which versions. An unknown version gets a v0 answer with error 35. */

import { apis, errorCodes, type ApiName } from '#kafka';
import type { Handler } from './handler.ts';

/** KIP-511: from version 3 on a client names itself, by letters, digits, dots and dashes. */
const clientName = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

export const apiVersions =
  (served: () => Iterable<ApiName>): Handler<'ApiVersions'> =>
  (request, { version }) => {
    const keys = [...served()].map((name) => ({
      apiKey: apis[name].key,
      minVersion: apis[name].min,
      maxVersion: apis[name].max,
    }));
    const names = [request.clientSoftwareName, request.clientSoftwareVersion];
    const bad = version >= 3 && !names.every((name) => clientName.test(name));
    return {
      errorCode: bad ? errorCodes.INVALID_REQUEST : 0,
      apiKeys: bad ? [] : keys.sort((a, b) => a.apiKey - b.apiKey),
      finalizedFeaturesEpoch: bad ? -1 : 0,
    };
  };

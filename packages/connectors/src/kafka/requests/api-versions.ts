/* ApiVersions: up to which version a broker knows each request. */

import { apis, type ApiName } from '#kafka';
import { request, type KafkaRequest } from './request.ts';

/** The newest version of a request that the broker knows; undefined where it knows none. */
export type Versions = (name: ApiName) => number | undefined;

/** In version 0, which all know. */
export const apiVersionsRequest = (): KafkaRequest<{ readonly error: number; readonly versions: Versions }> =>
  request('ApiVersions', 0, {}, ({ errorCode, apiKeys }) => {
    const newest = new Map(apiKeys.map((api) => [api.apiKey, api.maxVersion]));
    return { error: errorCode, versions: (name) => newest.get(apis[name].key) };
  });

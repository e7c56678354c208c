/* ApiVersions (18): which requests are served in which versions, and which features hold for the whole cluster (KIP-584).
 * An unknown version gets a v0 answer with error 35. */

import { apis, errorCodes, type ApiName, type Messages, type Sparse } from '#kafka';
import type { Handler } from './handler.ts';

/** KIP-511: from version 3 on a client names itself, by letters, digits, dots and dashes. */
const clientName = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

/** The levels of Kafka's features that are served, by name; the highest of each is in force. By transaction.version a client
 *  chooses the protocol of its transactions.
 *
 *  What else Kafka lists is not here, because nothing of it is: metadata.version and kraft.version are the formats of a
 *  controllers' log, eligible.leader.replicas.version is of replicas, share.version of share groups. */
const features: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  'group.version': { min: 0, max: 1 },
  'transaction.version': { min: 0, max: 2 },
};
/** They have been in force from the first. */
const featuresEpoch = 0;

/** Told, but not served: librdkafka compresses nothing for a broker that does not know the first Produce of all, and sends
 *  the latest then (KAFKA-18659). Kafka 4 does the same. */
const toldMin: { readonly [N in ApiName]?: number } = { Produce: 0 };

export const apiVersions =
  (served: () => Iterable<ApiName>): Handler<'ApiVersions'> =>
  (request, { version }) => {
    const keys = [...served()].map((name) => ({
      apiKey: apis[name].key,
      minVersion: toldMin[name] ?? apis[name].min,
      maxVersion: apis[name].max,
    }));
    const names = [request.clientSoftwareName, request.clientSoftwareVersion];
    const bad = version >= 3 && !names.every((name) => clientName.test(name));
    return {
      errorCode: bad ? errorCodes.INVALID_REQUEST : 0,
      ...(bad
        ? { apiKeys: [] }
        : { apiKeys: keys.sort((a, b) => a.apiKey - b.apiKey), ...featuresAnswer(version) }),
    };
  };

function featuresAnswer(version: number): Sparse<Messages['ApiVersions']['response']> {
  const all = Object.entries(features);
  return {
    // Clients up to version 3 cannot read a feature whose lowest level is 0 (KAFKA-17011).
    supportedFeatures: all
      .filter(([, { min }]) => version >= 4 || min > 0)
      .map(([name, { min, max }]) => ({ name, minVersion: min, maxVersion: max })),
    finalizedFeaturesEpoch: featuresEpoch,
    finalizedFeatures: all.map(([name, { max }]) => ({ name, maxVersionLevel: max, minVersionLevel: max })),
  };
}

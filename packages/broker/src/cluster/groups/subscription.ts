/* What a consumer says of itself in a classic group: of Kafka's ConsumerProtocolSubscription the broker reads the topics.
 *
 *   version 2 │ topics: count 4, each length 2 and name │ … */

import { WireError, WireReader } from '#kafka';

/** Undefined: these bytes are no subscription. */
export function subscribedTopics(metadata: Uint8Array): readonly string[] | undefined {
  const bytes = Buffer.from(metadata.buffer, metadata.byteOffset, metadata.length);
  const reader = new WireReader(bytes, 0, false);
  try {
    return reader.int16() < 0 ? undefined : reader.array(() => reader.string());
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

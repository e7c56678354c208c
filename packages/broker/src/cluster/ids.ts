/* Ids that the broker gives out, from World's chance. */

import type { Rng } from '#base';
import { uuidText } from '#kafka';

export const randomBytes = (rng: Rng, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => rng.below(256));

/** 128 bits as Kafka prints them: of topics, clusters, members of KIP-848. */
export const randomId = (rng: Rng): string => uuidText(randomBytes(rng, 16));

/** A UUID of version 4, in lower-case hexadecimal with dashes: in the ids of classic members. */
export function randomUuid(rng: Rng): string {
  const hex = (digits: number, from = 0, below = 16): string =>
    Array.from({ length: digits }, () => (from + rng.below(below - from)).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${hex(1, 8, 12)}${hex(3)}-${hex(12)}`;
}

/* Ids that the broker gives to members: a UUID of version 4, from World's chance. */

import type { Rng } from '#base';

/** As text, in lower-case hexadecimal with dashes. */
export function randomUuid(rng: Rng): string {
  const hex = (digits: number, from = 0, below = 16): string =>
    Array.from({ length: digits }, () => (from + rng.below(below - from)).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${hex(1, 8, 12)}${hex(3)}-${hex(12)}`;
}

/* A request of a group that is refused, and why. */

import type { ErrorName } from '#kafka';

export interface Refusal {
  readonly error: ErrorName;
  readonly message: string;
}

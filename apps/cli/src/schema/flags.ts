/* What the command `schema` is told. */

import type { ClientFlags } from '../topic/address.ts';

export interface SchemaFlags extends ClientFlags {
  readonly url?: string;
  readonly user?: string;
  readonly token?: string;
  readonly ca?: string;
  readonly type?: string;
  readonly subject?: string;
  readonly against: readonly string[];
  readonly level?: string;
  readonly reference: readonly string[];
  readonly normalize?: boolean;
  readonly deleted?: boolean;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly rename: readonly string[];
  readonly write?: boolean;
  readonly register?: boolean;
  readonly json?: boolean;
}
/** A check that was asked for did not hold. */
export const checkFailed = 4;

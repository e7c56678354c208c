/* What the command `dlq` is told. */

import type { ClientFlags } from '../topic/address.ts';

export interface DlqFlags extends ClientFlags {
  readonly json?: boolean;
  readonly stage?: string;
  readonly code?: string;
  readonly limit?: string;
  readonly toSource?: boolean;
  readonly through?: string;
  readonly replayed?: boolean;
  readonly stateDir?: string;
}

/* The error for compressed bytes that cannot be what their codec says. */

import { ExternalError } from '#base';

export class CorruptBytes extends ExternalError {
  constructor(codec: string, reason: string) {
    super('BYT1001', { message: `corrupt ${codec} data: ${reason}`, retryable: false });
  }
}

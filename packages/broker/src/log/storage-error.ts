/* The disk did not take or give bytes: answered as KAFKA_STORAGE_ERROR; the broker lives on. */

import { ExternalError } from '#base';

export class KafkaStorageError extends ExternalError {
  constructor(what: string, cause: unknown) {
    super('BRK2005', {
      message: `${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Look whether the disk is full, and whether the folder may be written to.',
      cause,
    });
  }
}

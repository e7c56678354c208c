/* What a manifest keeps of a transaction that waits for its commit: who ends it, and one of its records. */

import { BugError } from '#base';
import type { Transaction } from '../../requests/transactions.ts';
import type { Witness } from '../producer.ts';

export interface PreparedTransaction extends Transaction {
  readonly topic: string;
  /** Undefined: the broker did not say where its records are. */
  readonly witness: Witness | undefined;
}

const version = 1;

export function writePrepared({
  id,
  producerId,
  producerEpoch,
  topic,
  witness,
}: PreparedTransaction): Uint8Array {
  return Buffer.from(JSON.stringify({ version, id, producerId, producerEpoch, topic, witness }));
}
export function readPrepared(bytes: Uint8Array): PreparedTransaction {
  const read = JSON.parse(Buffer.from(bytes).toString()) as PreparedTransaction & {
    readonly version: number;
  };
  if (read.version !== version)
    throw new BugError(`a prepared Kafka transaction of version ${read.version}, expected ${version}`);
  return read;
}

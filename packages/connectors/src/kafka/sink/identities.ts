/* Producer ids for writing outside transactions: a broker that gets a batch of one twice leaves the second out (KIP-98). */

import { ExternalError, type World } from '#base';
import { errorCodes } from '#kafka';
import { retrying } from '../client/backoff.ts';
import type { KafkaCluster } from '../client/cluster.ts';
import type { KafkaProperties } from '../properties.ts';
import { brokerError } from '../requests/broker-errors.ts';
import type { ProducerIdentity } from '../requests/transactions.ts';

export interface IdentityParts {
  readonly world: World;
  readonly signal: AbortSignal;
  readonly cluster: KafkaCluster;
  readonly properties: KafkaProperties;
}

/** The producer id of one writer, and another one when brokers do not know it any more. */
export class Identities {
  readonly #parts: IdentityParts;
  #current: ProducerIdentity;

  private constructor(parts: IdentityParts, first: ProducerIdentity) {
    this.#parts = parts;
    this.#current = first;
  }
  /** Once brokers answer; undefined where they have none to give and none is required. Throws KAF1003 without the right to one,
   *  and KAF2001 and KAF2002 when no broker gives one within `default.api.timeout.ms`. */
  static async obtain(parts: IdentityParts): Promise<Identities | undefined> {
    const { world, signal, properties } = parts;
    if (properties.idempotence === 'off') return undefined;
    const first = await retrying(world, signal, properties.startTimeoutMs, () => newIdentity(parts));
    return first === undefined ? undefined : new Identities(parts, first);
  }

  get current(): ProducerIdentity {
    return this.#current;
  }
  /** Tried once. Throws KAF2001 and KAF2002. */
  async renew(): Promise<void> {
    const identity = await newIdentity(this.#parts);
    if (identity === undefined)
      throw new ExternalError('KAF2002', { message: 'Kafka has no producer id any more', retryable: true });
    this.#current = identity;
  }
}

async function newIdentity({ cluster, properties }: IdentityParts): Promise<ProducerIdentity | undefined> {
  const { error, ...identity } = await cluster.newProducer();
  if (error === 0) return identity;
  if (properties.idempotence === 'preferred' && hasNone.has(error)) return undefined;
  throw brokerError(error, 'to give a producer id');
}
const hasNone: ReadonlySet<number> = new Set([
  errorCodes.CLUSTER_AUTHORIZATION_FAILED,
  errorCodes.UNSUPPORTED_VERSION,
  errorCodes.INVALID_REQUEST,
]);

/** The leader of a partition does not know what this producer wrote before: its records are older than it keeps, or lost. */
export const isForgotten = (code: number): boolean => forgotten.has(code);
const forgotten: ReadonlySet<number> = new Set([
  errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER,
  errorCodes.UNKNOWN_PRODUCER_ID,
  errorCodes.INVALID_PRODUCER_EPOCH,
  errorCodes.INVALID_PRODUCER_ID_MAPPING,
]);

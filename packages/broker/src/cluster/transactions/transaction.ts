/* What the coordinator knows of one transactional id, and the steps that it takes (KIP-98, KIP-360, KIP-890).
 *
 *   Empty ─▶ Ongoing ─▶ PrepareCommit ─▶ CompleteCommit ─▶ Ongoing …
 *                  └──▶ PrepareAbort  ─▶ CompleteAbort  ─▶ Ongoing …
 *
 * By protocol 1 a producer keeps its epoch from one transaction to the next; by protocol 2 the decision gives it the next
 * epoch, which the markers carry, so that nothing of one transaction can be taken for part of another. An abort by
 * protocol 2 needs no partition: Empty and the Complete states, too, go to PrepareAbort.
 * Each step is a new value, made from the one before; none changes. A transaction in a Prepare state is decided: its
 * markers are being written, and whoever finds it there after a start writes them. */

import type { Json } from '../journal.ts';

/** Kafka's names. `PrepareEpochFence` and `Dead` pass within one step here, so that nobody ever meets them. */
export const transactionStates = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;
export type TransactionState = (typeof transactionStates)[number];

/** A producer id in one of its lives. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}
export const noProducerId = -1;
export const noProducerEpoch = -1;

export interface TransactionPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface Transaction extends ProducerIdentity {
  readonly transactionalId: string;
  /** The producer id before the last step: a client whose answer was lost asks with it again. */
  readonly previousProducerId: number;
  /** The epoch before the last bump that the client itself asked for, or -1. */
  readonly lastProducerEpoch: number;
  /** Of a decided transaction whose producer id has no epoch left: the one that comes with its completion. Else -1. */
  readonly nextProducerId: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  readonly partitions: readonly TransactionPartition[];
  /** When the first partition came in, or -1. */
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** The largest epoch is kept for fencing: a client never gets it. */
const epochMax = 0x7fff;
const clientEpochMax = epochMax - 1;
export const isEpochExhausted = (epoch: number): boolean => epoch >= clientEpochMax;

export const newTransaction = (
  transactionalId: string,
  producerId: number,
  timeoutMs: number,
  now: number,
): Transaction => ({
  transactionalId,
  producerId,
  producerEpoch: noProducerEpoch,
  previousProducerId: noProducerId,
  lastProducerEpoch: noProducerEpoch,
  nextProducerId: noProducerId,
  timeoutMs,
  state: 'Empty',
  partitions: [],
  startedAt: -1,
  updatedAt: now,
});

type Step = Partial<Omit<Transaction, 'transactionalId' | 'previousProducerId' | 'updatedAt'>>;
export const stepped = (transaction: Transaction, step: Step, now: number): Transaction => ({
  ...transaction,
  previousProducerId: transaction.producerId,
  ...step,
  updatedAt: now,
});

export const hasPartition = (
  { partitions }: Transaction,
  { topic, partition }: TransactionPartition,
): boolean => partitions.some((p) => p.topic === topic && p.partition === partition);

/** The partitions join the transaction, which begins by that. */
export function withPartitions(
  transaction: Transaction,
  added: readonly TransactionPartition[],
  now: number,
): Transaction {
  const partitions = [...transaction.partitions];
  for (const { topic, partition } of added)
    if (!partitions.some((p) => p.topic === topic && p.partition === partition))
      partitions.push({ topic, partition });
  const startedAt = transaction.state === 'Ongoing' ? transaction.startedAt : now;
  return stepped(transaction, { state: 'Ongoing', partitions, startedAt }, now);
}

export const isDecided = ({ state }: Transaction): boolean =>
  state === 'PrepareCommit' || state === 'PrepareAbort';

export type Outcome = 'commit' | 'abort';
const preparing = { commit: 'PrepareCommit', abort: 'PrepareAbort' } as const;

/** The outcome is settled by protocol 1; from here on it can only be carried out. */
export const decided = (transaction: Transaction, outcome: Outcome, now: number): Transaction =>
  stepped(transaction, { state: preparing[outcome] }, now);

/** The same by protocol 2. `newProducerId` gives the id to go on with where this one has no epoch left for a client. */
export const decidedWithNextEpoch = (
  transaction: Transaction,
  outcome: Outcome,
  newProducerId: () => number,
  now: number,
): Transaction => ended(transaction, outcome, clientEpochMax, newProducerId, now);

/** An abort that the producer did not ask for: its epoch is over. The next one may be the one that is kept for this. Only
 *  a producer that is told of the abort when it asks for one gets it, and is sent on to another id by its next end. */
export const fenced = (transaction: Transaction, newProducerId: () => number, now: number): Transaction =>
  ended(transaction, 'abort', epochMax, newProducerId, now);

/** With the next epoch, if there is one; and another producer id for later, if the epoch has come to `last`. */
function ended(
  transaction: Transaction,
  outcome: Outcome,
  last: number,
  newProducerId: () => number,
  now: number,
): Transaction {
  const { producerEpoch, state, startedAt } = transaction;
  const step = {
    state: preparing[outcome],
    producerEpoch: Math.min(producerEpoch + 1, epochMax),
    lastProducerEpoch: producerEpoch,
    nextProducerId: producerEpoch >= last ? newProducerId() : noProducerId,
    startedAt: state === 'Ongoing' ? startedAt : now,
  };
  return stepped(transaction, step, now);
}

/** Every partition has its marker. */
export function completed(transaction: Transaction, now: number): Transaction {
  const { state, nextProducerId } = transaction;
  const next = nextProducerId === noProducerId ? {} : { producerId: nextProducerId, producerEpoch: 0 };
  const complete = state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort';
  return stepped(
    transaction,
    { ...next, state: complete, nextProducerId: noProducerId, partitions: [] },
    now,
  );
}

export const toJson = ({ transactionalId: _, partitions, ...rest }: Transaction): Json => ({
  ...rest,
  partitions: partitions.map(({ topic, partition }) => [topic, partition]),
});
export function fromJson(transactionalId: string, value: Json): Transaction {
  const stored = value as unknown as Omit<Transaction, 'partitions' | 'nextProducerId'> & {
    readonly partitions: readonly (readonly [string, number])[];
    /** Not in journals from before protocol 2. */
    readonly nextProducerId?: number;
  };
  const { nextProducerId = noProducerId } = stored;
  const partitions = stored.partitions.map(([topic, partition]) => ({ topic, partition }));
  return { ...stored, nextProducerId, transactionalId, partitions };
}

/* A random history of a partition: plain, idempotent and transactional producers, new epochs of producers and leaders, and,
 * where asked for, DeleteRecords, retention and compaction. What a step does follows from the generator and from the
 * partition alone, so that a history goes on over a restart. */

import { strict as assert } from 'node:assert';
import type { Rng } from '#base';
import { attributesOffset, crcOffset } from '#records';
import { crc32c } from '#wasm';
import { TopicSettings } from '../../src/cluster/topic-configs.ts';
import type { Partition } from '../../src/log/partition.ts';
import { batchOf } from '../wire-client.ts';
import { idempotent } from './idempotent.ts';

export type HistoryKind = 'growing' | 'deleting';

const configs = {
  growing: { 'segment.bytes': '3000', 'index.interval.bytes': '300' },
  deleting: {
    'segment.bytes': '3000',
    'index.interval.bytes': '300',
    'cleanup.policy': 'compact,delete',
    'min.cleanable.dirty.ratio': '0',
    'delete.retention.ms': '40',
    'retention.bytes': '40000',
  },
} as const satisfies Record<HistoryKind, Record<string, string>>;

export const historyConfigs = (kind: HistoryKind): Map<string, string> =>
  new Map(Object.entries(configs[kind]));
export const historySettings = (kind: HistoryKind): TopicSettings =>
  new TopicSettings(historyConfigs(kind), new Map());

const idempotentIds = [1, 2, 3];
const transactionalIds = [11, 12, 13, 14];
const transactionalBit = 0x10;

/** Time passes with offsets. */
const nowOf = (partition: Partition): number => 1_000_000 + partition.log.endOffset;

function randomBatch(rng: Rng, now: number): Buffer {
  const records = Array.from({ length: rng.between(1, 4) }, () => ({
    key: `k${rng.below(12)}`,
    value: rng.below(8) === 0 ? null : 'v'.repeat(rng.below(120)),
  }));
  return batchOf(records, rng.pick(['none', 'none', 'lz4']), now);
}
function transactional(batch: Buffer): Buffer {
  batch.writeInt16BE(batch.readInt16BE(attributesOffset) | transactionalBit, attributesOffset);
  batch.writeUInt32BE(crc32c(batch, attributesOffset), crcOffset);
  return batch;
}

function appendAs(partition: Partition, rng: Rng, id: number, inTransaction: boolean): void {
  const state = partition.producers.states.get(id);
  const last = state?.recent.at(-1);
  const renewed = state !== undefined && state.firstOffset < 0 && rng.below(12) === 0;
  const epoch = (state?.epoch ?? 0) + (renewed ? 1 : 0);
  const sequence = renewed || last === undefined ? 0 : last.lastSequence + 1;
  const batch = idempotent(randomBatch(rng, nowOf(partition)), id, epoch, sequence);
  const { endOffset } = partition.log;
  const result = partition.append(inTransaction ? transactional(batch) : batch, nowOf(partition));
  assert('baseOffset' in result && result.baseOffset === endOffset, JSON.stringify({ result, state }));
}
function endTransaction(partition: Partition, rng: Rng, id: number): void {
  const producerEpoch = partition.producers.states.get(id)!.epoch;
  const marker = {
    producerId: id,
    producerEpoch,
    commit: rng.below(2) === 0,
    coordinatorEpoch: rng.below(3),
  };
  partition.endTransaction(marker, nowOf(partition));
}

export async function historyStep(partition: Partition, rng: Rng, kind: HistoryKind): Promise<void> {
  const dice = rng.below(100);
  const { log } = partition;
  const id = rng.pick(transactionalIds);
  if (dice < 15) partition.append(randomBatch(rng, nowOf(partition)), nowOf(partition));
  else if (dice < 45) appendAs(partition, rng, rng.pick(idempotentIds), false);
  else if (dice < 70) appendAs(partition, rng, id, true);
  else if (dice < 90) {
    if (partition.producers.isOpen(id)) endTransaction(partition, rng, id);
  } else if (dice < 92) partition.leaderEpoch++;
  else if (dice < 94) await log.flush();
  else if (kind === 'deleting') {
    if (dice < 96) partition.startAt(rng.between(log.startOffset, partition.stableOffset));
    else if (dice < 97) partition.retain(nowOf(partition), -1);
    else await partition.compact(nowOf(partition), async () => {});
  }
}

/** What a start has to find again. */
export function stateOf({ producers, epochs, log, stableOffset, leaderEpoch }: Partition): object {
  return {
    startOffset: log.startOffset,
    endOffset: log.endOffset,
    stableOffset,
    leaderEpoch,
    epochs: epochs.entries,
    aborted: producers.abortedEndingIn(log.startOffset, Infinity),
    producers: [...producers.states].sort(([a], [b]) => a - b),
  };
}

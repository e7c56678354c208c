/* Compaction, run by run: what stays, what goes, and when. */

import { describe, expect, test } from 'vitest';
import { attributesOffset, crcOffset, readRecordBatch } from '#records';
import { crc32c } from '#wasm';
import { LatestOffsets } from '../../src/log/compaction.ts';
import { markerBatch } from '../../src/log/control-batch.ts';
import { MemoryLog } from '../../src/log/memory-log.ts';
import { Partition } from '../../src/log/partition.ts';
import type { PartitionLog } from '../../src/log/partition-log.ts';
import { allStable, append, batchAt, DiskRig, recordsOf, settings } from './log-rig.ts';

const compacted = { ...settings, segmentMs: -1, compact: true, delete: false, deleteRetentionMs: 100 };
const [a, b] = ['a', 'b'].map((key) => (value: string | null) => [{ key, value }] as const) as [
  (value: string | null) => readonly [{ key: string; value: string | null }],
  (value: string | null) => readonly [{ key: string; value: string | null }],
];

/** A log in which every batch is a segment of its own. */
const kinds: readonly (readonly [string, () => PartitionLog])[] = [
  ['memory', () => new MemoryLog(compacted)],
  ['disk', () => new DiskRig().open(compacted)],
];

describe.each(kinds)('in %s', (_, make) => {
  test('the last record of a key stays, and the active segment is left alone', async () => {
    const log = make();
    for (const records of [a('1'), b('1'), a('2'), a('3'), a('4')]) append(log, records);
    expect(await log.compact(0, allStable)).toBe(true);
    expect(recordsOf(log)).toEqual(['1 b=1', '3 a=3', '4 a=4']);
    expect(log.startOffset).toBe(0);
  });
  test('nothing new, nothing done', async () => {
    const log = make();
    for (const records of [a('1'), a('2'), b('1')]) append(log, records);
    expect(await log.compact(0, allStable)).toBe(true);
    expect(await log.compact(0, allStable)).toBe(false);
  });
  test('a tombstone goes delete.retention.ms after its first compaction', async () => {
    const log = make();
    for (const records of [a('1'), a(null), b('1')]) append(log, records);
    await log.compact(1000, allStable);
    expect(recordsOf(log)).toEqual(['1 a=null', '2 b=1']);
    append(log, b('2'));
    await log.compact(1099, allStable);
    expect(recordsOf(log)).toEqual(['1 a=null', '2 b=1', '3 b=2']);
    append(log, b('3'));
    await log.compact(1101, allStable);
    expect(recordsOf(log)).toEqual(['3 b=2', '4 b=3']);
  });
  test('undecided and young records are left alone', async () => {
    const log = make();
    for (const records of [a('1'), a('2'), a('3'), a('4')]) append(log, records);
    await log.compact(0, { ...allStable, stableOffset: 2 });
    expect(recordsOf(log)).toEqual(['1 a=2', '2 a=3', '3 a=4']);
    log.configure({ ...compacted, compactionLagMs: 50 });
    expect(await log.compact(1040, allStable)).toBe(false);
    expect(await log.compact(1060, allStable)).toBe(true);
    expect(recordsOf(log)).toEqual(['2 a=3', '3 a=4']);
  });
  test('min.cleanable.dirty.ratio holds it back, max.compaction.lag.ms does not let it wait for ever', async () => {
    const log = make();
    log.configure({ ...compacted, dirtyRatio: 0.9 });
    for (const records of [a('1'), b('1'), a('2'), b('2')]) append(log, records);
    expect(await log.compact(0, allStable)).toBe(true);
    append(log, b('3'));
    expect(await log.compact(0, allStable)).toBe(false);
    log.configure({ ...compacted, dirtyRatio: 0.9, compactionLagMsMax: 10 });
    expect(await log.compact(1011, allStable)).toBe(true);
    expect(recordsOf(log)).toEqual(['2 a=2', '3 b=2', '4 b=3']);
  });
  test('aborted records go, then the marker; of an idempotent producer the last batch stays', async () => {
    const partition = new Partition('t', 0, make(), rules);
    const write = (key: string, value: string, sequence: number): void => {
      const result = partition.append(ofProducer(key, value, sequence), 1000);
      expect(result).not.toHaveProperty('error');
    };
    const end = (commit: boolean): number =>
      partition.endTransaction({ producerId: 7, producerEpoch: 0, commit, coordinatorEpoch: 0 }, 1000);
    write('a', 'committed', 0);
    end(true);
    write('a', 'aborted', 1);
    end(false);
    write('b', 'committed', 2);
    end(true);
    const now = 5000;
    const aborted = { producerId: 7, firstOffset: 2, lastOffset: 3, stableOffset: 4 };
    expect(partition.producers.abortedIn(0, 6)).toEqual([aborted]);
    await partition.compact(now, async () => {});
    expect(partition.producers.abortedIn(0, 6)).toEqual([aborted]);
    expect(dataOf(partition)).toEqual(['0 a=committed', '4 b=committed']);
    expect(offsets(partition)).toEqual([0, 1, 3, 4, 5]);
    append(partition.log, a('later'));
    append(partition.log, a('last'));
    await partition.compact(now + 1, async () => {});
    // Its marker is now the first to be seen without records: it gets its time.
    expect(offsets(partition)).toEqual([1, 3, 4, 5, 6, 7]);
    // A reader who was told of it and saw no marker would take what the producer committed later for aborted.
    expect(partition.producers.abortedIn(0, 6)).toEqual([]);
    append(partition.log, a('very last'));
    await partition.compact(now + 102, async () => {});
    expect(offsets(partition)).toEqual([1, 4, 5, 7, 8]);
    const again = new Partition('t', 0, partition.log, rules);
    expect(again.append(ofProducer('b', 'committed', 2), 1000)).toEqual({ baseOffset: 4, logAppendTime: -1 });
    expect(again.append(ofProducer('b', 'x', 9), 1000)).toEqual({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
  });
});

test('more keys than fit are taken in the next time', () => {
  const latest = new LatestOffsets(0, [], 100);
  const [one, two, three] = [batchAt(0, a('1')), batchAt(1, b('1')), batchAt(2, a('2'))];
  expect(latest.add(one.bytes, one.head)).toBe(true);
  expect(latest.add(two.bytes, two.head)).toBe(true);
  expect(latest.add(three.bytes, three.head)).toBe(false);
  expect(latest.upTo).toBe(2);
  expect(latest.replaced(Buffer.from('a'), 0, 1, 0)).toBe(false);
});

const rules = {
  batchBytesMax: 1 << 20,
  appendTime: false,
  beforeMsMax: Infinity,
  afterMsMax: Infinity,
  keyed: false,
  deletable: true,
  segmentBytes: 1 << 20,
  codec: undefined,
};

function ofProducer(key: string, value: string, sequence: number): Buffer {
  const batch = Buffer.from(batchAt(0, [{ key, value }]).bytes);
  batch.writeInt16BE(0x10, attributesOffset);
  const producer = markerBatch({ producerId: 7, producerEpoch: 0, commit: true, coordinatorEpoch: 0 }, 0);
  producer.copy(batch, 43, 43, 53);
  batch.writeInt32BE(sequence, 53);
  batch.writeUInt32BE(crc32c(batch, attributesOffset), crcOffset);
  return batch;
}
const dataOf = ({ log }: Partition): string[] =>
  recordsOf(log).filter((text) => text.includes('=c') || text.includes('=a'));
const offsets = ({ log }: Partition): number[] =>
  log.read(0, log.endOffset, Infinity, true).flatMap((bytes) => {
    const found: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const head = readRecordBatch(bytes, at)!;
      found.push(head.baseOffset);
      at = head.end;
    }
    return found;
  });

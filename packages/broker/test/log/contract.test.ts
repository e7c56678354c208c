/* What every PartitionLog promises: random calls against a plain array, in memory and on disk. */

import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import type { RecordBatch } from '#records';
import { MemoryLog } from '../../src/log/memory-log.ts';
import type { LogSettings, PartitionLog } from '../../src/log/partition-log.ts';
import { largestRecord } from '../../src/log/record-times.ts';
import { allStable, batchAt, DiskRig, settings } from './log-rig.ts';
import type { TestRecord } from '../wire-client.ts';

interface Kind {
  readonly name: string;
  /** A new log, and how it is closed and opened again. */
  make(logSettings: LogSettings): {
    readonly log: PartitionLog;
    readonly reopen?: (logSettings: LogSettings, cleanly: boolean) => Promise<PartitionLog>;
  };
}

const kinds: readonly Kind[] = [
  { name: 'MemoryLog', make: (s) => ({ log: new MemoryLog(s) }) },
  {
    name: 'DiskLog',
    make: (s) => {
      const rig = new DiskRig();
      let log = rig.open(s);
      return {
        log,
        reopen: async (logSettings, cleanly) => {
          if (cleanly) await log.close();
          else rig.files.closeAll();
          log = rig.open(logSettings, cleanly);
          return log;
        },
      };
    },
  },
];

/** The obvious log: all batches in an array. */
class PlainLog {
  batches: { readonly bytes: Buffer; readonly head: RecordBatch }[] = [];
  startOffset = 0;
  endOffset = 0;

  read(offset: number, upTo: number, bytesMax: number, atLeastOne: boolean): Buffer {
    const found: Buffer[] = [];
    let left = bytesMax;
    for (const { bytes, head } of this.batches) {
      if (head.lastOffset < offset) continue;
      if (head.lastOffset >= upTo) break;
      if (bytes.length > left && !(atLeastOne && found.length === 0)) break;
      found.push(bytes);
      left -= bytes.length;
    }
    return Buffer.concat(found);
  }
  records(upTo: number): { offset: number; timestamp: number }[] {
    return this.batches
      .filter(({ head }) => head.lastOffset < upTo)
      .flatMap(({ bytes, head }) => {
        const texts: { offset: number; timestamp: number }[] = [];
        for (let offset = head.baseOffset; offset <= head.lastOffset; offset++)
          texts.push({ offset, timestamp: times.get(bytes)![offset - head.baseOffset]! });
        return texts;
      })
      .filter(({ offset }) => offset >= this.startOffset);
  }
}
const times = new WeakMap<Buffer, readonly number[]>();

function randomBatch(rng: Rng, offset: number): ReturnType<typeof batchAt> {
  const records: TestRecord[] = Array.from({ length: rng.between(1, 5) }, () => ({
    key: `k${rng.below(8)}`,
    value: 'v'.repeat(rng.below(200)),
    timestamp: 1000 + rng.below(500) + offset,
  }));
  const made = batchAt(offset, records, rng.pick(['none', 'none', 'lz4', 'gzip']));
  times.set(
    made.bytes,
    records.map((r) => r.timestamp!),
  );
  return made;
}

function compareReads(log: PartitionLog, plain: PlainLog, rng: Rng): void {
  expect([log.startOffset, log.endOffset]).toEqual([plain.startOffset, plain.endOffset]);
  const span = plain.endOffset - plain.startOffset;
  for (let i = 0; i < 4; i++) {
    const offset = plain.startOffset + rng.below(span + 1);
    const upTo = rng.below(2) === 0 ? plain.endOffset : offset + rng.below(20);
    const bytesMax = rng.pick([0, 100, 1000, 10_000]);
    const atLeastOne = rng.below(2) === 0;
    const read = Buffer.concat(log.read(offset, upTo, bytesMax, atLeastOne));
    expect(read.equals(plain.read(offset, upTo, bytesMax, atLeastOne))).toBe(true);
    expect(log.bytesBetween(offset, upTo)).toBe(plain.read(offset, upTo, Infinity, true).length);
  }
  const upTo = plain.startOffset + rng.below(span + 1);
  const timestamp = 1000 + rng.below(600 + plain.endOffset);
  const first = plain.records(upTo).find((r) => r.timestamp >= timestamp);
  expect(log.offsetForTime(timestamp, upTo)).toEqual(first);
  expect(log.largestTime(upTo)).toEqual(largestOf(plain, upTo));
}
function largestOf(plain: PlainLog, upTo: number): { offset: number; timestamp: number } | undefined {
  let best: PlainLog['batches'][number] | undefined;
  for (const batch of plain.batches)
    if (batch.head.lastOffset < upTo && batch.head.lastOffset >= plain.startOffset)
      if (best === undefined || batch.head.maxTimestamp > best.head.maxTimestamp) best = batch;
  return best && largestRecord(best.bytes, best.head);
}

describe.each(kinds)('$name', ({ make }) => {
  test.each([1, 2, 3, 4, 5, 6])('is like a plain array, seed %i', async (seed) => {
    const rng = new Rng(seed);
    const own = { ...settings, segmentBytes: 1500, indexIntervalBytes: rng.pick([0, 300]) };
    const made = make(own);
    let { log } = made;
    const plain = new PlainLog();
    for (let step = 0; step < 300; step++) {
      const dice = rng.below(100);
      if (dice < 70) {
        const batch = randomBatch(rng, log.endOffset);
        plain.batches.push({ bytes: batch.bytes, head: batch.head });
        plain.endOffset = batch.head.lastOffset + 1;
        log.append(Buffer.from(batch.bytes), batch.head, 0);
      } else if (dice < 74) {
        const offset = plain.startOffset + rng.below(plain.endOffset - plain.startOffset + 1);
        log.startAt(offset);
        plain.startOffset = offset;
        plain.batches = plain.batches.filter((b) => b.head.lastOffset >= offset);
      } else if (dice < 78 && made.reopen !== undefined) log = await made.reopen(own, rng.below(2) === 0);
      else if (dice < 80) await log.flush();
      else compareReads(log, plain, rng);
    }
    const all = [...log.batches()].map((b) => b.head.baseOffset);
    expect(all).toEqual(plain.batches.map((b) => b.head.baseOffset));
    await log.close();
  });
});

describe('memory and disk', () => {
  test.each([1, 2, 3, 4, 5, 6])('drop and compact the same, seed %i', async (seed) => {
    const rng = new Rng(seed);
    const own = {
      ...settings,
      segmentBytes: 1500,
      segmentMs: 400,
      retentionMs: rng.pick([Infinity, 700]),
      retentionBytes: rng.pick([Infinity, 8000]),
      compact: true,
      delete: rng.below(2) === 0,
      deleteRetentionMs: 300,
      dirtyRatio: rng.pick([0, 0.4]),
      compactionLagMs: rng.pick([0, 100]),
    };
    const memory: PartitionLog = new MemoryLog(own);
    const rig = new DiskRig();
    let disk: PartitionLog = rig.open(own);
    let next = 0;
    for (let step = 0; step < 400; step++) {
      const dice = rng.below(100);
      const now = 1500 + next;
      if (dice < 80) {
        const { bytes, head } = rng.below(4) === 0 ? tombstone(rng, next) : randomBatch(rng, next);
        memory.append(Buffer.from(bytes), head, now);
        disk.append(bytes, head, now);
        next = head.lastOffset + 1;
      } else if (dice < 85) expect(memory.retain(now)).toBe(disk.retain(now));
      else if (dice < 92) {
        const scope = { ...allStable, stableOffset: next - rng.below(10) };
        expect(await memory.compact(now, scope)).toBe(await disk.compact(now, scope));
      } else if (dice < 94) {
        await disk.close();
        disk = rig.open(own, true);
      }
      expect([disk.startOffset, disk.endOffset, disk.bytes]).toEqual([
        memory.startOffset,
        memory.endOffset,
        memory.bytes,
      ]);
    }
    const bytesOf = (log: PartitionLog): Buffer => Buffer.concat([...log.batches()].map((b) => b.bytes));
    expect(bytesOf(disk).equals(bytesOf(memory))).toBe(true);
    await disk.close();
  });
});

const tombstone = (rng: Rng, offset: number): ReturnType<typeof batchAt> =>
  batchAt(offset, [{ key: `k${rng.below(8)}`, value: null, timestamp: 1000 + offset }]);

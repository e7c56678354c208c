/* What a partition knows after a start is what it knew before: after a clean stop, after a crash, with state files that are
 * gone or spoiled, and with a tail that was torn off. */

import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { readRecordBatch } from '#records';
import { readMarker } from '../../src/log/control-batch.ts';
import { Partition } from '../../src/log/partition.ts';
import { Producers } from '../../src/log/producers.ts';
import { DiskRig, temporaryFolder } from './log-rig.ts';
import { historySettings, historyStep, stateOf, type HistoryKind } from './random-history.ts';

const first = Number(process.env['MILLRACE_SEED'] ?? 1);
const seeds = Array.from({ length: Number(process.env['MILLRACE_SEEDS'] ?? 3) }, (_, i) => first + i);
const stateFile = /(\.snapshot|\.txnindex|leader-epoch-checkpoint)$/;

function open(rig: DiskRig, kind: HistoryKind, cleanly = false): Partition {
  const { logSettings, appendRules } = historySettings(kind);
  return new Partition('clicks', 0, rig.open(logSettings, cleanly), appendRules);
}
/** The folder and the marks as a crash leaves them; the old log may go on with what it began. */
function crashed(rig: DiskRig): DiskRig {
  const next = new DiskRig(join(temporaryFolder(), 'clicks-0'));
  mkdirSync(next.folder);
  // What is going may go while it is copied.
  for (const path of filesOf(rig, /(?<!\.deleted)$/)) copyFileSync(path, join(next.folder, basename(path)));
  Object.assign(next.marks, rig.marks);
  return next;
}
const filesOf = (rig: DiskRig, pattern: RegExp): string[] =>
  readdirSync(rig.folder)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(rig.folder, name));
/** As a version without state files left it. */
function stripped(rig: DiskRig): DiskRig {
  const next = crashed(rig);
  for (const path of filesOf(next, stateFile)) rmSync(path);
  return next;
}

type Spoil = (path: string) => void;
const spoils: readonly Spoil[] = [
  (path) => rmSync(path),
  (path) => writeFileSync(path, ''),
  (path) => truncateSync(path, readFileSync(path).length >> 1),
  (path) => {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 0x10;
    writeFileSync(path, bytes);
  },
];
/** Snapshots, epochs, an index, or a snapshot from behind the end. An index without its last entries cannot be told from a
 *  whole one. */
function spoil(rig: DiskRig, rng: Rng): void {
  const whole = rng.below(4) === 0;
  const snapshots = filesOf(rig, /\.snapshot$/);
  for (const path of whole ? snapshots : snapshots.slice(-rng.between(1, 2))) rng.pick(spoils)(path);
  if (rng.below(4) === 0) for (const path of filesOf(rig, /checkpoint$/)) rng.pick(spoils.slice(0, 3))(path);
  const indexes = filesOf(rig, /\.txnindex$/);
  if (indexes.length > 0 && rng.below(4) === 0) appendFileSync(rng.pick(indexes), 'torn');
  if (rng.below(4) === 0) writeFileSync(join(rig.folder, `${'9'.padStart(20, '0')}9.snapshot`), 'what');
}

describe.each(seeds)('seed %i', (seed) => {
  test('every end is found again', async () => {
    for (const kind of ['growing', 'deleting'] as const) {
      const rng = new Rng(seed);
      let rig = new DiskRig();
      let partition = open(rig, kind);
      for (let step = 0; step < 900; step++) {
        await historyStep(partition, rng, kind);
        if (rng.below(40) > 0) continue;
        const cleanly = rng.below(3) === 0;
        if (cleanly) await partition.log.close();
        const before = stateOf(partition);
        if (!cleanly) rig = crashed(rig);
        partition = open(rig, kind, cleanly);
        expect(stateOf(partition)).toEqual(before);
      }
    }
  });
  test('whatever is gone or spoiled is read from the batches', async () => {
    const rng = new Rng(seed + 100);
    let rig = new DiskRig();
    let partition = open(rig, 'growing');
    for (let step = 0; step < 700; step++) {
      await historyStep(partition, rng, 'growing');
      if (rng.below(40) > 0) continue;
      const cleanly = rng.below(2) === 0;
      if (cleanly) await partition.log.close();
      // A leader that wrote nothing is known by the checkpoint alone.
      if (partition.epochs.entries.at(-1)?.startOffset === partition.log.endOffset) continue;
      const before = stateOf(partition);
      expect(stateOf(open(stripped(rig), 'growing', cleanly))).toEqual(before);
      rig = crashed(rig);
      spoil(rig, rng);
      partition = open(rig, 'growing', cleanly);
      expect(stateOf(partition)).toEqual(before);
    }
  });
  test('what compaction and deletion left is enough, whatever is spoiled', async () => {
    const rng = new Rng(seed + 200);
    let rig = new DiskRig();
    let partition = open(rig, 'deleting');
    for (let step = 0; step < 700; step++) {
      await historyStep(partition, rng, 'deleting');
      if (rng.below(40) > 0) continue;
      const { log, stableOffset, producers } = partition;
      rig = crashed(rig);
      spoil(rig, rng);
      partition = open(rig, 'deleting');
      expect([partition.log.endOffset, partition.stableOffset]).toEqual([log.endOffset, stableOffset]);
      for (const [id, { epoch, recent }] of partition.producers.states) {
        const known = producers.states.get(id)!;
        expect(epoch).toBe(known.epoch);
        if (recent.length > 0) expect(recent.at(-1)).toEqual(known.recent.at(-1));
      }
    }
  });
  test('behind a torn tail nothing counts', async () => {
    const rng = new Rng(seed + 300);
    for (let round = 0; round < 6; round++) {
      const rig = new DiskRig();
      const partition = open(rig, 'growing');
      for (let step = rng.between(20, 200); step > 0; step--) await historyStep(partition, rng, 'growing');
      await partition.log.close();
      const torn = crashed(rig);
      const [active] = filesOf(torn, /\.log$/).slice(-1);
      truncateSync(active!, rng.below(readFileSync(active!).length + 1));
      const found = open(torn, 'growing');
      expect([...found.producers.states]).toEqual([...replayed(partition, found.log.endOffset).states]);
      const kept = partition.epochs.entries.filter((e) => e.startOffset <= found.log.endOffset);
      expect(found.epochs.entries).toEqual(kept);
      expect(torn.lines.join()).toMatch(/the log ends at|^$/);
      // What was torn off does not come back when the log is as long again.
      while (found.log.endOffset <= partition.log.endOffset) await historyStep(found, rng, 'growing');
      await found.log.close();
      expect(stateOf(open(torn, 'growing', true))).toEqual(stateOf(found));
    }
  });
});

test('batches below a snapshot are not read', async () => {
  const rng = new Rng(7);
  const rig = new DiskRig();
  const partition = open(rig, 'growing');
  for (let step = 0; step < 400; step++) await historyStep(partition, rng, 'growing');
  await partition.log.close();
  for (const path of filesOf(rig, /\.log$/).slice(0, -1)) {
    // An opened segment is looked at from both ends.
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0, readRecordBatch(bytes, 0)!.end, bytes.length >> 1));
  }
  expect(stateOf(open(crashed(rig), 'growing'))).toEqual(stateOf(partition));
  const again = open(rig, 'growing', true);
  expect(stateOf(again)).toEqual(stateOf(partition));
  // What was closed at an offset is not closed there twice.
  again.startAt(again.log.endOffset);
  again.retain(0, -1);
  const left = stateOf(again);
  await again.log.close();
  expect(filesOf(rig, /\.snapshot$/)).toHaveLength(1);
  expect(stateOf(open(rig, 'growing', true))).toEqual(left);
});

/** The slow way: from the partition's own batches below an offset. */
function replayed({ log }: Partition, endOffset: number): Producers {
  const producers = new Producers();
  for (const { bytes } of log.batches()) {
    const head = readRecordBatch(bytes, 0)!;
    if (head.baseOffset >= endOffset) break;
    const marker = head.control ? readMarker(bytes, head) : undefined;
    if (marker === undefined) producers.appended(head);
    else producers.ended(head, marker.commit, marker.coordinatorEpoch);
  }
  return producers;
}

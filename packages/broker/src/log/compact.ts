/* Compaction: of records with one key the last one stays; a tombstone stays until `delete.retention.ms` passed.
 *
 *   k1 a, k2 b, k1 c, k3 d, k2 null   ─▶   k1 c, k3 d, k2 null   ─▶ later   k1 c, k3 d
 *
 * Offsets never change: a batch that loses records keeps its base and last offset. Control batches and records without a
 * key are left alone. Kafka: LogCleaner. */

import { Buffer } from 'node:buffer';
import { rewriteBatch, type RecordBatch } from '#records';
import type { LogSettings } from './partition-log.ts';
import { recordsOf } from './record-times.ts';

interface Entry {
  readonly bytes: Buffer;
  readonly head: RecordBatch;
}

/** The batches that are left. Those younger than `min.compaction.lag.ms` stay whole. */
export function compacted(entries: readonly Entry[], settings: LogSettings, now: number): Entry[] {
  const dirtyFrom = entries.findIndex((e) => e.head.maxTimestamp > now - settings.compactionLagMs);
  const end = settings.compactionLagMs === 0 || dirtyFrom < 0 ? entries.length : dirtyFrom;
  const last = lastOffsets(entries.slice(0, end));
  const kept: Entry[] = [];
  for (const entry of entries.slice(0, end)) {
    const left = reduced(entry, last, now - settings.deleteRetentionMs);
    if (left !== undefined) kept.push(left);
  }
  return [...kept, ...entries.slice(end)];
}

const keyText = (data: Uint8Array, start: number, end: number): string =>
  Buffer.from(data.buffer, data.byteOffset + start, end - start).toString('latin1');

function lastOffsets(entries: readonly Entry[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const { bytes, head } of entries) {
    if (head.control) continue;
    const index = recordsOf(bytes, head);
    for (let i = 0; i < index.count; i++) {
      const start = index.keyStarts[i]!;
      if (start >= 0) last.set(keyText(index.data, start, index.keyEnds[i]!), index.offsets[i]!);
    }
  }
  return last;
}

/** The batch without the records that later ones replaced; undefined when none is left. */
function reduced(
  entry: Entry,
  last: ReadonlyMap<string, number>,
  tombstonesBefore: number,
): Entry | undefined {
  const { bytes, head } = entry;
  if (head.control) return entry;
  const index = recordsOf(bytes, head);
  const keep: number[] = [];
  for (let i = 0; i < index.count; i++) {
    const start = index.keyStarts[i]!;
    const replaced =
      start >= 0 && last.get(keyText(index.data, start, index.keyEnds[i]!))! > index.offsets[i]!;
    const expired = start >= 0 && index.valueStarts[i]! < 0 && index.timestamps[i]! < tombstonesBefore;
    if (!replaced && !expired) keep.push(i);
  }
  if (keep.length === index.count) return entry;
  if (keep.length === 0) return undefined;
  return rewriteBatch(bytes, head, index, keep);
}

/* What the tests of logs share: settings, batches with offsets written in, and a log on disk that can be opened again. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readRecordBatch, type RecordBatch } from '#records';
import { realWorld } from '#host';
import { DiskLog, type LogMarks } from '../../src/log/disk/disk-log.ts';
import { OpenFiles } from '../../src/log/disk/open-files.ts';
import type { CompactionScope } from '../../src/log/compaction.ts';
import type { LogSettings, PartitionLog } from '../../src/log/partition-log.ts';
import { batchOf, type TestRecord } from '../wire-client.ts';
import { recordTexts } from './record-texts.ts';

export const settings: LogSettings = {
  segmentBytes: 1 << 20,
  segmentMs: Infinity,
  segmentJitterMs: 0,
  segmentIndexBytes: 10 << 20,
  indexIntervalBytes: 4096,
  retentionMs: Infinity,
  retentionBytes: Infinity,
  delete: true,
  compact: false,
  deleteRetentionMs: 86_400_000,
  compactionLagMs: 0,
  compactionLagMsMax: Infinity,
  dirtyRatio: 0,
  flushMessages: Infinity,
  flushMs: Infinity,
};

/** Everything is decided, and no producer is known. */
export const allStable: CompactionScope = {
  stableOffset: Infinity,
  aborted: [],
  isLastOfProducer: () => false,
  emptied: () => {},
  breathe: async () => {},
};

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-broker-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export interface Appended {
  readonly bytes: Buffer;
  readonly head: RecordBatch;
}
/** A batch with its base offset written in. */
export function batchAt(
  offset: number,
  records: readonly (string | TestRecord)[],
  codec: Parameters<typeof batchOf>[1] = 'none',
): Appended {
  const bytes = batchOf(records, codec);
  bytes.writeBigInt64BE(BigInt(offset), 0);
  bytes.writeInt32BE(0, 12);
  return { bytes, head: readRecordBatch(bytes, 0)! };
}
/** Appends the records; gives their first offset. */
export function append(log: PartitionLog, records: readonly (string | TestRecord)[]): number {
  const offset = log.endOffset;
  const { bytes, head } = batchAt(offset, records);
  log.append(bytes, head, 0);
  return offset;
}

/** `offset key=value`, or the value alone, of every record that can be read. */
export function recordsOf(log: PartitionLog): string[] {
  const found: string[] = [];
  for (const bytes of log.read(log.startOffset, log.endOffset, Infinity, true))
    found.push(...recordTexts(bytes));
  return found.filter((text) => Number(text.split(' ')[0]) >= log.startOffset);
}
/** A folder with one log, opened as often as a test likes. */
export class DiskRig {
  readonly folder: string;
  readonly files = new OpenFiles(4);
  readonly lines: string[] = [];
  readonly marks: LogMarks = { startOffset: 0, recoveryPoint: 0, cleanUpTo: 0, forget: () => {} };

  constructor(folder = join(temporaryFolder(), 'clicks-0')) {
    this.folder = folder;
  }
  open(logSettings: LogSettings = settings, closedCleanly = false): DiskLog {
    return new DiskLog(
      {
        files: this.files,
        folder: this.folder,
        world: realWorld(),
        marks: this.marks,
        closedCleanly,
        syncStore: async () => {},
        log: (line) => this.lines.push(line),
      },
      logSettings,
    );
  }
}

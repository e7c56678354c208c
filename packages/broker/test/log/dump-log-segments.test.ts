/* Kafka's own tool reads our files: every record of every segment, and that the indexes are sane. Needs Java and Kafka's
 * jars; with CI=true they must be there. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installKafka, kafkaMissing, kafkaTool } from '../../../../tools/kafka.ts';
import { markerBatch } from '../../src/log/control-batch.ts';
import { batchOf } from '../wire-client.ts';
import { idempotent } from './idempotent.ts';
import { recordTexts } from './record-texts.ts';
import { allStable, batchAt, DiskRig, settings } from './log-rig.ts';
import { readRecordBatch, type Codec } from '#records';

const missing = await kafkaMissing();
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);
if (missing === undefined) await installKafka();

const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const own = { ...settings, segmentBytes: 12_000, indexIntervalBytes: 500 };

const filesOf = (rig: DiskRig, ...suffixes: string[]): string[] =>
  readdirSync(rig.folder)
    .filter((name) => suffixes.some((suffix) => name.endsWith(suffix)))
    .sort();
const dump = (rig: DiskRig, files: readonly string[], ...more: string[]): Promise<string> => {
  const paths = files.map((name) => join(rig.folder, name)).join(',');
  return kafkaTool('kafka.tools.DumpLogSegments', ['--files', paths, ...more]);
};

/** 1,200 records of 400 keys in batches of every codec, a few of a producer in transactions. */
function fill(rig: DiskRig): ReturnType<DiskRig['open']> {
  const log = rig.open(own);
  for (let i = 0; log.endOffset < 1200; i++) {
    const offset = log.endOffset;
    const records = Array.from({ length: 1 + (i % 9) }, (_, n) => ({
      key: `key-${(offset + n) % 400}`,
      value: i % 31 === 5 ? null : `value-${offset + n}-${'ab'.repeat(i % 120)}`,
      timestamp: 1_700_000_000_000 + offset * 10 + (i % 7) * 15 - n,
    }));
    const bytes = Buffer.from(batchOf(records, codecs[i % codecs.length]!));
    const made = i % 10 === 3 ? idempotent(bytes, 42, 0, i * 10) : bytes;
    made.writeBigInt64BE(BigInt(offset), 0);
    made.writeInt32BE(0, 12);
    log.append(made, readRecordBatch(made, 0)!);
    if (i % 50 === 49) appendMarker(log);
  }
  return log;
}
function appendMarker(log: ReturnType<DiskRig['open']>): void {
  const bytes = markerBatch(
    { producerId: 42, producerEpoch: 0, commit: true, coordinatorEpoch: 3 },
    1_700_000_000_000,
  );
  bytes.writeBigInt64BE(BigInt(log.endOffset), 0);
  log.append(bytes, readRecordBatch(bytes, 0)!);
}

async function expectSane(rig: DiskRig, offsets: readonly number[]): Promise<void> {
  // Without the flag for sanity alone every entry of an index is held against the log.
  const all = filesOf(rig, '.log', '.index', '.timeindex');
  const dumped = await dump(rig, all, '--deep-iteration', '--print-data-log');
  expect([...dumped.matchAll(/^\| offset: (\d+) /gm)].map((m) => Number(m[1]))).toEqual(offsets);
  expect(dumped).not.toMatch(/isvalid: false|Found|mismatch|out of order|not found|bytes left|exception/i);
  const indexes = filesOf(rig, '.index', '.timeindex');
  const sane = await dump(rig, indexes, '--index-sanity-check');
  expect(sane.match(/passed sanity check|is empty/g)).toHaveLength(indexes.length);
}
const offsetsOf = (log: ReturnType<DiskRig['open']>): number[] =>
  [...log.batches()].flatMap(({ bytes, head }) => {
    const texts = head.control ? [`${head.baseOffset} `] : recordTexts(bytes);
    return texts.map((text) => Number(text.split(' ')[0]));
  });

describe.skipIf(missing !== undefined)(
  `DumpLogSegments${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    test('reads logs that were closed, killed, recovered and compacted', async () => {
      const rig = new DiskRig();
      const log = fill(rig);
      expect(filesOf(rig, '.log').length).toBeGreaterThan(3);
      await expectSane(rig, offsetsOf(log));
      const recovered = rig.open(own);
      await expectSane(rig, offsetsOf(recovered));
      recovered.configure({ ...own, compact: true, deleteRetentionMs: 0 });
      expect(await recovered.compact(1_700_000_100_000, allStable)).toBe(true);
      expect(recovered.bytes).toBeLessThan(log.bytes);
      await recovered.close();
      const compacted = rig.open(own, true);
      await expectSane(rig, offsetsOf(compacted));
      const { bytes, head } = batchAt(compacted.endOffset, ['after']);
      compacted.append(bytes, head);
      await compacted.close();
      await expectSane(rig, offsetsOf(rig.open(own, true)));
    });
  },
);

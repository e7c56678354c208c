/* A partition is killed in the middle of its history: what a start knows by the files that are kept is what it knows by
 * reading every batch. MILLRACE_BROKER_KILLS says how often; the seed is printed with a failure. */

import { spawn } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Rng } from '#base';
import { realWorld } from '#host';
import { DiskStore } from '../../src/cluster/disk-store.ts';
import { Topics } from '../../src/cluster/topics.ts';
import type { Partition } from '../../src/log/partition.ts';
import { temporaryFolder } from './log-rig.ts';
import { stateOf, type HistoryKind } from './random-history.ts';

const kills = Number(process.env['MILLRACE_BROKER_KILLS'] ?? 5);
const seed = Number(process.env['MILLRACE_SEED'] ?? 1);
const child = join(import.meta.dirname, 'history-child.ts');
const aliveMsMax = 150;

async function liveAndDie(dir: string, kind: HistoryKind, rng: Rng): Promise<void> {
  const args = ['--conditions=millrace-source', child, dir, `${rng.uint32()}`, kind];
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((done) => started.once('exit', done));
  for await (const line of createInterface(started.stdout)) {
    expect(line).toBe('ready');
    break;
  }
  await sleep(rng.below(aliveMsMax));
  started.kill('SIGKILL');
  await gone;
}
/** Opens a copy of the folder, without the files of state where they are not `kept`. */
async function opened(dir: string, kept: boolean): Promise<Partition> {
  const copy = join(temporaryFolder(), 'data');
  cpSync(dir, copy, { recursive: true });
  const folder = join(copy, 'history-0');
  if (!kept)
    for (const name of readdirSync(folder))
      if (/(\.snapshot|\.txnindex|leader-epoch-checkpoint)$/.test(name)) rmSync(join(folder, name));
  const store = new DiskStore(copy, realWorld(), () => {});
  const topics = new Topics(store, realWorld(), new Map());
  const partition = topics.partition('history', 0)!;
  await topics.close();
  await store.close();
  return partition;
}
/** What is left after deletion and compaction says less than what was kept, and nothing else. */
function expectLess(whole: Partition, kept: Partition): void {
  const { startOffset, endOffset } = kept.log;
  expect([whole.log.startOffset, whole.log.endOffset]).toEqual([startOffset, endOffset]);
  expect(whole.stableOffset).toBe(kept.stableOffset);
  for (const [id, { epoch, recent }] of whole.producers.states) {
    const known = kept.producers.states.get(id)!;
    expect(epoch).toBe(known.epoch);
    if (recent.length > 0) expect(recent.at(-1)).toEqual(known.recent.at(-1));
  }
}

test.each(['growing', 'deleting'] as const)(
  `${kills} kills of a %s partition, seed ${seed}`,
  async (kind) => {
    const rng = new Rng(seed);
    const dir = join(temporaryFolder(), 'data');
    let endOffset = 0;
    for (let kill = 0; kill < kills; kill++) {
      await liveAndDie(dir, kind, rng);
      const [whole, kept] = [await opened(dir, false), await opened(dir, true)];
      endOffset = kept.log.endOffset;
      // A leader that wrote nothing is known by the checkpoint alone.
      const silent = kept.epochs.entries.at(-1)?.startOffset === kept.log.endOffset;
      if (kind === 'growing' && !silent) expect(stateOf(kept)).toEqual(stateOf(whole));
      else expectLess(whole, kept);
    }
    expect(endOffset).toBeGreaterThan(0);
  },
  20_000 + kills * 4000,
);

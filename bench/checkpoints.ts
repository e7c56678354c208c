/* npm run bench -- checkpoints: what checkpoints cost: throughput with and without, how long one takes and for how long the job
 * stands still for it, and how long a start from it takes.
 *
 *   rows in memory ─▶ GROUP BY with three aggregates, TUMBLE, SESSION ─▶ nowhere;  checkpoints on the disk of this machine
 *
 * Options: --seconds N a run, --keys N. The figures go to bench/checkpoints.md. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointFolder, type Checkpoint } from '#checkpoint';
import type { JobSnapshot } from '#dataflow';
import { realDisk } from '#host';
import { batchesOf, cases, jobOf, Rows } from './operators/cases.ts';

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const seconds = option('seconds', 20);
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Run {
  readonly rowsPerSecond: number;
  readonly checkpoints: number;
  readonly bytes: number;
  /** From barrier to manifest, ms, the longest. */
  readonly durationMs: number;
  /** The longest time that nothing else ran, ms. */
  readonly stopMs: number;
  readonly snapshot: JobSnapshot | undefined;
}

async function run(name: string, intervalMs: number): Promise<Run> {
  const plan = cases.find((c) => c.name === name)!;
  const batches = batchesOf(plan.data, Math.min(3_000_000, plan.data.keys * 3));
  let bytes = 0;
  const kept = new CheckpointFolder(realDisk, folder, 1, () => new Promise(setImmediate));
  await kept.clear();
  const rows = new Rows(plan.data, batches, Infinity);
  const job = jobOf(plan, rows, {
    persist: async (snapshot: JobSnapshot) => {
      bytes = await kept.write({ ...info, epoch: snapshot.epoch, parts: snapshot.states });
    },
    base: () => kept.base,
  });
  await job.start();
  // Every key is there before the clock starts.
  await sleep(5000);
  let stopMs = 0;
  let last = performance.now();
  const heart = setInterval(() => {
    stopMs = Math.max(stopMs, performance.now() - last - 1);
    last = performance.now();
  }, 1);
  const from = performance.now();
  const before = rows.given;
  let checkpoints = 0;
  let durationMs = 0;
  let snapshot: JobSnapshot | undefined;
  while (performance.now() - from < seconds * 1000) {
    await sleep(intervalMs === 0 ? 500 : Math.min(intervalMs, seconds * 1000));
    if (intervalMs === 0) continue;
    const started = performance.now();
    snapshot = await job.checkpoint();
    durationMs = Math.max(durationMs, performance.now() - started);
    checkpoints++;
  }
  const rowsPerSecond = (rows.given - before) / ((performance.now() - from) / 1000);
  clearInterval(heart);
  await job.cancel();
  return { rowsPerSecond, checkpoints, bytes, durationMs, stopMs, snapshot };
}
const info: Omit<Checkpoint, 'epoch' | 'parts'> = {
  job: 'bench',
  incarnation: '1',
  takenAt: 0,
  plan: '',
  parallelism: 1,
  finished: false,
  form: 'checkpoint',
};

/** Reads the checkpoint back and starts a job from it. */
async function restoreMs(name: string): Promise<number> {
  const plan = cases.find((c) => c.name === name)!;
  const started = performance.now();
  const { parts, epoch } = (await new CheckpointFolder(realDisk, folder, 1).newest()).checkpoint!;
  const job = jobOf(plan, new Rows(plan.data, [], 1), { restore: { epoch, states: parts, finished: false } });
  await job.start();
  const took = performance.now() - started;
  await job.cancel();
  return took;
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const lines: string[] = [];
for (const name of [
  'COUNT + SUM + MAX',
  'TUMBLE, four',
  'SESSION',
  'COUNT + SUM + MAX, 1 M keys',
  'TUMBLE, four, 1 M keys',
]) {
  // In front and behind: the process does not stay what it was.
  const first = await run(name, 0);
  const runs: (readonly [number, Run, number])[] = [];
  for (const intervalMs of [10_000, 1000]) {
    const on = await run(name, intervalMs);
    runs.push([intervalMs, on, await restoreMs(name)]);
  }
  const last = await run(name, 0);
  const off = { ...last, rowsPerSecond: (first.rowsPerSecond + last.rowsPerSecond) / 2 };
  for (const [intervalMs, on, restored] of runs) {
    const cells = [
      name,
      `${intervalMs / 1000} s`,
      (on.bytes / 1e6).toFixed(1),
      Math.round(off.rowsPerSecond / 1000),
      Math.round(on.rowsPerSecond / 1000),
      `${((1 - on.rowsPerSecond / off.rowsPerSecond) * 100).toFixed(1)} %`,
      Math.round(on.durationMs),
      `${Math.round(on.stopMs)} (${Math.round(off.stopMs)})`,
      Math.round(restored),
    ];
    console.error(line(cells));
    lines.push(line(cells));
  }
}
rmSync(folder, { recursive: true, force: true });
writeFileSync(
  join(import.meta.dirname, 'checkpoints.md'),
  [
    '# What checkpoints cost',
    '',
    `Runs of ${seconds} s each: without checkpoints, every 10 s, every second, without again. Times in ms. A stop is the longest time that`,
    'nothing else ran in the process; in brackets without checkpoints.',
    `${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.versions.node}. A checkpoint holds the whole state.`,
    '',
    line([
      'case',
      'every',
      'MB',
      'K rows/s without',
      'with',
      'cost',
      'one takes',
      'longest stop',
      'start from it',
    ]),
    line(['---', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:']),
    ...lines,
    '',
  ].join('\n'),
);
process.exit(0);

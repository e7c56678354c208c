/* One line a job while it runs: rows in and out per second, watermark and its lag, state, backpressure; a summary after. */

import { formatBytes, type Timer, type World } from '#base';
import { formatTimestamp } from '#expr';
import type { EngineJob } from '#engine';
import { dim } from './terminal.ts';

const refreshMs = 500;
/** A job that read rows and then none for so long, with windows open, is told of. */
const quietMs = 15_000;

interface Shown {
  readonly job: EngineJob;
  rowsIn: number;
  rowsOut: number;
  blockedMs: number;
  /** When rows last came, and whether the hint about it was given. */
  lastRowsAt: number;
  hinted: boolean;
}

export class StatusBoard {
  readonly #world: World;
  readonly #live: boolean;
  readonly #jobs: Shown[] = [];
  #lines = 0;
  #timer: Timer | undefined;
  #last: number;

  constructor(world: World, live: boolean) {
    this.#world = world;
    this.#live = live;
    this.#last = world.monotonic();
  }
  add(job: EngineJob): void {
    this.#jobs.push({
      job,
      rowsIn: 0,
      rowsOut: 0,
      blockedMs: 0,
      lastRowsAt: this.#world.monotonic(),
      hinted: false,
    });
    this.#timer ??= this.#world.after(refreshMs, () => {
      this.#tick();
    });
  }
  #tick(): void {
    for (const shown of this.#jobs) this.#hintQuiet(shown);
    if (this.#live) this.#draw();
    else for (const shown of this.#jobs) shown.rowsIn = shown.job.totals().rowsIn;
    this.#timer = this.#world.after(refreshMs, () => {
      this.#tick();
    });
  }
  /** Windows that never close on quiet input are every newcomer's first question. */
  #hintQuiet(shown: Shown): void {
    const { rowsIn, watermark } = shown.job.totals();
    const now = this.#world.monotonic();
    if (rowsIn !== shown.rowsIn) shown.lastRowsAt = now;
    const waits =
      shown.job.state === 'running' && rowsIn > 0 && watermark < Infinity && stateKeys(shown.job) > 0;
    if (shown.hinted || !waits || now - shown.lastRowsAt < quietMs) return;
    shown.hinted = true;
    this.#clear();
    process.stderr.write(
      `hint: no rows for ${quietMs / 1000} s, so the watermark stands still and open windows wait. SET 'millrace.watermark.quiet-timeout' = '10 s' closes them by the clock.\n`,
    );
  }
  #draw(): void {
    const now = this.#world.monotonic();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    const lines = this.#jobs.filter((s) => s.job.state === 'running').map((s) => this.#line(s, seconds));
    process.stderr.write(
      `${this.#lines > 0 ? `\u001b[${this.#lines}A\u001b[0J` : ''}${lines.map((l) => `${l}\n`).join('')}`,
    );
    this.#lines = lines.length;
  }
  #line(shown: Shown, seconds: number): string {
    const totals = shown.job.totals();
    const rate = (now: number, before: number): string =>
      Math.round((now - before) / seconds).toLocaleString('en');
    const text = [
      shown.job.name,
      `in ${rate(totals.rowsIn, shown.rowsIn)}/s`,
      `out ${rate(totals.rowsOut, shown.rowsOut)}/s`,
      `watermark ${watermarkText(totals.watermark, this.#world.now())}`,
      `state ${formatBytes(totals.heldBytes)} in ${stateKeys(shown.job).toLocaleString('en')} keys`,
      `backpressure ${Math.min(100, Math.round((totals.blockedMs - shown.blockedMs) / seconds / 10))} %`,
      ...(totals.late > 0 ? [`late ${totals.late.toLocaleString('en')}`] : []),
    ].join(dim(' · '));
    shown.rowsIn = totals.rowsIn;
    shown.rowsOut = totals.rowsOut;
    shown.blockedMs = totals.blockedMs;
    return text;
  }
  close(): void {
    this.#timer?.cancel();
    this.#clear();
  }
  #clear(): void {
    if (this.#lines > 0) process.stderr.write(`\u001b[${this.#lines}A\u001b[0J`);
    this.#lines = 0;
  }
}

function watermarkText(ms: number, now: number): string {
  if (ms === -Infinity) return 'none yet';
  if (ms === Infinity) return 'at the end';
  const lag = now - ms;
  return `${formatTimestamp({ ms, ns: 0 }, 0)} (lag ${lag < 0 ? 'none' : durationText(lag)})`;
}
function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
}
function stateKeys(job: EngineJob): number {
  return job.metrics().reduce((n, m) => n + (m.gauges['stateKeys'] ?? 0), 0);
}

/** What became of a job, on a few lines. */
export function summary(job: EngineJob, world: World): string {
  const totals = job.totals();
  const seconds = Math.max(0.001, (world.now() - job.startedAt) / 1000);
  const lines = [
    `${job.name}: ${job.state}, ${totals.rowsIn.toLocaleString('en')} rows in, ${totals.rowsOut.toLocaleString('en')} out, ${seconds.toFixed(1)} s (${Math.round(totals.rowsIn / seconds).toLocaleString('en')} rows/s)`,
  ];
  if (totals.late > 0)
    lines.push(
      `  ${totals.late.toLocaleString('en')} late rows were dropped: they came after the watermark had closed their window. A larger delay in WATERMARK FOR keeps more.`,
    );
  for (const [name, value] of Object.entries(totals.counters)) {
    if (name !== 'numLateRecordsDropped' && value > 0) lines.push(`  ${name}: ${value.toLocaleString('en')}`);
  }
  return lines.join('\n');
}

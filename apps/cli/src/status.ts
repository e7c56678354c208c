/* One line a job while it runs: rows in and out per second, watermark and its lag, state, backpressure, and what keeps it
 * from going on; a summary after.
 *
 *   on a terminal: the lines are drawn again twice a second, each cut to the width of the screen
 *   elsewhere, and for jobs that are only watched: a line when something begins that a person should know, and when it
 *   is over */

import { formatBytes, toMillraceError, type Timer, type World } from '#base';
import { formatTimestamp } from '#expr';
import type { Trouble } from '#dataflow';
import type { EngineJob, JobTotals } from '#engine';
import { accountsLine, lookupLines } from './accounts.ts';
import { driftLines, evolvedLines } from './drift-lines.ts';
import { checkLines } from './check-lines.ts';
import { lossCounters, lossLines } from './losses.ts';
import { cutTo } from './results/cell.ts';
import { dim, red } from './terminal.ts';

const refreshMs = 500;
/** A job that read rows and then none for so long, with windows open, is told of. */
const quietMs = 15_000;
/** A source that cannot read, or a sink that cannot write, for less than this is not worth a line. */
const troubleMs = 2_000;
/** Rows of which more than half are late after so many: the watermark runs ahead of the data. */
const lateRowsMin = 100;

/** Counters of how the work was done, which say nothing of the result. */
const workCounters = /^num(Rows|Writes)/;

/** What a job may be unable to do for a while. */
const works = [
  { key: 'cannotRead', cannot: 'cannot read', again: 'reads again' },
  { key: 'cannotLookUp', cannot: 'cannot look up', again: 'looks up again' },
  { key: 'cannotWrite', cannot: 'cannot write', again: 'writes again' },
] as const;

interface Shown {
  readonly job: EngineJob;
  /** It has a line on the terminal. */
  readonly drawn: boolean;
  rowsIn: number;
  rowsOut: number;
  blockedMs: number;
  /** When rows last came. */
  lastRowsAt: number;
  /** What it is told that it cannot do, and since when. */
  readonly awaySince: Map<(typeof works)[number]['key'], number>;
  /** Hints that were given. */
  readonly hinted: Set<string>;
}

export class StatusBoard {
  readonly #world: World;
  readonly #live: boolean;
  readonly #write: (text: string) => void;
  #jobs: Shown[] = [];
  #lines = 0;
  #timer: Timer | undefined;
  #last: number;

  /** `live`: on a terminal, that nobody else writes to. */
  constructor(
    world: World,
    live: boolean,
    write = (text: string): void => void process.stderr.write(`${text}\n`),
  ) {
    this.#world = world;
    this.#live = live;
    this.#write = write;
    this.#last = world.monotonic();
  }
  /** Draws a line of it, where there is a terminal. */
  add(job: EngineJob): void {
    this.#add(job, this.#live);
  }
  /** Tells what keeps it from going on. */
  watch(job: EngineJob): void {
    this.#add(job, false);
  }
  #add(job: EngineJob, drawn: boolean): void {
    this.#jobs.push({
      job,
      drawn,
      rowsIn: 0,
      rowsOut: 0,
      blockedMs: 0,
      lastRowsAt: this.#world.monotonic(),
      awaySince: new Map(),
      hinted: new Set(),
    });
    this.#timer ??= this.#world.after(refreshMs, () => {
      this.#tick();
    });
  }
  #tick(): void {
    for (const shown of this.#jobs) this.#look(shown);
    this.#jobs = this.#jobs.filter((s) => s.drawn || isAlive(s.job));
    for (const shown of this.#jobs) if (!shown.drawn) shown.rowsIn = shown.job.totals().rowsIn;
    if (this.#live) this.#draw();
    this.#timer = this.#world.after(refreshMs, () => {
      this.#tick();
    });
  }

  /** Lines about what a person would wonder about. */
  #look(shown: Shown): void {
    if (shown.job.state !== 'running') return;
    const totals = shown.job.totals();
    this.#lookAtTrouble(shown, totals);
    const now = this.#world.monotonic();
    if (totals.rowsIn !== shown.rowsIn) shown.lastRowsAt = now;
    const quiet = now - shown.lastRowsAt >= quietMs;
    if (quiet && totals.rowsIn > 0 && totals.watermark < Infinity && stateKeys(shown.job) > 0)
      this.#hint(
        shown,
        'quiet',
        `no rows for ${quietMs / 1000} s, so the watermark stands still and open windows wait. SET 'millrace.watermark.quiet-timeout' = '10 s' closes them by the clock.`,
      );
    const { silentSplits } = totals;
    if (silentSplits !== undefined && now - this.#startedAt(shown) >= quietMs)
      this.#hint(
        shown,
        'silent',
        `${silentSplits.silent} of ${silentSplits.silent + silentSplits.heard} partitions have had no rows: they hold the watermark back, and no window closes. SET 'table.exec.source.idle-timeout' = '10 s' goes on without them.`,
      );
    if (totals.late > lateRowsMin && totals.late > totals.rowsIn / 2)
      this.#hint(
        shown,
        'late',
        `${totals.late.toLocaleString('en')} of ${totals.rowsIn.toLocaleString('en')} rows came late and were dropped: the watermark runs ahead of them. One row with a time in the future is enough for that.`,
      );
  }
  #startedAt({ job }: Shown): number {
    return this.#world.monotonic() - (this.#world.now() - job.startedAt);
  }
  #lookAtTrouble({ job, drawn, awaySince }: Shown, totals: JobTotals): void {
    const now = this.#world.now();
    for (const { key, cannot, again } of works) {
      const trouble = totals[key];
      const since = awaySince.get(key);
      if (trouble !== undefined && since === undefined && now - trouble.since >= troubleMs) {
        awaySince.set(key, trouble.since);
        if (!drawn) this.#say(`${job.name}: ${troubleText(cannot, trouble)}`);
      } else if (trouble === undefined && since !== undefined) {
        this.#say(`${job.name}: ${again} after ${durationText(now - since)}`);
        awaySince.delete(key);
      }
    }
  }
  #hint({ hinted, job }: Shown, key: string, text: string): void {
    if (hinted.has(key)) return;
    hinted.add(key);
    this.#say(`hint: ${job.name}: ${text}`);
  }
  #say(text: string): void {
    this.clear();
    this.#write(text);
  }

  #draw(): void {
    const now = this.#world.monotonic();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    const width = (process.stderr.columns || 80) - 1;
    const lines = this.#jobs
      .filter((s) => s.drawn && (isAlive(s.job) || s.job.state === 'failed'))
      .map((s) => this.#line(s, seconds, width));
    process.stderr.write(
      `${this.#lines > 0 ? `\u001b[${this.#lines}A\u001b[0J` : ''}${lines.map((l) => `${l}\n`).join('')}`,
    );
    this.#lines = lines.length;
  }
  #line(shown: Shown, seconds: number, width: number): string {
    const { job } = shown;
    if (job.state === 'failed')
      return red(cutTo(`${job.name} · failed: ${toMillraceError(job.error).message.split('\n')[0]!}`, width));
    const { restarting } = job;
    if (restarting !== undefined)
      return red(
        cutTo(
          `${job.name} · starts again in ${durationText(Math.max(0, restarting.at - this.#world.now()))}: ${restarting.error.message.split('\n')[0]!}`,
          width,
        ),
      );
    const totals = job.totals();
    const rate = (now: number, before: number): string =>
      Math.round((now - before) / seconds).toLocaleString('en');
    const { silentSplits } = totals;
    const parts = [
      job.name,
      ...troubleTexts(totals),
      `in ${rate(totals.rowsIn, shown.rowsIn)}/s`,
      `out ${rate(totals.rowsOut, shown.rowsOut)}/s`,
      `watermark ${watermarkText(totals, this.#world.now())}`,
      ...(silentSplits === undefined
        ? []
        : [`held by ${silentSplits.silent} of ${silentSplits.silent + silentSplits.heard} partitions`]),
      `state ${formatBytes(totals.heldBytes)} in ${stateKeys(job).toLocaleString('en')} keys`,
      `backpressure ${Math.min(100, Math.round((totals.blockedMs - shown.blockedMs) / seconds / 10))} %`,
      ...(totals.late > 0 ? [`late ${totals.late.toLocaleString('en')}`] : []),
    ];
    shown.rowsIn = totals.rowsIn;
    shown.rowsOut = totals.rowsOut;
    shown.blockedMs = totals.blockedMs;
    return cutTo(parts.join(' · '), width).replaceAll(' · ', dim(' · '));
  }
  close(): void {
    this.#timer?.cancel();
    this.clear();
  }
  /** Makes room for text in between; the lines come back with the next look. */
  clear(): void {
    if (this.#lines > 0) process.stderr.write(`\u001b[${this.#lines}A\u001b[0J`);
    this.#lines = 0;
  }
}

const isAlive = ({ state }: EngineJob): boolean => state === 'running' || state === 'restarting';

function watermarkText({ watermark, rowsIn }: JobTotals, now: number): string {
  if (watermark === -Infinity) return rowsIn === 0 ? 'none yet, for no row came' : 'none yet';
  if (watermark === Infinity) return 'at the end';
  const lag = now - watermark;
  return `${formatTimestamp({ ms: watermark, ns: 0 }, 0)} (lag ${lag < 0 ? 'none' : durationText(lag)})`;
}
const troubleText = (cannot: string, { since, message }: Trouble): string =>
  `${cannot} since ${clockText(since)}: ${message}`;
const troubleTexts = (totals: JobTotals): string[] =>
  works.flatMap(({ key, cannot }) => {
    const trouble = totals[key];
    return trouble === undefined ? [] : [troubleText(cannot, trouble)];
  });
/** 12:34:56, in UTC. */
export const clockText = (ms: number): string => `${formatTimestamp({ ms, ns: 0 }, 0).slice(11)} UTC`;
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
}
function stateKeys(job: EngineJob): number {
  return job.metrics().reduce((n, m) => n + (m.gauges['stateKeys'] ?? 0), 0);
}

/** How far a query is, in a few words. */
export function progressText(job: EngineJob, world: World): string {
  const totals = job.totals();
  const { silentSplits, rowsIn, watermark } = totals;
  for (const { key, cannot } of works) {
    const trouble = totals[key];
    if (trouble !== undefined && world.now() - trouble.since >= troubleMs)
      return troubleText(cannot, trouble);
  }
  const rows = `${countOf(rowsIn)} read`;
  if (silentSplits !== undefined)
    return `${rows}, ${silentSplits.silent} of ${silentSplits.silent + silentSplits.heard} partitions without rows hold the watermark`;
  return Number.isFinite(watermark) ? `${rows}, watermark ${watermarkText(totals, world.now())}` : rows;
}

/** What became of a job, on a few lines. */
export function summary(job: EngineJob): string {
  const totals = job.totals();
  const seconds = Math.max(0.001, job.ranMs / 1000);
  const how = job.state === 'finished' && job.stopping ? 'stopped' : job.state;
  const lines = [
    `${job.name}: ${how}, ${countOf(totals.rowsIn)} in, ${totals.rowsOut.toLocaleString('en')} out, ${seconds.toFixed(1)} s (${Math.round(totals.rowsIn / seconds).toLocaleString('en')} rows/s)`,
    ...stopLines(job).map((line) => `  ${line}`),
    ...accountLines(job).map((line) => `  ${line}`),
    ...checkLines(job.checks()).map((line) => `  ${line}`),
    ...lossLines(totals).map((line) => `  ${line}`),
    ...evolvedLines(job.evolved).map((line) => `  ${line}`),
    ...driftLines(job.drift()).map((line) => `  ${line}`),
  ];
  for (const [name, value] of Object.entries(totals.counters)) {
    if (!lossCounters.has(name) && !workCounters.test(name) && value > 0)
      lines.push(`  ${name}: ${value.toLocaleString('en')}`);
  }
  return lines.join('\n');
}

function accountLines(job: EngineJob): string[] {
  const accounts = job.accounts();
  const line = accountsLine(accounts);
  return [...(line === undefined ? [] : [line]), ...lookupLines(accounts)];
}

/** 1 row, 2 rows. */
export const countOf = (rows: number): string =>
  `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;

/** After a stop: what is written, and what was still open and is lost with the process. */
export function stopLines(job: EngineJob): string[] {
  if (job.state !== 'finished' || !job.stopping) return [];
  const { rowsOut } = job.totals();
  const open = stateKeys(job);
  return [
    `${countOf(rowsOut)} ${rowsOut === 1 ? 'was' : 'were'} written and flushed.`,
    ...(job.statePath !== undefined
      ? [`Its state is kept in ${job.statePath}: the next run goes on from it.`]
      : []),
    ...(open > 0 && job.statePath === undefined
      ? [
          `State of ${open.toLocaleString('en')} ${open === 1 ? 'key' : 'keys'} is gone, for it lives in memory; windows that were open were not emitted. In the shell, STOP JOB … WITH DRAIN emits them.`,
        ]
      : []),
  ];
}

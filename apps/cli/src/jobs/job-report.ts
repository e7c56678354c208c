/* What `millrace jobs` shows of a job: the form that travels between a run and whoever asks it. */

import { toMillraceError } from '#base';
import type { Accounts, CheckCounts, EngineJob, EvolvedColumn, NodeWatermark, TableDrift } from '#engine';

export interface JobReport {
  readonly name: string;
  readonly state: string;
  /** Ms since the epoch. */
  readonly startedAt: number | undefined;
  readonly pid: number | undefined;
  readonly rowsIn: number | undefined;
  readonly rowsOut: number | undefined;
  /** Ms; undefined before the first. */
  readonly watermark: number | undefined;
  readonly heldBytes: number | undefined;
  readonly restarts: number | undefined;
  /** What became of all that it read. */
  readonly account: Accounts | undefined;
  /** How what it reads differs from its tables. */
  readonly drift: readonly TableDrift[];
  /** Columns that its tables got since it started. */
  readonly columnsAdded: readonly Omit<EvolvedColumn, 'at'>[];
  /** What was found of what is expected of its tables' rows. */
  readonly checks: readonly CheckCounts[];
  readonly checkpoint:
    | {
        readonly epoch: number;
        readonly takenAt: number;
        readonly durationMs?: number | undefined;
        readonly bytes?: number | undefined;
        readonly alignmentMs?: number | undefined;
        readonly stopMs?: number | undefined;
      }
    | undefined;
  /** What failed it, or makes it start again. */
  readonly error: string | undefined;
  readonly operators: readonly {
    readonly id: string;
    readonly title: string;
    readonly instance: number;
    readonly rowsIn: number;
    readonly rowsOut: number;
    readonly heldBytes: number;
  }[];
  /** Where event time is in each node, sources first. */
  readonly watermarks: readonly NodeWatermark[];
}

export function jobReport(job: EngineJob): JobReport {
  const totals = job.totals();
  return {
    name: job.name,
    state: job.endedAt !== undefined && job.stopping && job.state === 'finished' ? 'stopped' : job.state,
    startedAt: job.startedAt,
    pid: process.pid,
    rowsIn: totals.rowsIn,
    rowsOut: totals.rowsOut,
    watermark: Number.isFinite(totals.watermark) ? totals.watermark : undefined,
    heldBytes: totals.heldBytes,
    restarts: job.restarts,
    account: job.accounts(),
    drift: job.drift(),
    columnsAdded: job.evolved,
    checks: job.checks(),
    checkpoint: job.lastCheckpoint ?? job.resumedFrom,
    error: job.error === undefined ? undefined : toMillraceError(job.error).message,
    operators: job.metrics().map(({ id, title, instance, rowsIn, rowsOut, heldBytes }) => ({
      id,
      title,
      instance,
      rowsIn,
      rowsOut,
      heldBytes,
    })),
    watermarks: job.watermarks(),
  };
}

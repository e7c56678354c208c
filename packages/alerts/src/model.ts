/* Rules of who hears of what: read from alerts.yaml, decided against results, sent through channels. */

import type { Severity } from '#quality';

export interface Channel {
  readonly name: string;
  readonly type: 'slack' | 'pagerduty' | 'webhook' | 'email' | 'terminal';
  /** As written: secrets are still references. */
  readonly url?: string | undefined;
  readonly routingKey?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly smtp?: string | undefined;
  readonly from?: string | undefined;
  readonly to: readonly string[];
}
export interface Rule {
  readonly name: string;
  /** What it looks at; all by default. Names may have * for any text. */
  readonly when: {
    readonly check?: string | undefined;
    readonly expectation?: string | undefined;
    readonly column?: string | undefined;
    readonly suite?: string | undefined;
    readonly table?: string | undefined;
    /** Of jobs that run: their names. */
    readonly job?: string | undefined;
    /** A figure of a job, in place of what is expected of rows. */
    readonly metric?: MetricCondition | undefined;
    /** The least severity of an expectation that fires it: info fires for all. */
    readonly severity: Severity;
  };
  /** Of the message; by default that of the worst expectation. */
  readonly severity?: Severity | undefined;
  readonly channels: readonly string[];
  /** One message a rule and table, or one for each column or expectation. */
  readonly groupBy: 'rule' | 'column' | 'expectation';
}
/** It fires where the figure is above, below, or one of these. */
export interface MetricCondition {
  readonly name: Metric;
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  readonly is: readonly string[];
  /** How long that must hold. */
  readonly forMs: number;
}
/** Figures of a job by name, each with what it says. */
export const metrics = {
  state: 'running, restarting, failed, finished, stopped or canceled',
  rows_in: 'rows that were read',
  rows_out: 'rows that were written',
  rows_in_per_second: 'rows read a second, since the last look',
  rows_out_per_second: 'rows written a second, since the last look',
  lag_seconds: 'by how much the watermark is behind the clock',
  late_rows: 'rows that came behind the watermark',
  dead_letters: 'rows in the dead letters',
  skipped_rows: 'bad rows that were left out',
  restarts: 'times that it started again after a failure',
  held_bytes: 'memory that state and buffers hold',
  backpressure_percent: 'share of the time that a sink or a lookup took no rows, since the last look',
  checkpoint_age_seconds: 'how long ago the last checkpoint was taken, or the job started',
  checkpoint_seconds: 'how long the last checkpoint took',
  checkpoint_bytes: 'how large it was',
} as const;
export type Metric = keyof typeof metrics;

export interface QuietHours {
  /** Minutes of the day. */
  readonly from: number;
  readonly to: number;
  readonly zone: string;
  /** Severities that are sent all the same. */
  readonly except: readonly Severity[];
}
export interface AlertConfig {
  readonly channels: readonly Channel[];
  readonly rules: readonly Rule[];
  readonly quietHours?: QuietHours | undefined;
  readonly perMinuteMax: number;
  /** What is still wrong is told again after so long. */
  readonly repeatMs: number;
  /** Columns whose values no message shows. */
  readonly personal: readonly string[];
  readonly samplesMax: number;
  /** Of a job: an expectation that no row has failed for so long holds again. */
  readonly resolveAfterMs: number;
}

export interface Alert {
  readonly action: 'trigger' | 'resolve';
  /** Equal for equal trouble: services join messages by it. */
  readonly dedupKey: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly table: string;
  readonly suite: string;
  readonly title: string;
  readonly lines: readonly AlertLine[];
  readonly timeMs: number;
}
export interface AlertLine {
  readonly subject: string;
  readonly text: string;
  readonly finding: string;
  readonly samples: readonly string[];
}

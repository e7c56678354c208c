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
    /** The least severity of an expectation that fires it: info fires for all. */
    readonly severity: Severity;
  };
  /** Of the message; by default that of the worst expectation. */
  readonly severity?: Severity | undefined;
  readonly channels: readonly string[];
  /** One message a rule, or one for each column or expectation. */
  readonly groupBy: 'rule' | 'column' | 'expectation';
}
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

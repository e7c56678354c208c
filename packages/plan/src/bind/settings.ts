/* SET keys: Flink's names. Any key is taken; one without effect here is named in a warning; an unknown `millrace.` key
 * is an error. */

import { didYouMean, UserError, type Span } from '#base';
import { parseDurationMs, parseMemoryBytes } from '#catalog';

interface SettingSpec {
  readonly key: string;
  readonly default: string;
  readonly check: (value: string) => string | undefined;
  readonly doc: string;
}

const oneOf =
  (...values: string[]) =>
  (value: string): string | undefined =>
    values.some((v) => v.toLowerCase() === value.toLowerCase()) ? undefined : `one of ${values.join(', ')}`;
const duration = (value: string): string | undefined =>
  parseDurationMs(value) === undefined ? `a duration such as '5 s'` : undefined;
const bool = oneOf('true', 'false');
const whole = (value: string): string | undefined => (/^\d+$/.test(value) ? undefined : 'a whole number');
const above0 = (value: string): string | undefined =>
  /^[1-9]\d*$/.test(value) ? undefined : 'a whole number above 0';
const number = (value: string): string | undefined => (/^\d+(\.\d+)?$/.test(value) ? undefined : 'a number');
const zone = (value: string): string | undefined => {
  if (value === 'default' || /^(UTC|GMT)?[+-]\d\d?(:\d\d)?$/.test(value)) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return undefined;
  } catch {
    return `a time zone such as 'Europe/Berlin' or 'GMT+08:00'`;
  }
};

const delay = (value: string): string | undefined => (value === '' ? undefined : duration(value));

/** When results of GROUP BY TUMBLE(…) and HOP(…) go out beside the end of their windows. */
const emitSettings: readonly SettingSpec[] = [
  {
    key: 'table.exec.emit.early-fire.enabled',
    default: 'false',
    check: bool,
    doc: 'Whether results of GROUP BY TUMBLE(…) and HOP(…) go out before their windows close. Experimental in Flink.',
  },
  {
    key: 'table.exec.emit.early-fire.delay',
    default: '',
    check: delay,
    doc: 'How often by the clock they do; 0: with each row.',
  },
  {
    key: 'table.exec.emit.late-fire.enabled',
    default: 'false',
    check: bool,
    doc: 'Whether rows that come behind the end of such a window still count.',
  },
  {
    key: 'table.exec.emit.late-fire.delay',
    default: '',
    check: delay,
    doc: 'How often by the clock results with late rows go out; 0: with each row.',
  },
  {
    key: 'table.exec.emit.allow-lateness',
    default: '',
    check: delay,
    doc: 'How long behind its end a window takes late rows; `table.exec.state.ttl` where it is not set.',
  },
];

/** Every key that has an effect. */
export const settingSpecs: readonly SettingSpec[] = [
  {
    key: 'execution.runtime-mode',
    default: 'streaming',
    check: oneOf('streaming', 'batch', 'automatic'),
    doc: 'streaming, or batch: bounded inputs, final results only.',
  },
  {
    key: 'parallelism.default',
    default: '1',
    check: whole,
    doc: 'Parallel instances of each operator, in a thread each.',
  },
  { key: 'pipeline.name', default: '', check: () => undefined, doc: 'Name of the job.' },
  {
    key: 'table.local-time-zone',
    default: 'UTC',
    check: zone,
    doc: 'Zone of TIMESTAMP_LTZ in text, and of CURRENT_DATE and its like.',
  },
  { key: 'table.dml-sync', default: 'false', check: bool, doc: 'INSERT waits for its job.' },
  {
    key: 'table.exec.state.ttl',
    default: '0 ms',
    check: duration,
    doc: 'How long state that is not written is kept; 0: for ever.',
  },
  {
    key: 'table.exec.interval-join.min-cleanup-interval',
    default: '0 ms',
    check: duration,
    doc: 'How long an interval join keeps rows beyond the time of their partners; outer rows come that much later.',
  },
  {
    key: 'table.exec.source.idle-timeout',
    default: '0 ms',
    check: duration,
    doc: 'After this long without rows, counted from the start of the job or the last row, a split no longer holds the watermark back; 0: never.',
  },
  {
    key: 'table.exec.sink.not-null-enforcer',
    default: 'ERROR',
    check: oneOf('ERROR', 'DROP'),
    doc: 'What happens to NULL in a NOT NULL column of a sink.',
  },
  {
    key: 'table.exec.sink.upsert-materialize',
    default: 'AUTO',
    check: oneOf('NONE', 'AUTO', 'FORCE'),
    doc: 'Whether a sink keeps its rows to put changes that arrive out of order right.',
  },
  {
    key: 'table.exec.sink.require-on-conflict',
    default: 'false',
    check: oneOf('true', 'false'),
    doc: 'Whether an INSERT whose key is not that of its sink must say ON CONFLICT; `true` in Flink.',
  },
  ...emitSettings,
  {
    key: 'table.optimizer.non-deterministic-update.strategy',
    default: 'IGNORE',
    check: oneOf('IGNORE', 'TRY_RESOLVE'),
    doc: 'TRY_RESOLVE: functions of the clock and of chance over changing rows, which could not be taken back, are refused, and lookup joins keep what they gave.',
  },
  {
    key: 'table.exec.async-lookup.buffer-capacity',
    default: '100',
    check: whole,
    doc: 'Lookups in flight at most.',
  },
  {
    key: 'table.exec.async-lookup.output-mode',
    default: 'ORDERED',
    check: oneOf('ORDERED', 'ALLOW_UNORDERED'),
    doc: 'Whether answers keep the order of the rows.',
  },
  {
    key: 'table.exec.async-ml-predict.max-concurrent-operations',
    default: '10',
    check: above0,
    doc: 'Rows for which ML_PREDICT waits for answers at most.',
  },
  {
    key: 'table.exec.async-ml-predict.output-mode',
    default: 'ORDERED',
    check: oneOf('ORDERED', 'ALLOW_UNORDERED'),
    doc: 'Whether answers of ML_PREDICT keep the order of the rows.',
  },
  {
    key: 'table.exec.async-ml-predict.timeout',
    default: '3 min',
    check: duration,
    doc: 'How long ML_PREDICT waits for one answer, retries included; then the job fails.',
  },
  {
    key: 'table.exec.legacy-cast-behaviour',
    default: 'DISABLED',
    check: oneOf('ENABLED', 'DISABLED'),
    doc: 'ENABLED: CAST gives NULL where it would fail.',
  },
  {
    key: 'sql-client.execution.result-mode',
    default: 'TABLE',
    check: oneOf('TABLE', 'CHANGELOG', 'TABLEAU'),
    doc: 'How the shell shows a result.',
  },
  {
    key: 'sql-client.execution.max-table-result.rows',
    default: '1000000',
    check: above0,
    doc: 'Rows of a result that the shell keeps while a query runs; the oldest go first.',
  },
  {
    key: 'execution.checkpointing.interval',
    default: '10 s',
    check: duration,
    doc: 'From one checkpoint of a job under `run` to the next; 0: none but the one at a stop.',
  },
  {
    key: 'execution.checkpointing.mode',
    default: 'EXACTLY_ONCE',
    check: oneOf('EXACTLY_ONCE', 'AT_LEAST_ONCE'),
    doc: 'Accepted: state is exactly once in both, for barriers are always aligned.',
  },
  {
    key: 'execution.checkpointing.min-pause',
    default: '0 ms',
    check: duration,
    doc: 'From the end of a checkpoint to the start of the next, at least.',
  },
  {
    key: 'execution.checkpointing.timeout',
    default: '10 min',
    check: duration,
    doc: 'A checkpoint that takes longer has failed.',
  },
  {
    key: 'execution.checkpointing.tolerable-failed-checkpoints',
    default: '0',
    check: whole,
    doc: 'Checkpoints in a row that may fail before the job does.',
  },
  {
    key: 'execution.checkpointing.num-retained',
    default: '2',
    check: above0,
    doc: 'Checkpoints that are kept. More than one: an older one is there when the newest cannot be read.',
  },
  {
    key: 'execution.checkpointing.incremental',
    default: 'true',
    check: oneOf('true', 'false'),
    doc: 'A checkpoint writes what changed since the one before, and refers to that for the rest. (Flink: false.)',
  },
  {
    key: 'execution.checkpointing.dir',
    default: '',
    check: () => undefined,
    doc: 'Folder of the checkpoints; by default .millrace/state, or what --state-dir says.',
  },
  {
    key: 'restart-strategy.type',
    default: 'exponential-delay',
    check: oneOf(
      'none',
      'off',
      'disable',
      'fixed-delay',
      'fixeddelay',
      'failure-rate',
      'failurerate',
      'exponential-delay',
      'exponentialdelay',
    ),
    doc: 'Whether a job that failed from outside starts again from its last checkpoint: exponential-delay, fixed-delay, failure-rate, none.',
  },
  {
    key: 'restart-strategy.fixed-delay.attempts',
    default: '1',
    check: whole,
    doc: 'Starts after failures before the job fails for good.',
  },
  {
    key: 'restart-strategy.fixed-delay.delay',
    default: '1 s',
    check: duration,
    doc: 'From a failure to the next start.',
  },
  {
    key: 'restart-strategy.failure-rate.max-failures-per-interval',
    default: '1',
    check: whole,
    doc: 'Failures within the interval that the job survives.',
  },
  {
    key: 'restart-strategy.failure-rate.failure-rate-interval',
    default: '1 min',
    check: duration,
    doc: 'The interval in which failures are counted.',
  },
  {
    key: 'restart-strategy.failure-rate.delay',
    default: '1 s',
    check: duration,
    doc: 'From a failure to the next start.',
  },
  {
    key: 'restart-strategy.exponential-delay.initial-backoff',
    default: '1 s',
    check: duration,
    doc: 'From the first failure to the next start.',
  },
  {
    key: 'restart-strategy.exponential-delay.max-backoff',
    default: '1 min',
    check: duration,
    doc: 'The longest wait.',
  },
  {
    key: 'restart-strategy.exponential-delay.backoff-multiplier',
    default: '1.5',
    check: number,
    doc: 'How much longer each wait is than the one before.',
  },
  {
    key: 'restart-strategy.exponential-delay.reset-backoff-threshold',
    default: '1 h',
    check: duration,
    doc: 'After so long without a failure the wait begins anew.',
  },
  {
    key: 'restart-strategy.exponential-delay.jitter-factor',
    default: '0.1',
    check: number,
    doc: 'Part of the wait by which it varies.',
  },
  {
    key: 'restart-strategy.exponential-delay.attempts-before-reset-backoff',
    default: 'infinite',
    check: (value) => (value === 'infinite' ? undefined : whole(value)),
    doc: 'Starts after failures, without a reset, before the job fails for good.',
  },
  {
    key: 'state.backend.type',
    default: 'hashmap',
    check: oneOf('hashmap', 'rocksdb'),
    doc: 'Where state by key lies: in memory, or also on disk (LMDB), so that it may be larger than the budget.',
  },
  {
    key: 'millrace.watermark.quiet-timeout',
    default: '0 ms',
    check: duration,
    doc: 'After this long without rows in any source the watermark goes on with the clock, so that windows close; 0: off.',
  },
  {
    key: 'millrace.memory.budget',
    default: '1 gb',
    check: (value) => (parseMemoryBytes(value) === undefined ? `a size such as '512 mb'` : undefined),
    doc: 'What state and buffers of a job may hold together; a job that would hold more fails and names them.',
  },
];
const byKey = new Map(settingSpecs.map((s) => [s.key, s]));

export class SessionSettings {
  readonly #values = new Map<string, string>();

  /** Throws CAT3001 for an unknown `millrace.` key, CAT3002 for a bad value. Returns a warning, if there is one. */
  set(key: string, value: string, at?: Span): string | undefined {
    const spec = byKey.get(key);
    if (spec === undefined) {
      if (key.startsWith('millrace.')) {
        throw new UserError('CAT3001', {
          at,
          message: `there is no setting '${key}'`,
          hint: didYouMean(key, byKey.keys()),
        });
      }
      this.#values.set(key, value);
      return `the setting '${key}' has no effect here`;
    }
    const problem = spec.check(value.trim());
    if (problem !== undefined)
      throw new UserError('CAT3002', { at, message: `'${key}': found '${value}', expected ${problem}` });
    this.#values.set(key, value.trim());
    return undefined;
  }
  reset(key: string | undefined): void {
    if (key === undefined) this.#values.clear();
    else this.#values.delete(key);
  }
  get(key: string): string {
    const value = this.#values.get(key) ?? byKey.get(key)?.default;
    if (value === undefined) throw new TypeError(`the setting "${key}" is not declared`);
    return value;
  }
  durationMs(key: string): number {
    return parseDurationMs(this.get(key)) ?? 0;
  }
  memoryBytes(key: string): number {
    return parseMemoryBytes(this.get(key)) ?? Infinity;
  }
  get batch(): boolean {
    return this.get('execution.runtime-mode').toLowerCase() === 'batch';
  }
  get timeZone(): string {
    const value = this.get('table.local-time-zone');
    return value === 'default' ? 'UTC' : value;
  }
  entries(): [string, string][] {
    return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1));
  }
  copy(): SessionSettings {
    const other = new SessionSettings();
    for (const [key, value] of this.#values) other.#values.set(key, value);
    return other;
  }
}

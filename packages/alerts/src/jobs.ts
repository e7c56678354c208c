/* What rules see of jobs that run: their figures, and what was found of what is expected of their tables' rows.
 *
 *   samples ─▶ since the last look: rates, what new rows failed ─▶ rules ─▶ decide
 *
 * Keeps: the last sample a job, since when a condition holds, when an expectation last failed.
 * Promises: what a job counted is looked at once more when it has ended, however short it was. Figures of how it goes (rates,
 * lag, ages) end with it; and one that did not finish, or is not there, is not known to be right again, but for its state. */

import { validationResult, type ExpectationResult, type Severity, type ValidationResult } from '#quality';
import { decideBy, dedupKeyOf, matches, type AlertState, type Decision, type Seen } from './decide.ts';
import type { Alert, AlertConfig, MetricCondition, Metric, Rule } from './model.ts';
import { groupsOf, keyOf } from './results.ts';

/** An expectation of a job's rows, or of their age. */
export interface SampledCheck {
  readonly table: string;
  readonly expectation: string;
  readonly column: string;
  readonly severity: string;
  readonly evaluated: number;
  readonly unexpected: number;
  readonly freshness?: {
    readonly newest: number | null;
    readonly delayMaxMs: number;
    readonly fails: boolean;
  };
}
/** A job as it is now. Counts are of this run. */
export interface JobSample {
  readonly name: string;
  readonly state: string;
  readonly error?: string | undefined;
  readonly ended: boolean;
  /** Figures as they are; those of rates are made here. One that is not known is left out. */
  readonly figures: Readonly<Partial<Record<Exclude<Metric, 'state' | Rate>, number>>>;
  /** Time that it stood still with rows in hand, ms. */
  readonly blockedMs: number;
  readonly checks: readonly SampledCheck[];
}
type Rate = 'rows_in_per_second' | 'rows_out_per_second' | 'backpressure_percent';

interface Before {
  readonly sample: JobSample;
  readonly atMs: number;
}

export class JobWatch {
  readonly #config: AlertConfig;
  readonly #before = new Map<string, Before>();
  /** Since when a condition holds, by rule and job. */
  readonly #since = new Map<string, number>();
  /** When rows failed an expectation last, and how many lately. */
  readonly #failed = new Map<string, { readonly atMs: number; readonly rows: number }>();

  constructor(config: AlertConfig) {
    this.#config = config;
  }
  decide(samples: readonly JobSample[], state: AlertState, nowMs: number): Decision {
    const figures = new Map(samples.map((s) => [s.name, this.#figures(s, nowMs)]));
    const results = new Map(samples.map((s) => [s.name, this.#results(s, nowMs)]));
    for (const sample of samples) this.#before.set(sample.name, { sample, atMs: nowMs });
    const look = (rule: Rule): Seen => {
      const { metric, job } = rule.when;
      const seen = samples.filter((s) => matches(job, s.name));
      const parts = seen.map((s) =>
        metric === undefined
          ? this.#ofChecks(rule, s, results.get(s.name)!, nowMs)
          : this.#ofMetric(rule, metric, s, figures.get(s.name)!, nowMs),
      );
      return {
        firing: parts.flatMap((p) => p.firing),
        knows: (key) => parts.some((p) => p.knows(key)),
      };
    };
    return decideBy(this.#config, look, state, nowMs);
  }

  #figures(sample: JobSample, nowMs: number): Readonly<Partial<Record<Metric, number | string>>> {
    const { state } = sample;
    if (sample.ended) return { ...countsOf(sample), state };
    const before = this.#before.get(sample.name);
    const seconds = before === undefined ? 0 : (nowMs - before.atMs) / 1000;
    if (before === undefined || seconds <= 0) return { ...sample.figures, state };
    const was = before.sample;
    const rate = (name: 'rows_in' | 'rows_out'): number =>
      Math.max(0, ((sample.figures[name] ?? 0) - (was.figures[name] ?? 0)) / seconds);
    return {
      ...sample.figures,
      state,
      rows_in_per_second: rate('rows_in'),
      rows_out_per_second: rate('rows_out'),
      backpressure_percent: Math.min(100, Math.max(0, (sample.blockedMs - was.blockedMs) / seconds / 10)),
    };
  }
  #ofMetric(
    rule: Rule,
    metric: MetricCondition,
    sample: JobSample,
    figures: Readonly<Partial<Record<Metric, number | string>>>,
    nowMs: number,
  ): Seen {
    const found = figures[metric.name];
    if (found === undefined) return { firing: [], knows: () => false };
    const key = dedupKeyOf(rule, 'job', sample.name, metric.name);
    const holds = isMet(metric, found);
    const since = holds ? (this.#since.get(key) ?? nowMs) : undefined;
    if (since === undefined) this.#since.delete(key);
    else this.#since.set(key, since);
    const firing = since !== undefined && nowMs - since >= metric.forMs;
    return {
      firing: firing ? [metricAlert(rule, metric, sample, found, key, nowMs)] : [],
      knows: (open) => open === key && (metric.name === 'state' || knowsAll(sample)),
    };
  }

  #ofChecks(rule: Rule, sample: JobSample, results: readonly ValidationResult[], nowMs: number): Seen {
    return {
      firing: results.flatMap((result) => groupsOf(rule, this.#config, result, nowMs)),
      knows: (key) => knowsAll(sample) && results.some((result) => key.startsWith(keyOf(rule, result, ''))),
    };
  }
  /** One a table, in the form of a suite's: what fails is what rows failed lately. */
  #results(sample: JobSample, nowMs: number): ValidationResult[] {
    // The rows of a job that has ended grow no older.
    const looked = sample.ended ? sample.checks.filter((c) => c.freshness === undefined) : sample.checks;
    const tables = Map.groupBy(looked, (c) => c.table);
    return [...tables].map(([table, checks]): ValidationResult => {
      const results = checks.map((check) => this.#result(sample, check, nowMs));
      return validationResult(sample.name, results, {
        table,
        rows: 0,
        columns: 0,
        queries: 0,
        run_time: new Date(nowMs).toISOString(),
      });
    });
  }
  #result(sample: JobSample, check: SampledCheck, nowMs: number): ExpectationResult {
    const { freshness } = check;
    const common = {
      expectation_config: {
        type: check.expectation,
        kwargs: check.column === 'table' ? {} : { column: check.column },
        severity: check.severity as Severity,
        meta: { check: freshness === undefined ? 'rows' : 'freshness' },
      },
      exception_info: { raised_exception: false, exception_message: null, exception_traceback: null },
      meta: {},
      samples: [],
    };
    if (freshness !== undefined) {
      const { newest, fails } = freshness;
      const observed = newest === null ? 'no row yet' : `the newest of ${new Date(newest).toISOString()}`;
      return { ...common, success: !fails, result: { observed_value: observed } };
    }
    const lately = this.#lately(sample, check, nowMs);
    return {
      ...common,
      success: lately === 0,
      result: { element_count: check.evaluated, unexpected_count: lately === 0 ? 0 : check.unexpected },
    };
  }
  /** Rows that failed the expectation since it last held for long enough. */
  #lately(sample: JobSample, check: SampledCheck, nowMs: number): number {
    const same = (c: SampledCheck): boolean =>
      c.table === check.table && c.expectation === check.expectation && c.column === check.column;
    const earlier = this.#before.get(sample.name)?.sample;
    const at = sample.checks.filter(same).indexOf(check);
    const was = earlier?.checks.filter(same)[at]?.unexpected ?? 0;
    const key = JSON.stringify([sample.name, check.table, check.expectation, check.column, at]);
    // Counts are of the run: after a restart they begin anew.
    const more = check.unexpected >= was ? check.unexpected - was : check.unexpected;
    const known = this.#failed.get(key);
    if (more > 0) this.#failed.set(key, { atMs: nowMs, rows: (known?.rows ?? 0) + more });
    else if (known !== undefined && nowMs - known.atMs >= this.#config.resolveAfterMs)
      this.#failed.delete(key);
    return this.#failed.get(key)?.rows ?? 0;
  }
}

/** Figures that a job sums up from its start to its end. */
const counts = ['rows_in', 'rows_out', 'late_rows', 'dead_letters', 'skipped_rows', 'restarts'] as const;
const countsOf = ({ figures }: JobSample): JobSample['figures'] =>
  Object.fromEntries(counts.flatMap((name) => (figures[name] === undefined ? [] : [[name, figures[name]]])));
/** Whether what is not wrong with a job is right: it runs, or has read its input to the end. */
const knowsAll = ({ ended, state }: JobSample): boolean => !ended || state === 'finished';

function isMet({ above, below, is }: MetricCondition, found: number | string): boolean {
  if (typeof found === 'string') return is.includes(found);
  return (above !== undefined && found > above) || (below !== undefined && found < below);
}
function metricAlert(
  rule: Rule,
  metric: MetricCondition,
  sample: JobSample,
  found: number | string,
  dedupKey: string,
  nowMs: number,
): Alert {
  const { above, below, forMs } = metric;
  const bounds = [
    ...(above === undefined ? [] : [`above ${figureText(above)}`]),
    ...(below === undefined ? [] : [`below ${figureText(below)}`]),
  ];
  const wanted =
    typeof found === 'string' ? '' : `${bounds.join(' or ')}${forMs > 0 ? ` for ${forMs / 1000} s` : ''}`;
  const shown = figureText(found);
  const name = metric.name.replaceAll('_', ' ');
  return {
    action: 'trigger',
    dedupKey,
    rule: rule.name,
    severity: rule.severity ?? 'warning',
    table: sample.name,
    suite: 'job',
    title: `job ${sample.name}: ${typeof found === 'string' ? shown : `${name} ${shown}`}`,
    lines: [
      {
        subject: name,
        text: wanted === '' ? 'is' : `is ${wanted}`,
        finding: sample.error === undefined ? shown : `${shown}: ${sample.error.split('\n')[0]!}`,
        samples: [],
      },
    ],
    timeMs: nowMs,
  };
}
const figureText = (figure: number | string): string =>
  typeof figure === 'string' ? figure : (Math.round(figure * 100) / 100).toLocaleString('en');

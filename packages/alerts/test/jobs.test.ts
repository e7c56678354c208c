/* Rules on jobs: figures beyond their bounds, states, what rows fail and how old they are, over looks at jobs. */

import { describe, expect, test } from 'vitest';
import type { ValidationResult } from '#quality';
import { decide, JobWatch, noState, readAlerts, type Alert, type JobSample } from '../src/index.ts';

const noon = Date.UTC(2024, 0, 1, 12);
const titles = (alerts: readonly { readonly alert: Alert }[]): string[] =>
  alerts.map(({ alert }) => `${alert.action} ${alert.severity} ${alert.title}`);

describe('rules on jobs', () => {
  const rulesOf = (...whens: readonly string[]): string =>
    `channels: {screen: {type: terminal}}\nrules:\n${whens.map((when, i) => `  - {name: r${i}, when: ${when}, channels: [screen]}\n`).join('')}`;
  const sample = (
    state: string,
    figures: JobSample['figures'] = {},
    more: Partial<JobSample> = {},
  ): JobSample => ({
    name: 'orders/out',
    state,
    ended: !['running', 'restarting'].includes(state),
    figures,
    blockedMs: 0,
    checks: [],
    ...more,
  });
  /** Looks ten seconds apart. */
  const looks = (text: string, samples: readonly (readonly JobSample[])[]): string[][] => {
    const rules = readAlerts(text, 'a');
    const watch = new JobWatch(rules);
    let state = noState;
    return samples.map((now, i) => {
      const decision = watch.decide(now, state, noon + i * 10_000);
      ({ state } = decision);
      return titles(decision.deliveries);
    });
  };

  test('a figure above its bound for so long, and right again', () => {
    const at = (lag: number): JobSample[] => [sample('running', { lag_seconds: lag })];
    expect(
      looks(rulesOf('{metric: lag_seconds, above: 60, for_seconds: 15}'), [
        at(61),
        at(70),
        at(1999.5),
        at(2000),
        at(60),
      ]),
    ).toEqual([
      [],
      [],
      ['trigger warning job orders/out: lag seconds 1,999.5'],
      [],
      ['resolve warning resolved: job orders/out: lag seconds 1,999.5'],
    ]);
  });
  test('rates are those since the last look; before, and once a job has ended, they are not known', () => {
    const at = (rows: number, blockedMs: number): JobSample[] => [
      sample('running', { rows_in: rows }, { blockedMs }),
    ];
    const rules = rulesOf(
      '{metric: rows_in_per_second, below: 5}',
      '{metric: backpressure_percent, above: 50}',
    );
    expect(
      looks(rules, [
        at(1000, 0),
        at(1040, 6000),
        [sample('finished', { rows_in: 1040 })],
        at(20, 0),
        at(200, 0),
      ]),
    ).toEqual([
      [],
      [
        'trigger warning job orders/out: rows in per second 4',
        'trigger warning job orders/out: backpressure percent 60',
      ],
      [],
      // Started anew under its name: what it had counted before is no rate.
      ['resolve warning resolved: job orders/out: backpressure percent 60'],
      ['resolve warning resolved: job orders/out: rows in per second 4'],
    ]);
  });
  test('its state, by names of jobs', () => {
    const rules = rulesOf(
      '{metric: state, is: [failed, restarting], job: "orders/*"}',
      '{metric: state, is: failed, job: x}',
    );
    expect(
      looks(rules, [
        [sample('restarting')],
        [sample('running')],
        [sample('failed')],
        [],
        [sample('running')],
      ]),
    ).toEqual([
      ['trigger critical job orders/out: restarting'],
      ['resolve critical resolved: job orders/out: restarting'],
      ['trigger critical job orders/out: failed'],
      [],
      ['resolve critical resolved: job orders/out: failed'],
    ]);
  });
  test('what its rows fail, until none has for a while; and their age', () => {
    const check = {
      table: 'orders',
      expectation: 'expect_column_values_to_not_be_null',
      column: 'id',
      severity: 'warning',
      evaluated: 10,
    };
    const age = {
      ...check,
      expectation: 'expect_column_max_to_be_between',
      column: 'at',
      severity: 'critical',
      unexpected: 0,
    };
    const at = (unexpected: number, fails: boolean): JobSample[] => [
      sample(
        'running',
        {},
        {
          checks: [
            { ...check, unexpected },
            { ...age, freshness: { newest: noon, delayMaxMs: 1, fails } },
          ],
        },
      ),
    ];
    const rules = `${rulesOf('{check: rows}', '{check: freshness, job: "orders/*"}', '{check: rows, job: other}')}resolve_after_minutes: 0.3\n`;
    expect(
      looks(rules, [at(0, false), at(2, false), at(2, true), at(3, true), at(3, false), at(3, false)]),
    ).toEqual([
      [],
      ['trigger warning orders: 1 check failed'],
      ['trigger critical orders: 1 check failed'],
      [],
      ['resolve critical resolved: orders: 1 check failed'],
      ['resolve warning resolved: orders: 1 check failed'],
    ]);
  });
  describe('a run that ends before anybody looks', () => {
    const rows = {
      table: 'orders',
      expectation: 'expect_column_values_to_not_be_null',
      column: 'id',
      severity: 'warning',
      evaluated: 10,
    };
    const age = { ...rows, unexpected: 0, freshness: { newest: noon, delayMaxMs: 1, fails: true } };
    const ran = (state: string, dead: number, unexpected: number): JobSample[] => [
      sample(state, { dead_letters: dead, lag_seconds: 100 }, { checks: [{ ...rows, unexpected }, age] }),
    ];
    const rules = rulesOf(
      '{metric: dead_letters, above: 5}',
      '{metric: lag_seconds, above: 5}',
      '{check: rows}',
      '{check: freshness, job: "*"}',
    );
    const told = ['trigger warning job orders/out: dead letters 7', 'trigger warning orders: 1 check failed'];
    const resolved = [
      'resolve warning resolved: job orders/out: dead letters 7',
      'resolve warning resolved: orders: 1 check failed',
    ];
    test.each(['finished', 'failed', 'stopped', 'canceled'])('%s: what it counted is told of', (state) => {
      expect(looks(rules, [ran(state, 5, 0), ran(state, 7, 2), ran(state, 7, 2)])).toEqual([[], told, []]);
    });
    test('the next one resolves it, when it has read all', () => {
      let state = noState;
      const run = (samples: readonly JobSample[], minute: number): string[] => {
        const decision = new JobWatch(readAlerts(rules, 'a')).decide(samples, state, noon + minute * 60_000);
        ({ state } = decision);
        return titles(decision.deliveries);
      };
      expect(run(ran('finished', 7, 2), 0)).toEqual(told);
      expect(run(ran('failed', 0, 0), 1)).toEqual([]);
      expect(run(ran('stopped', 0, 0), 2)).toEqual([]);
      expect(run(ran('finished', 0, 0), 3)).toEqual(resolved);
    });
  });
  test('results of validate are no business of theirs', () => {
    const rules = readAlerts(rulesOf('{job: "*"}', '{metric: state, is: failed}'), 'a');
    const failed: ValidationResult = {
      success: false,
      suite_name: 'orders',
      results: [
        {
          success: false,
          expectation_config: {
            type: 'expect_column_to_exist',
            kwargs: { column: 'id' },
            severity: 'critical',
          },
          result: {},
          exception_info: { raised_exception: false, exception_message: null, exception_traceback: null },
          meta: {},
          samples: [],
        },
      ],
      statistics: {
        evaluated_expectations: 1,
        successful_expectations: 0,
        unsuccessful_expectations: 1,
        success_percent: 0,
      },
      meta: { table: 'orders.csv', rows: 1, columns: 1, queries: 1, run_time: '2024-01-01T12:00:00.000Z' },
    };
    expect(decide(rules, failed, noState, noon).deliveries).toEqual([]);
  });
  test.each([
    [
      '{metric: lag_second, above: 1}',
      'is lag_second, which is no figure of a job',
      'Did you mean "lag_seconds"?',
    ],
    ['{metric: restarts}', 'it takes above, below or both', undefined],
    ['{metric: restarts, is: 3}', 'it takes above, below or both', undefined],
    ['{metric: state, above: 1}', 'state takes is', 'when: {metric: state, is: [failed, restarting]}'],
    ['{metric: restarts, above: 1, table: x}', 'table: is not known', undefined],
  ])('%s is refused', (when, message, hint) => {
    try {
      readAlerts(rulesOf(when), 'a');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'CON1002', message: expect.stringContaining(message) });
      if (hint !== undefined) expect(error).toMatchObject({ hint });
    }
  });
});

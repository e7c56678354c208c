/* Joins that are bounded in time against their slow references. */

import { types } from '#data';
import type { Expr } from '#expr';
import type { IntervalJoinSpec, TemporalJoinSpec, WindowJoinSpec } from '#job';
import { IntervalJoinReference, TemporalJoinReference, WindowJoinReference } from '#testkit';
import { holdAgainstReference, type Case } from './against-reference.ts';
import { ID, K, T, V, wide, type Course } from './feed.ts';
import { bench } from './harness.ts';

const both = [...wide, ...wide];
const widths = [wide.length, wide.length] as const;
/** left.V < right.V */
const less: Expr = {
  kind: 'call',
  fn: '<',
  args: [
    { kind: 'column', index: V, type: types.INT },
    { kind: 'column', index: wide.length + V, type: types.INT },
  ],
  flags: [],
  type: types.BOOLEAN,
};
const holds = (condition: Expr | undefined) =>
  condition === undefined
    ? undefined
    : (l: readonly unknown[], r: readonly unknown[]): boolean =>
        l[V] !== null && r[V] !== null && (l[V] as number) < (r[V] as number);
const meets = {
  plain: { leftKeys: [K, ID], rightKeys: [K, ID], filterNulls: [true, true], condition: undefined },
  nulls: { leftKeys: [K, ID], rightKeys: [K, ID], filterNulls: [false, true], condition: undefined },
  condition: { leftKeys: [K], rightKeys: [K], filterNulls: [true], condition: less },
  all: { leftKeys: [], rightKeys: [], filterNulls: [], condition: less },
} as const;
type Meet = keyof typeof meets;
const meetNames = Object.keys(meets) as Meet[];
/** Any order between two marks: rows of equal timers come in none. */
const anyOrder = { freed: { time: -1, ordered: [] } } as const;

function intervalCase(
  type: IntervalJoinSpec['type'],
  meet: Meet,
  lowerMs: number,
  upperMs: number,
  lagMs = 0,
): Case {
  const spec: IntervalJoinSpec = {
    type,
    ...meets[meet],
    times: { left: T, right: T },
    lowerMs,
    upperMs,
    lagMs,
  };
  return {
    name: `interval join, ${type}, ${meet}, ${lowerMs} to ${upperMs}, lag ${lagMs}`,
    courses: ['insert', 'insert'],
    make: () => bench('interval-join', spec, wide, both, undefined, wide),
    reference: () => new IntervalJoinReference(spec, widths, holds(spec.condition)),
    shape: { keys: 3, pace: 3 },
    runs: 2,
    lagMs: Math.max(-lowerMs, upperMs),
    ...anyOrder,
  };
}
function windowCase(type: WindowJoinSpec['type'], meet: Meet): Case {
  const spec: WindowJoinSpec = { type, ...meets[meet], leftEnd: T, rightEnd: T, zone: undefined };
  return {
    name: `window join, ${type}, ${meet}`,
    courses: ['insert', 'insert'],
    make: () =>
      bench('window-join', spec, wide, type === 'semi' || type === 'anti' ? wide : both, undefined, wide),
    reference: () => new WindowJoinReference(spec, widths, holds(spec.condition)),
    shape: { keys: 2, pace: 1, rowsPerMark: 30 },
    runs: 1,
    ...anyOrder,
  };
}
function temporalCase(type: TemporalJoinSpec['type'], meet: Meet, courses: readonly [Course, Course]): Case {
  const spec: TemporalJoinSpec = {
    type,
    ...meets[meet],
    leftTime: T,
    rightTime: T,
    ttlMs: 0,
  };
  return {
    name: `temporal join, ${type}, ${meet}, ${courses.join(' with ')}`,
    courses,
    make: () => bench('temporal-join', spec, wide, both, undefined, wide),
    reference: () => new TemporalJoinReference(spec, wide.length, holds(spec.condition)),
    shape: { keys: 3, pace: 3 },
    runs: 2,
    ...anyOrder,
  };
}

const outer = ['inner', 'left', 'right', 'full'] as const;
const windowTypes = [...outer, 'semi', 'anti'] as const;

holdAgainstReference(
  [
    ...outer.flatMap((type) => [
      ...meetNames.map((meet) => intervalCase(type, meet, -20, 10)),
      intervalCase(type, 'plain', 0, 0),
      intervalCase(type, 'plain', 5, 40),
      intervalCase(type, 'plain', -40, -5),
      intervalCase(type, 'plain', -20, 10, 15),
    ]),
    ...windowTypes.flatMap((type) => meetNames.map((meet) => windowCase(type, meet))),
    ...(['inner', 'left'] as const).flatMap((type) => [
      ...(['plain', 'nulls', 'condition'] as const).map((meet) =>
        temporalCase(type, meet, ['insert', 'insert']),
      ),
      temporalCase(type, 'plain', ['retract', 'unique']),
      temporalCase(type, 'condition', ['insert', 'upsert']),
    ]),
  ],
  1000,
);

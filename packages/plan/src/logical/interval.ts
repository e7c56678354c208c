/* Interval joins: conditions that bound two time attributes of one kind by one another.
 *
 *   l.k = r.k AND l.ts BETWEEN r.ts - INTERVAL '5' MINUTE AND r.ts + INTERVAL '1' MINUTE
 *   ⇒  l.ts in [r.ts - 300000, r.ts + 60000], and l.k = r.k beside
 *
 * The bounds are one equality, or a comparison for each direction, each with one time attribute of a side on either hand of
 * it and nothing else that is a column. What bounds one direction alone, or says more than that, leaves a regular join.
 * Flink: IntervalJoinUtil. */

import { instant, type Value } from '#data';
import { evalContext, evaluate, isDeterministic, mapColumns, type CallExpr, type Expr } from '#expr';
import { conjuncts } from './conditions.ts';
import { isTimeAttribute, type RelField, type TimeAttribute } from './field.ts';

export interface Interval {
  readonly timeKind: TimeAttribute;
  /** Columns of their own side. */
  readonly leftTime: number;
  readonly rightTime: number;
  /** Ms: the left time lies in [right + lower, right + upper]. */
  readonly lowerMs: number;
  readonly upperMs: number;
  /** What must hold beside. */
  readonly rest: readonly Expr[];
}

/** The interval of a join's condition over both sides; undefined where it makes none. */
export function intervalOf(
  left: readonly RelField[],
  right: readonly RelField[],
  condition: Expr | undefined,
): Interval | undefined {
  const bounds: Bound[] = [];
  const rest: Expr[] = [];
  for (const part of conjuncts(condition).flatMap(asComparisons)) {
    const bound = boundOf(part, left, right);
    if (bound === undefined) rest.push(part);
    else bounds.push(bound);
  }
  const [first, second] = bounds;
  if (first === undefined || bounds.length > 2) return undefined;
  const { timeKind, leftTime, rightTime } = first;
  const found = { timeKind, leftTime, rightTime, rest };
  if (second === undefined)
    return first.side === 'both' ? { ...found, lowerMs: first.ms, upperMs: first.ms } : undefined;
  if (second.leftTime !== leftTime || second.rightTime !== rightTime) return undefined;
  if (first.side === 'lower' && second.side === 'upper')
    return { ...found, lowerMs: first.ms, upperMs: second.ms };
  if (first.side === 'upper' && second.side === 'lower')
    return { ...found, lowerMs: second.ms, upperMs: first.ms };
  return undefined;
}

interface Bound {
  readonly side: 'lower' | 'upper' | 'both';
  /** Of the left time less the right one. */
  readonly ms: number;
  readonly timeKind: TimeAttribute;
  readonly leftTime: number;
  readonly rightTime: number;
}
type Comparison = '<' | '<=' | '>' | '>=' | '=';
const mirrored: Record<Comparison, Comparison> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' };
const opposite: Record<string, Comparison | undefined> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' };
const isComparison = (fn: string): fn is Comparison => fn in mirrored;

/** BETWEEN as two comparisons, NOT of one as the opposite; anything else as it is. */
function asComparisons(part: Expr): readonly Expr[] {
  if (part.kind !== 'call') return [part];
  const [value, low, high] = part.args;
  if (part.fn === 'BETWEEN' && !part.flags.includes('SYMMETRIC'))
    return [
      { ...part, fn: '>=', args: [value!, low!] },
      { ...part, fn: '<=', args: [value!, high!] },
    ];
  const fn = part.fn === 'NOT' && value!.kind === 'call' ? opposite[value!.fn] : undefined;
  return fn === undefined ? [part] : [{ ...(value as CallExpr), fn }];
}

function boundOf(part: Expr, left: readonly RelField[], right: readonly RelField[]): Bound | undefined {
  if (part.kind !== 'call' || !isComparison(part.fn)) return undefined;
  const fields = [...left, ...right];
  const sides = part.args.map((arg) => timeColumn(arg, fields));
  const [a, b] = sides;
  if (a === undefined || b === undefined || fields[a]!.time !== fields[b]!.time) return undefined;
  if (a < left.length === b < left.length) return undefined;
  const [before, after] = part.args.map(distance);
  if (before === undefined || after === undefined) return undefined;
  const isForwards = a < left.length;
  // a + before <op> b + after, with the left time on the left hand.
  const fn = isForwards ? part.fn : mirrored[part.fn];
  const ms = isForwards ? after - before : before - after;
  return {
    ...edge(fn, ms),
    timeKind: fields[a]!.time as TimeAttribute,
    leftTime: isForwards ? a : b,
    rightTime: (isForwards ? b : a) - left.length,
  };
}
function edge(fn: Comparison, ms: number): Pick<Bound, 'side' | 'ms'> {
  switch (fn) {
    case '<':
      return { side: 'upper', ms: ms - 1 };
    case '<=':
      return { side: 'upper', ms };
    case '>':
      return { side: 'lower', ms: ms + 1 };
    case '>=':
      return { side: 'lower', ms };
    case '=':
      return { side: 'both', ms };
  }
}

/** The one column that the expression reads once, where that is a time attribute. */
function timeColumn(expr: Expr, fields: readonly RelField[]): number | undefined {
  const reads: number[] = [];
  mapColumns(expr, (c) => {
    reads.push(c.index);
    return c;
  });
  const [column] = reads;
  return reads.length === 1 && isTimeAttribute(fields[column!]!.time) ? column : undefined;
}

/** How far the expression lies from the time attribute that it reads, in ms; undefined where that is no fixed length. */
function distance(expr: Expr): number | undefined {
  const { kind } = expr.type;
  if ((kind !== 'TIMESTAMP' && kind !== 'TIMESTAMP_LTZ') || !isDeterministic(expr)) return undefined;
  const atZero = mapColumns(expr, (c) => ({ kind: 'literal', value: instant(0), type: c.type }));
  const value: Value = evaluate(atZero, [], fixed);
  return typeof value === 'object' && value !== null && 'ms' in value ? value.ms : undefined;
}
const fixed = evalContext(
  { timeZone: 'UTC', queryStart: 0, batchMode: false, legacyCast: false, seed: 0 },
  'interval',
  () => 0,
);

/* Whether a history of one partition is that of a log: appends that happen one after the other, each at some moment between
 * its call and its end, and reads of what was there.
 *
 * As every record has its own value and the log keeps their order, no search is needed (as it is for registers): the offset
 * says where in the order an append stands, and each rule is one pass. */

import type { Fetched, History, Kept, Produced } from './history.ts';

/** What is wrong; nothing, if it is linearizable. */
export function violations(history: History): string[] {
  const places = new Map<string, number[]>();
  for (const { value, offset } of history.log) places.set(value, [...(places.get(value) ?? []), offset]);
  return [
    ...gaps(history.log),
    ...history.produced.flatMap((p) => appendProblems(p, places)),
    ...orderProblems(history.produced, places),
    ...sequenceProblems(history.produced, places),
    ...history.fetched.flatMap((f) => readProblems(f, history)),
    ...visibilityProblems(history),
    ...watermarkProblems(history.fetched),
  ];
}

function gaps(log: readonly Kept[]): string[] {
  return log.flatMap(({ offset }, i) =>
    offset === i ? [] : [`record ${i} of the log has offset ${offset}`],
  );
}

/** What was acknowledged is there, where it was said to be; what was refused is not; nothing is there twice. */
function appendProblems(produced: Produced, places: ReadonlyMap<string, readonly number[]>): string[] {
  const { values, outcome, offset } = produced;
  return values.flatMap((value, i) => {
    const at = places.get(value) ?? [];
    if (at.length > 1) return [`${value} stands at ${at.join(' and ')}`];
    if (outcome === 'refused' && at.length > 0) return [`${value} was refused and stands at ${at[0]}`];
    if (outcome !== 'ok' || at[0] === offset + i) return [];
    return [
      `${value} was acknowledged at ${offset + i} and is ${at.length === 0 ? 'missing' : `at ${at[0]}`}`,
    ];
  });
}

/** The largest of the values that were known before a moment. */
class RunningMax {
  readonly #times: number[] = [];
  readonly #maxima: number[] = [];

  constructor(entries: readonly (readonly [time: number, value: number])[]) {
    for (const [time, value] of [...entries].sort(([a], [b]) => a - b)) {
      this.#times.push(time);
      this.#maxima.push(Math.max(value, this.#maxima.at(-1) ?? -1));
    }
  }
  /** -1 where there was none. */
  before(time: number): number {
    const last = this.#times.findLastIndex((t) => t < time);
    return last < 0 ? -1 : this.#maxima[last]!;
  }
}

/** An append that ended before another began stands before it. */
function orderProblems(
  produced: readonly Produced[],
  places: ReadonlyMap<string, readonly number[]>,
): string[] {
  const ended = new RunningMax(
    produced.filter((p) => p.outcome === 'ok').map((p) => [p.end, p.offset + p.values.length - 1]),
  );
  return produced.flatMap((p) => {
    const [offset] = places.get(p.values[0]!) ?? [];
    const earlier = ended.before(p.begin);
    return offset === undefined || offset > earlier
      ? []
      : [`${p.values[0]} stands at ${offset}, but ${earlier} was acknowledged before it was sent`];
  });
}

/** Batches of an idempotent producer stand in the order of their sequence. */
function sequenceProblems(
  produced: readonly Produced[],
  places: ReadonlyMap<string, readonly number[]>,
): string[] {
  const problems: string[] = [];
  for (const [client, sent] of Map.groupBy(produced, (p) => p.client)) {
    if (!sent[0]!.idempotent) continue;
    let last = -1;
    for (const p of [...sent].sort((a, b) => a.number - b.number)) {
      const offsets = p.values.map((v) => places.get(v)?.[0]);
      for (const offset of offsets) {
        if (offset === undefined) continue;
        if (offset < last) problems.push(`batch ${p.number} of ${client} stands before an earlier one`);
        last = offset;
      }
    }
  }
  return problems;
}

/** A read gives the records from its offset on, without a gap, as they are in the log. */
function readProblems({ client, from, records, highWatermark }: Fetched, { log }: History): string[] {
  const problems = records.flatMap(({ offset, value }, i) => {
    if (offset !== from + i) return [`${client} read ${offset} where ${from + i} is next`];
    if (log[offset]?.value !== value)
      return [`${client} read ${value} at ${offset}, where ${log[offset]?.value ?? 'nothing'} is`];
    return [];
  });
  if (highWatermark > log.length) problems.push(`${client} saw the end at ${highWatermark} of ${log.length}`);
  if (from + records.length > highWatermark) problems.push(`${client} read beyond the end ${highWatermark}`);
  return problems;
}

/** A reader's end is behind all that was acknowledged before it asked, and before all that was sent after it had its answer. */
function visibilityProblems({ produced, fetched }: History): string[] {
  const ok = produced.filter((p) => p.outcome === 'ok');
  const ended = new RunningMax(ok.map((p) => [p.end, p.offset + p.values.length - 1]));
  return fetched.flatMap(({ client, begin, end, highWatermark }) => {
    const problems: string[] = [];
    const known = ended.before(begin);
    if (known >= highWatermark)
      problems.push(`${client} saw the end at ${highWatermark}; ${known} was acknowledged`);
    for (const p of ok)
      if (p.begin > end && p.offset < highWatermark)
        problems.push(
          `${client} saw the end at ${highWatermark} before ${p.values[0]} was sent, at ${p.offset}`,
        );
    return problems;
  });
}

/** The end never goes back, whoever looks. */
function watermarkProblems(fetched: readonly Fetched[]): string[] {
  const seen = new RunningMax(fetched.map((f) => [f.end, f.highWatermark]));
  return fetched.flatMap(({ client, begin, highWatermark }) => {
    const earlier = seen.before(begin);
    return highWatermark < earlier ? [`${client} saw the end at ${highWatermark}, after ${earlier}`] : [];
  });
}

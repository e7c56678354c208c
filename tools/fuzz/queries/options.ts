/* What a run of the fuzzer of queries is asked, and the cases that it takes. */

import { fuzzedName } from '../../../tests/conformance/fuzzed-cases.ts';
import { caseOf, type QueryCase } from './generate.ts';

export interface QueryFuzzOptions {
  readonly seed: number;
  readonly count: number;
  /** Stops after so long. */
  readonly minutes?: number;
  /** Only cases in whose text this regular expression is found. */
  readonly only?: string;
  /** This case alone, with both answers. */
  readonly case?: number;
  readonly report?: string;
  /** Writes the case of each cause, made as small as it goes, as tests/conformance takes it. */
  readonly cases?: string;
}

/** Of so many cases one at least is of those that are asked for, or there are none. */
const seldomMax = 500;

/** The cases of a seed in order, until there are enough of them or the time is over. */
export function* casesOf({ seed, count, minutes, only }: QueryFuzzOptions): Generator<QueryCase> {
  const until = minutes === undefined ? Infinity : performance.now() + minutes * 60_000;
  const wanted = only === undefined ? undefined : new RegExp(only);
  for (let number = 0, found = 0; found < count && number < count * seldomMax; number++) {
    if (performance.now() >= until) return;
    const asked = caseOf(seed, number);
    if (wanted !== undefined && !wanted.test(fuzzedName(asked))) continue;
    found++;
    yield asked;
  }
}

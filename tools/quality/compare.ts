/* Our results beside the judge's: where they differ, and where the judge has none. */

import { compareCells, openFile, validateTable, type Cell, type ExpectationResult } from '#quality';
import { asSuite, type Case } from './cases.ts';
import { refusals } from './differences.ts';
import type { Judge, Verdict } from './judge.ts';

export interface Comparison {
  compared: number;
  /** The judge fails, for one of the reasons of differences.ts. */
  unanswered: number;
  readonly differences: string[];
}

/** All cases over one file. */
export async function compareFile(
  judge: Judge,
  parquet: string,
  cases: readonly Case[],
  into: Comparison,
): Promise<void> {
  const verdicts = await judge.ask({ parquet, expectations: cases });
  const table = await openFile(parquet);
  try {
    const suite = {
      name: 'judged',
      expectations: cases.map((c) => ({
        type: c.type,
        kwargs: { ...(asSuite(c.kwargs) as object), result_format: c.result_format },
      })),
    };
    const { results } = await validateTable(table, suite, { nowMs: 0 });
    results.forEach((ours, i) => {
      compareOne(cases[i]!, ours, verdicts[i]!, into);
    });
  } finally {
    await table.close();
  }
}

function compareOne(asked: Case, ours: ExpectationResult, theirs: Verdict, into: Comparison): void {
  const refused = ours.exception_info.exception_message;
  const what = `${asked.type} ${JSON.stringify(asked.kwargs)} ${JSON.stringify(asked.result_format)}`;
  if (theirs.error !== null) {
    const known = refusals.some(({ message }) => message.test(theirs.error!));
    if (known || refused !== null) into.unanswered++;
    else
      into.differences.push(
        `${what}\n  the judge refuses: ${theirs.error.slice(0, 300)}\n  ours: ${ours.success} ${text(ours.result)}`,
      );
    return;
  }
  into.compared++;
  if (refused !== null) {
    into.differences.push(
      `${what}\n  we refuse: ${refused}\n  the judge: ${theirs.success} ${text(theirs.result)}`,
    );
    return;
  }
  const [a, b] = [comparable(ours.result, asked.type), comparable(theirs.result, asked.type)];
  // The judge leaves counts out where it cannot sort the values.
  if (!('partial_unexpected_counts' in b) || isUncounted(a, b)) {
    delete a['partial_unexpected_counts'];
    delete b['partial_unexpected_counts'];
  }
  if (ours.success === theirs.success && equal(a, b)) return;
  if (/z_scores/.test(asked.type) && areEqualValues(theirs.result)) return;
  into.differences.push(
    `${what}\n  ours:  ${ours.success} ${text(a)}\n  judge: ${theirs.success} ${text(b)}`,
  );
}
/** Every value of the column is unexpected, and they are all the same: their deviation is not 0 to the judge, whose mean of equal
 *  fractions misses them by its last digit. */
function areEqualValues(result: Readonly<Record<string, unknown>>): boolean {
  const { unexpected_percent: percent, partial_unexpected_list: some } = result;
  return percent === 100 && Array.isArray(some) && new Set(some).size === 1;
}
const text = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)).slice(0, 1200);
/** It cannot sort the values, or counts each NaN, which NULL is among floats, by itself. */
function isUncounted(...results: readonly Readonly<Record<string, unknown>>[]): boolean {
  return results.some(
    ({ partial_unexpected_counts: counts, unexpected_list: all, partial_unexpected_list: some }) => {
      const values = JSON.stringify([counts, all, some].filter((list) => list !== undefined));
      return values.includes('"error"') || values.includes('null');
    },
  );
}

/** Without what is of one system alone: its query, its names of types. Sets are sorted. */
function comparable(result: Readonly<Record<string, unknown>>, type: string): Record<string, unknown> {
  const found = { ...result };
  delete found['unexpected_index_query'];
  if (/_of_type|_type_list|_type_to_be/.test(type)) return {};
  for (const key of ['partial_unexpected_list', 'partial_missing_list'])
    if (/distinct_values/.test(type) && Array.isArray(found[key]))
      found[key] = [...(found[key] as Cell[])].sort(compareCells);
  if (/kl_divergence/.test(type) && found['observed_value'] === null) delete found['details'];
  if (/most_common/.test(type) && Array.isArray(found['observed_value']))
    found['observed_value'] = [...(found['observed_value'] as Cell[])].sort(compareCells);
  return found;
}

/** Numbers up to what the order of additions changes. */
export function equal(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  if (a === null && (b === 'NaT' || Number.isNaN(b))) return true;
  if (typeof a === 'boolean' && typeof b === 'number') return Number(a) === b;
  if (typeof b === 'boolean' && typeof a === 'number') return Number(b) === a;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => equal(v, b[i]));
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((k) =>
      equal((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]),
    );
  }
  return a === b;
}

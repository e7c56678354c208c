/* What a job left out: late rows, records and values that could not be read, rows with a NULL where none may be. */

import type { JobTotals } from '#engine';

interface Loss {
  /** Its name in JSON. */
  readonly key: string;
  readonly counter: string;
  readonly text: (count: string, one: boolean) => string;
}
const were = (one: boolean, what: string): string => (one ? `${what} was` : `${what}s were`);

const losses: readonly Loss[] = [
  {
    key: 'late',
    counter: 'numLateRecordsDropped',
    text: (n, one) =>
      `${n} late ${were(one, 'row')} dropped: ${one ? 'it' : 'they'} came after the watermark had closed ${one ? 'its' : 'their'} window. A larger delay in WATERMARK FOR keeps more.`,
  },
  {
    key: 'dead',
    counter: 'numDeadLetters',
    text: (n, one) =>
      `${n} ${one ? 'row' : 'rows'} went to the dead letters, as their table asks for. millrace dlq list shows them.`,
  },
  {
    key: 'skippedByPolicy',
    counter: 'numRecordsSkipped',
    text: (n, one) => `${n} bad ${were(one, 'row')} skipped, as their table asks for.`,
  },
  {
    key: 'lateLetters',
    counter: 'numLateDeadLetters',
    text: (n, one) =>
      `${n} late ${one ? 'row' : 'rows'} went to the dead letters, as 'millrace.late-rows' asks for.`,
  },
  {
    key: 'skipped',
    counter: 'numRecordsInErrors',
    text: (n, one) => `${n} malformed ${were(one, 'record')} skipped, as 'ignore-parse-errors' asks for.`,
  },
  {
    key: 'madeNull',
    counter: 'numFieldsInErrors',
    text: (n, one) =>
      `${n} ${were(one, 'value')} read as NULL: ${one ? 'it is' : 'they are'} not of the column's type, and 'ignore-parse-errors' is set.`,
  },
  {
    key: 'trailing',
    counter: 'numRecordsWithTrailingText',
    text: (n, one) =>
      `${n} ${one ? 'record has' : 'records have'} text behind the JSON value, which was not read.`,
  },
  {
    key: 'nullsDropped',
    counter: 'numNullRecordsDropped',
    text: (n, one) =>
      `${n} ${were(one, 'row')} dropped for a NULL in a NOT NULL column, as 'table.exec.sink.not-null-enforcer' asks for.`,
  },
];
/** Counters that the losses, or the accounts of a job, are made of. */
export const lossCounters: ReadonlySet<string> = new Set([
  ...losses.map((l) => l.counter),
  'numBadRecords',
  'numRowsRefused',
  'numRowsLookedUp',
  'numRowsLookedUpFiltered',
]);

/** By their names in JSON; only those that happened. */
export function lossesJson({ counters }: JobTotals): Record<string, number> {
  return Object.fromEntries(
    losses.map((l) => [l.key, counters[l.counter] ?? 0] as const).filter(([, n]) => n > 0),
  );
}
/** A sentence each. */
export function lossLines({ counters }: JobTotals): string[] {
  return losses.flatMap(({ counter, text }) => {
    // Late rows that are letters are told of as such.
    const kept = counter === 'numLateRecordsDropped' ? (counters['numLateDeadLetters'] ?? 0) : 0;
    const n = Math.max(0, (counters[counter] ?? 0) - kept);
    return n > 0 ? [text(n.toLocaleString('en'), n === 1)] : [];
  });
}
